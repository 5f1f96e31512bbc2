#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: compares our implementations with the kernel's and those of
# crates and of installed libraries, on this machine. Prints tables; plots
# and all figures go to bench/out.
#
#   BENCH_REPS=501      repetitions, of which medians are taken
#   BENCH_SIZES=16,64   lengths of messages; default: a sweep from 1 to 65536
#   BENCH_CC=gcc        compiler for the kernel's C; default: the test kernels' clang
#
# The kernel's code is made from its source tree at this time, as one shared
# object for each of its ways: nothing of it is in the repository.

. "$(dirname "$0")/../../scripts/common.sh"

find_tools
shim=$PROJECT/bench/compare/shim
made=$BUILD/compare
out=$PROJECT/bench/out
need cargo
check_ours "$BUILD"
check_ours "${CARGO_TARGET_DIR:-$PROJECT/target}"
mkdir -p "$made/include" "$out" "$BUILD/logs"

# The compiler of the test kernels if it is there, or else any.
compiler() {
	local name
	for name in "clang$LLVM_TOOL_SUFFIX" clang gcc; do
		if command -v "$name" >/dev/null; then
			echo "$name"
			return
		fi
	done
}

# What a kernel is built with that decides about this code; and a shared object
# must be able to lie anywhere. poly1305.c is C with its own idea of its headers:
# those are the shim.
flags=(
	-std=gnu11 -O2 -fPIC -fno-strict-aliasing -fno-strict-overflow -fomit-frame-pointer
	-fno-asynchronous-unwind-tables -fno-stack-protector -fcf-protection=none
	-mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx -mno-80387 -msoft-float -mno-red-zone
	-march=x86-64 -mtune=generic
)

# build_kernel SOURCE: makes $made/kernel-*.so.
build_kernel() {
	local source=$1/lib/crypto header key way options=()
	ln -sfn "$1/include/crypto" "$made/include/crypto"
	for header in linux/{export,jump_label,kernel,linkage,module,sizes,string,types,unaligned}.h \
		asm/{cpu_device_id,fpu/api}.h; do
		mkdir -p "$made/include/${header%/*}"
		: >"$made/include/$header"
	done
	perl "$source/x86/poly1305-x86_64-cryptogams.pl" >"$made/cryptogams.S"
	"$cc" -include "$shim/linkage.S" -I "$made/include" -c "$made/cryptogams.S" -o "$made/cryptogams.o"
	flags+=(-include "$shim/shim.h" -I "$made/include" -I "$source/x86")
	"$cc" "${flags[@]}" -c "$shim/kernel.c" -o "$made/kernel.o"
	# Each way has the keys of those before it, too.
	for way in scalar avx avx2 avx512; do
		[ "$way" = scalar ] || options+=("-DKEY_poly1305_use_$way=1")
		for key in avx avx2 avx512; do
			[[ " ${options[*]} " == *"use_$key=1 "* ]] || echo "-DKEY_poly1305_use_$key=0"
		done >"$made/keys"
		"$cc" "${flags[@]}" "${options[@]}" "@$made/keys" -c "$source/poly1305.c" -o "$made/poly1305.o"
		"$cc" -shared -Wl,-Bsymbolic -Wl,-z,noexecstack -o "$made/kernel-$way.so" \
			"$made/kernel.o" "$made/poly1305.o" "$made/cryptogams.o"
	done
}

# build_ipsec_mb: its interface is a header, so that it needs one, unlike others.
build_ipsec_mb() {
	"$cc" -O2 -fPIC -shared "$shim/ipsec_mb.c" -o "$made/ipsec_mb.so" -lIPSec_MB
}

# build_crates: those of others, built for this CPU: or else the compiler puts SSE between AVX2, which
# some CPUs take some hundred cycles for each time.
build_crates() {
	RUSTFLAGS="-C target-cpu=native" cargo build --release --locked --target-dir "$made/crates" \
		--manifest-path "$PROJECT/bench/crates/Cargo.toml"
	cp "$made/crates/release/liblib_poly1305_crates.so" "$made/crates.so"
}

# optional NAME COMMAND...: goes on without what cannot be built. (A condition
# would turn off the end of a function at its first error; a shell of its own
# does not.)
optional() {
	local name=$1 log=$BUILD/logs/bench-$1.log rc=0
	shift
	set +e
	(
		set -e
		"$@"
	) >"$log" 2>&1
	rc=$?
	set -e
	[ "$rc" -eq 0 ] || say "left out: $name, as it does not build here: $(grep -m 1 -i error "$log" || tail -n 1 "$log"); see $log"
}

rm -f "$made"/*.so
if [ "$(host_arch)" = x86_64 ]; then
	cc=${BENCH_CC:-$(compiler)}
	[ -n "$cc" ] || die "no C compiler for the kernel's code: install clang-$LLVM_VERSION or gcc"
	source=$("$PROJECT/scripts/kernel_source.sh")
	say "building the kernel's code from $source with $cc"
	optional kernel build_kernel "$source"
	optional ipsec-mb build_ipsec_mb
fi
say "building crates"
optional crates build_crates
say "building ours"
cd "$PROJECT" || exit
cargo build --release --quiet --package lib_poly1305_compare
"${CARGO_TARGET_DIR:-target}/release/lib_poly1305_compare" "$made" "$out"
