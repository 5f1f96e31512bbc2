#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kunit.sh run um|x86_64|arm64 [KUNIT.PY ARGUMENTS]: builds the suites into the
# test kernel, next to this project as built-in code, and runs them there by
# kunit.py.
#
# kunit.sh load x86_64|arm64 [FLAVOUR]: loads the suites as a module into the
# booted test kernel, by modprobe, and has kunit.py parse what the kernel says.
# Also cortex-a72, for arm64 on this CPU.
#
# kunit.sh bochs MODEL: the same on a model of a CPU that the emulator Bochs has, or on
# both-ifma, which is arrow_lake with AVX-512 as well: it can run every implementation.
#
# kunit.sh table cortex-a72|thunderx2|vulcan|xgene|arrow_lake|no-ifma: loads the library there,
# and looks only at what becomes of the implementations: the last three of arm64 prefer
# another one, and the last one is tigerlake by a kernel that does without that.
#
# All fail if a suite fails, or is missing.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

how=${1:?usage: kunit.sh run|load ARCH, or kunit.sh bochs MODEL}
machine=${2:?usage: kunit.sh run|load ARCH, or kunit.sh bochs MODEL}
shift 2
find_tools
ARCH=$machine
flavour=
# In Bochs, the model of a CPU, what that has as well, and what the kernel does without.
model=
with=
without=
case "$how" in
load) flavour=${1:-} ;;
bochs) ARCH=x86_64 model=$machine ;;
esac
# Some CPUs of arm64 other than the one that QEMU emulates by default; of the last
# three of these it has only the names, by which the implementations choose.
cpu=
case "$machine" in
cortex-a72) ARCH=arm64 cpu=cortex-a72 ;;
thunderx2) ARCH=arm64 cpu=cortex-a72,midr=0x431f0af1 ;;
vulcan) ARCH=arm64 cpu=cortex-a72,midr=0x420f5160 ;;
xgene) ARCH=arm64 cpu=cortex-a72,midr=0x500f0001 ;;
arrow_lake) ARCH=x86_64 model=$machine ;;
# Not the other way round: Bochs's models with AVX-512 show no AVX-IFMA, or do not boot.
both-ifma) ARCH=x86_64 model=arrow_lake with=avx512,avx512cd,avx512dq,avx512bw,avx512ifma52 ;;
no-ifma) ARCH=x86_64 model=tigerlake without=avx512ifma ;;
esac
name=$machine${flavour:+-$flavour}${KVER:+-$KVER}

kernel=$(test_kernel "$ARCH" ${flavour:+"$flavour"})
kunit=$kernel/tree/tools/testing/kunit/kunit.py
mkdir -p "$BUILD/logs"
[ -n "${machines[$machine]:-}" ] || die "nothing is known of $machine: the table in tests/vm/states.sh has ${!machines[*]}"
results=$BUILD/logs/kunit-$how-$name.txt

