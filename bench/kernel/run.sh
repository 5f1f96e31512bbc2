#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [um|x86_64]: measures the library in a kernel.
#
#   um      in user-mode Linux, where the kernel's code runs at the machine's own
#           speed: what messages of all lengths take by each implementation that
#           the CPU has, what the table of implementations costs a call, and what
#           a second CPU gives
#   x86_64  in QEMU, by emulation: the latter, which shows the order of things
#           only. Before, looks at the code of a call in the built module, which
#           must hold no indirect call, nor one of a retpoline thunk.
#
# Each figure is a median, with the 10th and the 90th percentile next to it.

. "$(dirname "$0")/../../scripts/common.sh"

ARCH=${1:-um}
case "$ARCH" in
um | x86_64) ;;
*) die "no benchmark for '$ARCH': use um or x86_64" ;;
esac
export LIB_POLY1305_BUILD=$BUILD/bench
BUILD=$LIB_POLY1305_BUILD
find_tools
kernel=$(test_kernel "$ARCH")
mkdir -p "$BUILD/logs"
log=$BUILD/logs/bench-$ARCH.log
logs=("$log")

# build_um: the benchmark built into user-mode Linux, as $BUILD/linux.
build_um() {
	local options
	mapfile -t options < <(kernel_make_options "$kernel/fragment")
	options+=("ARCH=um" "O=$kernel/graft")
	# One checkout at a time: the tree has one link to the project.
	exec 9>"$kernel/.lock"
	flock 9
	ln -sfn "$PROJECT" "$kernel/tree/lib_poly1305"
	# Another checkout's objects may be newer than this one's files.
	rm -rf "$kernel/graft/lib_poly1305"
	cat "$kernel/fragment" "$PROJECT/bench/kernel/um.config" >"$kernel/graft/fragment"
	logged bench-config make -s -C "$kernel/tree" "${options[@]}" \
		KCONFIG_ALLCONFIG="$kernel/graft/fragment" allnoconfig
	grep -qx CONFIG_LIB_POLY1305_BENCH=y "$kernel/graft/.config" ||
		die "Kconfig takes no LIB_POLY1305_BENCH=y: see $kernel/graft/.config"
	logged bench-kernel make -s -C "$kernel/tree" "${options[@]}" -j"$JOBS" all
	cp "$kernel/graft/linux" "$BUILD/linux"
	exec 9>&-
}

# boot_um LOG PARAMETER...: boots it. There is no file system: once it has booted, KUnit
# halts the kernel.
boot_um() {
	"$PROJECT/tests/vm/um.sh" "$BUILD/linux" "$1" mem=256M kunit.enable=0 kunit_shutdown=halt "${@:2}"
}

run_um() {
	local name
	build_um
	# The portable implementation is compared with itself.
	boot_um "$log" lib_poly1305.implementation=generic
	while read -r name; do
		say "$name"
		boot_um "$log.$name" "lib_poly1305.implementation=$name" lib_poly1305_bench.lengths=1
		logs+=("$log.$name")
	done < <(sed -n 's/.*lib_poly1305: \(.*\) registered by .*/\1/p' "$log")
}

# check_call MODULES: prints all calls and jumps to other functions on the path of a short
# message, from lib_poly1305_mac() to the implementation, in the built module.
check_call() {
	local module=$1/lib_poly1305/lib_poly1305.ko file=$BUILD/logs/path.txt path=() i
	mapfile -t path < <(echo lib_poly1305_mac
		"llvm-nm$LLVM_TOOL_SUFFIX" "$module" | sed -n 's/.* \(_R.*oneshot5short.*6Active.*\)/\1/p'
		printf '%s\n' lib_poly1305_target_call __SCT__lib_poly1305_target)
	for ((i = 0; i + 1 < ${#path[@]}; i++)); do
		"llvm-objdump$LLVM_TOOL_SUFFIX" -dr --no-show-raw-insn --disassemble-symbols="${path[i]}" "$module" >"$file"
		! grep -E '(call|jmp)q?[[:space:]]+\*|__x86_indirect_thunk' "$file" >&2 ||
			die "${path[i]} has an indirect call: see $file"
		grep -qF -- "${path[i + 1]}-" "$file" ||
			die "${path[i]} does not call ${path[i + 1]}: see $file"
		echo "${path[i]}:"
		sed -nE 's/.*R_X86_64_(PLT32|PC32)[[:space:]]+(.*)-0x4$/\t\2/p' "$file"
	done
	echo 'no indirect call, no retpoline thunk'
}

run_x86_64() {
	local modules
	logged bench-modules "$PROJECT/scripts/build.sh" "$kernel/base"
	modules=$(tail -n 1 "$BUILD/logs/bench-modules.log")
	check_call "$modules"
	"$PROJECT/tests/vm/initramfs.sh" "$kernel/base" bench "$BUILD/bench.initramfs"
	# Two threads of the host will do, as no code is patched under callers: the
	# target stays what it is from the beginning, the portable implementation.
	QEMU_THREADS=multi GUEST_CMDLINE=module_blacklist=lib_poly1305_x86 \
		"$PROJECT/tests/vm/qemu.sh" "$kernel/base" "$BUILD/bench.initramfs" "$log"
}

case "$ARCH" in
um) echo "user-mode Linux: code at the machine's own speed" ;;
x86_64) echo 'QEMU: emulated by TCG, with lockdep: no rate means anything for a CPU' ;;
esac
echo "load average before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
"run_$ARCH"
echo "load average after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
"$PROJECT/bench/kernel/tables.py" "${logs[@]}"
