#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lifecycle.sh x86_64|arm64|um [FLAVOUR]: modules loaded, unloaded, refused and
# selected in every order, by the real kmod in the test kernel, or in that flavour of
# it; on x86-64, also on CPUs that lack some or all of what there is code for, and
# with kernels that do without it.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: lifecycle.sh x86_64|arm64|um [FLAVOUR]}
flavour=${2:-}
KDIR=$("$PROJECT/tests/vm/kernel.sh" "$ARCH" ${flavour:+"$flavour"})/base
mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"
passed=0
failed=0

logged "modules-$ARCH" "$PROJECT/scripts/build.sh" "$KDIR"
second_copy "$KDIR" >"$work/files/second_copy.ko"

# The same module from a project whose library has another ABI.
copy_project "$work/project"
header=$work/project/include/lib_poly1305_provider.h
ours=$(sed -n 's/^#define LIB_POLY1305_ABI_VERSION\t//p' "$header")
its=$((ours + 1))
sed -i "s/^#define LIB_POLY1305_ABI_VERSION\t.*/#define LIB_POLY1305_ABI_VERSION\t$its/" "$header"
LIB_POLY1305_BUILD=$work/build logged "modules-$ARCH-other-abi" "$work/project/scripts/build.sh" "$KDIR"
cp "$work/build"/*/modules/"$(arch_module "$ARCH").ko" "$work/files/other_abi.ko"
echo "$its $ours" >"$work/files/abi"

# And one that computes wrongly where it is best.
sed -i "s/^#define LIB_POLY1305_ABI_VERSION\t.*/#define LIB_POLY1305_ABI_VERSION\t$ours/" "$header"
main=$(arch_module "$ARCH")_main.rs
sed -i "s/::absorb(state, workspace, blocks)/::absorb(state, workspace, blocks.get(if \$priority == 200 { 16.. } else { 0.. }).unwrap_or_default())/" \
	"$work/project/$main"
! cmp -s "$PROJECT/$main" "$work/project/$main" ||
	die "nothing is wrong in $main: the line that is to be changed is another one"
LIB_POLY1305_BUILD=$work/build logged "modules-$ARCH-wrong-one" "$work/project/scripts/build.sh" "$KDIR"
cp "$work/build"/*/modules/"$(arch_module "$ARCH").ko" "$work/files/wrong_one.ko"

# boot JOB CPU FILE...: runs the job on that CPU, or on the usual one if it is
# "". The tests of the files in tests/guest are what must pass, but for those
# that are left out.
boot() {
	local job=$1 cpu=$2 log=$BUILD/logs/$1-$ARCH${flavour:+-$flavour}${2:+-${2//[^a-z0-9]/-}}${GUEST_CMDLINE:+-${GUEST_CMDLINE//[^a-z0-9]/-}}.log
	shift 2
	say "booting $job${cpu:+ on $cpu}${GUEST_CMDLINE:+ with $GUEST_CMDLINE}"
	"$PROJECT/tests/vm/initramfs.sh" "$KDIR" "$job" "$work/initramfs" "$work/files"
	boot_guest "$KDIR" "$work/initramfs" "$log" "$cpu"
	count_guest "$log" < <(guest_tests "$@" | grep -vxFf "$work/files/without")
}

: >"$work/files/without"
case "$ARCH" in
um)
	active_of um >"$work/files/best"
	[ "$(cat "$work/files/best")" != generic ] || die "this machine's CPU has no BMI2: there is nothing to load"
	# There are no aliases of CPUs; and what is made to fail in lifecycle_failing.job is
	# the best of the CPUs that QEMU emulates.
	{
		printf '%s\n' 'modalias of the CPU' 'blacklist stops udev only'
		guest_tests lifecycle_failing.job
	} >"$work/files/without"
	sed 's/^/left out: /' "$work/files/without"
	;;
esac
parts=(loading absent selecting unloading)
# Two of its tests count on the implementation that is best in QEMU.
[ "$ARCH" = um ] || parts+=(failing)
echo "${parts[@]}" >"$work/files/parts"
jobs=("${parts[@]/#/lifecycle_}")
boot lifecycle '' "${jobs[@]/%/.job}"
if [ "$ARCH$flavour" = x86_64 ]; then
	boot lifecycle_declined qemu64 lifecycle_declined.job
	boot lifecycle_declined max,-bmi2 lifecycle_declined.job
	boot lifecycle_partly max,-avx2 lifecycle_partly.job
	# The CPU has it, and the kernel does not save registers, or was told that it has not.
	for GUEST_CMDLINE in noxsave clearcpuid=avx2; do
		export GUEST_CMDLINE
		boot lifecycle_partly max lifecycle_partly.job
	done
fi

verdict
