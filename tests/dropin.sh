#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dropin.sh x86_64|arm64 [throughput|modversions]: the module in place of the kernel's
# libpoly1305 is installed and taken away; in the booted kernel, that kernel's own
# users, suites and self-tests of Poly1305 run on it as they were built: on x86-64,
# a WireGuard tunnel and TLS as well, or what such a tunnel carries.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: dropin.sh x86_64|arm64 [throughput|modversions]}
how=${2:-}
find_tools
flavour=
case "$ARCH $how" in
'x86_64 ' | 'x86_64 throughput' | 'arm64 ') ;;
# The loader compares what the users were built against with what the drop-in exports.
'x86_64 modversions') flavour=modversions ;;
*) die "no test of the kernel's own users for '$ARCH $how': use x86_64, arm64, x86_64 throughput or x86_64 modversions" ;;
esac
kernel=$("$PROJECT/tests/vm/kernel.sh" "$ARCH" ${flavour:+"$flavour"})
KDIR=$kernel/base
release=$(cat "$KDIR/include/config/kernel.release")
mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
root=$work/root
modules=$root/lib/modules/$release
dropin=$PROJECT/scripts/dropin.sh
passed=0
failed=0

# holds NAME COMMAND...: counts it.
holds() {
	local name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
	fi
}

# installed: names, sizes and times of all modules; depmod's files change.
installed() {
	(cd "$modules" && find . -name '*.ko*' -printf '%p %s %T@\n' | sort)
}

# preferred PATTERN: modprobe takes a libpoly1305 of that path.
preferred() {
	# shellcheck disable=SC2053 # a pattern
	[[ $(/sbin/modinfo -b "$root" -k "$release" -n libpoly1305) == $1 ]]
}

# The kernel's own modules, as its modules_install would have them.
mkdir -p "$root/usr/lib"
ln -s usr/lib "$root/lib"
mkdir -p "$modules/kernel"
cp "$KDIR/modules.order" "$KDIR/modules.builtin" "$KDIR/modules.builtin.modinfo" "$modules/"
sed 's/\.o$/.ko/' "$KDIR/modules.order" | (cd "$KDIR" && cpio --quiet -pdm "$modules/kernel")
find "$modules/kernel" -name '*.ko' -exec "llvm-strip$LLVM_TOOL_SUFFIX" --strip-debug {} +

export INSTALL_MOD_PATH=$root INSTALL_MOD_STRIP=1
logged "modules-$ARCH-dropin" "$PROJECT/scripts/build.sh" "$KDIR"
installed >"$work/before"

# Catches a library that is not installed along with the drop-in.
install_alone() {
	logged "dropin-$ARCH-install" "$dropin" install "$KDIR" && preferred '*/updates/*' &&
		[ "$(find "$modules/updates" -name '*.ko' | wc -l)" -eq 3 ]
}
# Catches a second installation that fails, or copies anew what is there.
install_twice() {
	installed | grep -v libpoly1305 >"$work/once"
	logged "dropin-$ARCH-again" "$dropin" install "$KDIR" && preferred '*/updates/*' &&
		installed | grep -v libpoly1305 | cmp - "$work/once"
}
# Catches files or folders of the drop-in that stay.
uninstall() {
	logged "dropin-$ARCH-uninstall" "$dropin" uninstall "$KDIR" && preferred '*/kernel/lib/crypto/*' &&
		[ ! -e "$modules/updates/callers" ] && installed | grep -v updates | cmp - "$work/before"
}
# Catches a drop-in that comes with all other modules.
plain_install() {
	logged "dropin-$ARCH-plain" "$PROJECT/scripts/build.sh" "$KDIR" modules_install &&
		preferred '*/kernel/lib/crypto/*' && [ -z "$(find "$modules/updates" -name 'libpoly1305*')" ]
}
holds 'install' install_alone
holds 'install, twice' install_twice
holds 'uninstall' uninstall
holds 'uninstall, twice' uninstall
holds 'plain modules_install' plain_install
logged "dropin-$ARCH-install" "$dropin" install "$KDIR"

# What guests have beside modules: on x86-64 the programs for networks.
mkdir "$work/files"
parts=()
if [ "$ARCH" = x86_64 ]; then
	parts=(tls wireguard)
	[ "$how" != throughput ] || parts=(throughput)
	"clang$LLVM_TOOL_SUFFIX" -O2 -Wall -Werror -static -o "$work/files/tls" "$PROJECT/tests/guest/tls.c"
	export GUEST_NETWORK=yes
fi

# boot NAME PART...: runs these parts of the job, of which each test must pass.
boot() {
	local name=$1 log=$BUILD/logs/dropin-$ARCH-$1.log
	shift
	local jobs=("${@/%/.job}")
	say "booting $name"
	echo "$@" >"$work/files/parts"
	"$PROJECT/tests/vm/initramfs.sh" "$KDIR" dropin "$work/initramfs" "$work/files" "$root"
	QEMU_TIMEOUT=1200 "$PROJECT/tests/vm/qemu.sh" "$KDIR" "$work/initramfs" "$log"
	count_guest "$log" < <(guest_tests dropin_modules.job "${jobs[@]/#/dropin_}")
	grep -o 'guest: .* calls for .*\|guest: suite .*\|guest: .* cycles, .*\|guest: throughput: .*' "$log" || true
}

boot all "${parts[@]}"
verdict
