#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: how many instructions our implementations for arm64 and the
# kernel's execute for a message, counted in user-mode QEMU; and what llvm-mca
# says of their loops. Neither is a time. Prints tables, and leaves them in
# bench/out.
#
#   BENCH_SIZES=16,64   lengths of messages
#   BENCH_CC=clang-19   compiler for the kernel's C; default: the test kernels'
#
# The kernel's code is made from its source tree at this time, as one shared
# object for each of its ways: nothing of it is in the repository.

. "$(dirname "$0")/../../scripts/common.sh"

find_tools
lengths=${BENCH_SIZES:-16,32,64,128,256,512,1024,1420,4096,16384}
shim=$PROJECT/bench/compare/shim
programs=$PROJECT/bench/instructions
made=$BUILD/compare_arm64
out=$PROJECT/bench/out
cc=${BENCH_CC:-clang$LLVM_TOOL_SUFFIX}
mkdir -p "$made/include" "$out" "$BUILD/logs"

need cargo perl qemu-aarch64 "$cc" "ld.lld$LLVM_TOOL_SUFFIX" "llvm-mca$LLVM_TOOL_SUFFIX"
[[ $lengths =~ ^[0-9]+(,[0-9]+)*$ ]] || die "BENCH_SIZES is '$lengths': give lengths with commas between"

# cc_arm64 ARGUMENTS...: the compiler, for programs that QEMU runs.
cc_arm64() {
	"$cc" --target=aarch64-linux-gnu "--sysroot=$sysroot" -fuse-ld=lld "$@"
}

# What a kernel is built with that decides about this code; and a shared object
# must be able to lie anywhere. Pointer authentication, which kernels may have,
# would be a few instructions more.
flags=(
	-std=gnu11 -O2 -fPIC -fno-strict-aliasing -fno-strict-overflow -fomit-frame-pointer
	-fno-asynchronous-unwind-tables -fno-stack-protector -mbranch-protection=none -mgeneral-regs-only
)

# build_kernel SOURCE: makes $made/kernel-neon.so and kernel-scalar.so.
build_kernel() {
	local source=$1/lib/crypto header way
	ln -sfn "$1/include/crypto" "$made/include/crypto"
	for header in linux/{cpufeature,export,jump_label,kernel,module,string,types,unaligned}.h \
		asm/{hwcap,simd}.h; do
		mkdir -p "$made/include/${header%/*}"
		: >"$made/include/$header"
	done
	perl "$source/arm64/poly1305-armv8.pl" void "$made/core.S"
	cc_arm64 -D__KERNEL__ -c "$made/core.S" -o "$made/core.o"
	flags+=(-include "$shim/shim.h" -I "$made/include" -I "$source/arm64")
	cc_arm64 "${flags[@]}" -c "$shim/kernel.c" -o "$made/kernel.o"
	local -A have_neon=([scalar]=0 [neon]=1)
	for way in "${!have_neon[@]}"; do
		cc_arm64 "${flags[@]}" "-DKEY_have_neon=${have_neon[$way]}" -c "$source/poly1305.c" -o "$made/poly1305.o"
		cc_arm64 -shared -Wl,-Bsymbolic -Wl,-z,noexecstack -o "$made/kernel-$way.so" \
			"$made/kernel.o" "$made/poly1305.o" "$made/core.o"
	done
}

sysroot=$("$PROJECT/tests/host/arm64_sysroot.sh")
source=$("$PROJECT/scripts/kernel_source.sh")
say "building the kernel's code from $source"
logged bench-arm64-kernel build_kernel "$source"
# Not to be moved when it is loaded, so that addresses in it are known.
cc_arm64 -O2 -fno-pie -no-pie "$programs/run.c" "$programs/call.c" -o "$made/run" -ldl
say "building ours"
logged bench-arm64-build "$PROJECT/tests/host/cargo_arm64.sh" build --release --package lib_poly1305_bench
ours=$BUILD/cargo-arm64/aarch64-unknown-linux-gnu/release/liblib_poly1305_bench.so

# Each of our implementations has a symbol with the type of its row: lib_poly1305_Neon.
subjects=()
for way in neon scalar; do
	subjects+=("kernel-$way" "$made/kernel-$way.so" kernel_mac)
done
while read -r symbol; do
	name=${symbol#lib_poly1305_}
	subjects+=("${name,,}" "$ours" "$symbol")
done < <("llvm-nm$LLVM_TOOL_SUFFIX" -D --defined-only --format=just-symbols "$ours" | grep '^lib_poly1305_')

# QEMU writes a line for each block of instructions that it executes, and makes
# blocks of one instruction each: the variable for that has two names, of which
# each version knows one. The C library has other functions for other CPUs, so
# that one is named.
say "counting"
mark() {
	"llvm-nm$LLVM_TOOL_SUFFIX" "$made/run" | sed -n "s/ T $1\$//p"
}
QEMU_LD_PREFIX=$sysroot QEMU_SINGLESTEP=1 QEMU_ONE_INSN_PER_TB=1 \
	"$PROJECT/bench/instructions/count.py" "$out/arm64_instructions.csv" "$(mark count_begin)" "$(mark count_end)" \
	qemu-aarch64 -cpu cortex-a72 -d exec,nochain "$made/run" "$lengths" "${subjects[@]}" |
	tee "$out/arm64_instructions.txt"

say "modelling"
{
	printf '\nThe loops for long messages, modelled by llvm-mca: these are no measurements.\n\n'
	"$PROJECT/bench/instructions/model_ports.py" "$ours" "llvm-mca$LLVM_TOOL_SUFFIX" "llvm-objdump$LLVM_TOOL_SUFFIX" "$made/core.o"
} | tee "$out/arm64_model.txt"
say "the tables are in $out"