# check_suites: kunit.py says nothing of a suite that is not there at all.
check_suites() {
	local suite missing=() passed='PASSED'
	# Of one kind of kernel nothing is promised of what is left on the stack.
	! grep -qx CONFIG_KASAN=y "$kernel/base/.config" || passed='(PASSED|SKIPPED)'
	while read -r suite; do
		grep -qE "= \[$passed\] $suite =" "$results" || missing+=("$suite")
	done < <(sed -n 's/^#\[kunit_tests(\(.*\))\]$/\1/p' "$PROJECT"/kunit_tests/*.rs)
	wait "$!"
	! grep -q 'Regenerating .config' "$results" ||
		die "kunit.py did not take the test kernel's configuration: see $results"
	[ "${#missing[@]}" -eq 0 ] || die "not run, or not passed: ${missing[*]} (see $results)"
}

run() {
	local options native config=$kernel/graft/.config
	mapfile -t options < <(kernel_make_options "$kernel/fragment")
	# One checkout at a time: the tree has one link to the project.
	exec 9>"$kernel/.lock"
	flock 9
	ln -sfn "$PROJECT" "$kernel/tree/lib_poly1305"
	# Another checkout's objects may be newer than this one's files.
	rm -rf "$kernel/graft/lib_poly1305"

	# The kernel of the cache, plus what is in the fragment. kunit.py would
	# start from every default instead; it leaves a .config alone that has all
	# it asks for, once it has made one for the same fragment itself.
	local kunit_options=(--arch="$ARCH" --build_dir="$kernel/graft" "${options[@]/#/--make_options=}"
		--kunitconfig="$PROJECT/kunit_tests/.kunitconfig")
	# Two CPUs, as QEMU's guests have; more than one need the way by seccomp.
	[ "$ARCH" != um ] || set -- --kernel_args=ncpus=2 --kernel_args=seccomp=on "$@"
	# With the implementations for the architecture, of which kunit.py's
	# fragment for all architectures cannot speak.
	case "$ARCH" in
	arm64) native=CONFIG_LIB_POLY1305_ARM64=y ;;
	*) native=CONFIG_LIB_POLY1305_X86=y ;;
	esac
	{
		cat "$kernel/fragment" "$PROJECT/kunit_tests/.kunitconfig"
		echo "$native"
	} >"$kernel/graft/fragment"
	{
		"$kunit" config "${kunit_options[@]}" &&
			make -s -C "$kernel/tree" "${options[@]}" ARCH="$ARCH" O="$kernel/graft" \
				KCONFIG_ALLCONFIG="$kernel/graft/fragment" allnoconfig
	} >"$results" 2>&1 || die "the kernel cannot be configured: see $results"
	for option in CONFIG_LIB_POLY1305_KUNIT_TEST=y "$native"; do
		grep -qx "$option" "$config" || die "Kconfig takes no $option: see $config"
	done

	# kunit.py asks QEMU for KVM first; where that opens and boots nothing, it
	# would hang. The first qemu-system-* on PATH is one that does not pass that on.
	PATH=$PROJECT/tests/vm/qemu_tcg:$PATH "$kunit" run "${kunit_options[@]}" \
		--jobs="$JOBS" --timeout=600 "$@" 'lib_poly1305*' </dev/null >"$results" 2>&1 || {
		grep -E 'FAILED|failed at |CRASHED|ERROR|rror:|Testing complete' "$results" | head -n 40 >&2 || true
		die "kunit.py run --arch=$ARCH failed: see $results"
	}
	cp "$kernel/graft/test.log" "$BUILD/logs/kunit-$how-$name.log"
	check_boot_states "$machine" "$kernel/graft/test.log"
	[ "$ARCH" != um ] || uninitialized "${kunit_options[@]}"
}

# uninitialized OPTION...: boots that kernel once more with neither the library
# nor the module for the architecture initialized, as if that had failed. A test
# registers and unregisters then in a table where there is nothing else.
uninitialized() {
	local log=$BUILD/logs/kunit-$how-$name-uninitialized test=lib_poly1305_registration.highest_priority_is_active
	"$kunit" exec "$@" --timeout=120 \
		--kernel_args=initcall_blacklist=__lib_poly1305_init,__lib_poly1305_x86_init "$test" \
		</dev/null >"$log.txt" 2>&1 || die "$test failed without the library's init: see $log.txt"
	cp "$kernel/graft/test.log" "$log.log"
	! grep -q 'generic registered' "$log.log" || die "the library was initialized: see $log.log"
	"$PROJECT/tests/objects/log.sh" "$log.log"
}

# boot JOB LOG: builds the modules and boots the machine.
boot() {
	local initramfs=$BUILD/kunit-$how-$name.initramfs
	logged "modules-$name" "$PROJECT/scripts/build.sh" "$kernel/base"
	"$PROJECT/tests/vm/initramfs.sh" "$kernel/base" "$1" "$initramfs"
	if [ -n "$model" ]; then
		WITH_FEATURES=$with WITHOUT_FEATURE=$without "$PROJECT/tests/vm/bochs.sh" "$kernel/base" "$initramfs" "$2" "$model"
	else
		"$PROJECT/tests/vm/qemu.sh" "$kernel/base" "$initramfs" "$2" "$cpu"
	fi
}

load() {
	local log=$BUILD/logs/kunit-$how-$name.log
	boot kunit "$log"
	# kunit.py reads the first stream of results only, and the kernel has
	# suites of its own at boot: what comes after the first modprobe counts.
	sed '1,/guest: modprobe lib_poly1305_kunit$/d' "$log" >"$log.module"
	"$kunit" parse "$log.module" >"$results" 2>&1 || {
		grep -E 'FAILED|failed at |CRASHED|ERROR|Testing complete' "$results" | head -n 40 >&2 || true
		die "the suites of the loaded module failed on $name: see $results"
	}
	# Where allocations can be made to fail, and frames are as usual, no test has a reason to skip.
	if grep -qx CONFIG_FAILSLAB=y "$kernel/base/.config" &&
		! grep -qx CONFIG_KASAN=y "$kernel/base/.config" && grep -q '\[SKIPPED\]' "$results"; then
		die "a test was skipped on $name that can run there: see $results"
	fi
	# Or the suites have tested less than there is.
	check_states "$machine" "$(sed -n 's/.*guest: //p' "$log")"
	local meant
	meant=$(active_of "$machine")
	# Before the suites, and after them, nothing else is active, not for a moment.
	if sed -n '1,/KTAP version/p; /guest: modprobe template_c$/,$p' "$log.module" |
		grep -a 'lib_poly1305: .* is active$' | grep -v -E "lib_poly1305: (generic|$meant) is active$" >&2; then
		die "not only $meant was active on $name: see $log"
	fi
}

table() {
	local log=$BUILD/logs/kunit-$how-$name.log
	boot table "$log"
	check_states "$machine" "$(sed -n 's/.*guest: //p' "$log")"
	exit
}

case "$how" in
run) run "$@" ;;
load | bochs) load ;;
table) table ;;
*) die "no way '$how' to run the suites: use run, load, table or bochs" ;;
esac
check_suites
# A kernel that complains has failed, whatever its suites say.
"$PROJECT/tests/objects/log.sh" "$BUILD/logs/kunit-$how-$name.log"
grep 'Testing complete' "$results"
