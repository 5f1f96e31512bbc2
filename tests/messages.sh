#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# messages.sh: mistakes of a user and missing tools must give a one-line error and a
# status that is not 0, before anything is booted.

. "$(dirname "$0")/common.sh"

# What a user has, who is no part of another make.
unset MAKELEVEL MAKEFLAGS MFLAGS
find_tools
KDIR=$(test_kernel x86_64)/base
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LIB_POLY1305_BUILD=$work/build
ktap_print_header

# refuses WORDS COMMAND...: a test that it is refused with these words.
refuses() {
	try "$1" refused "$@"
}

# fake_kernel RELEASE LINE...: prints a folder that looks like a built kernel
# of that release with these lines of configuration.
fake_kernel() {
	local folder=$work/kernel-$1 release=$1
	shift
	mkdir -p "$folder/include/config" "$folder/rust"
	echo "$release" >"$folder/include/config/kernel.release"
	printf '%s\n' "$@" >"$folder/include/config/auto.conf"
	echo "$folder"
}

# program NAME OUTPUT: prints a program that prints OUTPUT.
program() {
	mkdir -p "$work/bin"
	printf '#!/bin/sh\necho "%s"\n' "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
	echo "$work/bin/$1"
}

run=$PROJECT/scripts/run.sh
preflight=$PROJECT/scripts/preflight.sh
: >"$work/readable"

# make run
refuses 'KEY must be 64 hexadecimal digits' env KEY=85d6be "$run" "$work/readable"
refuses 'KEY must be 64 hexadecimal digits' env KEY="${PATH}" "$run" "$work/readable"
refuses 'KEY must be 64 hexadecimal digits' env KEY="$(printf '%064d' 0)0" "$run" "$work/readable"
refuses "there is no file $work/missing" "$run" "$work/readable" "$work/missing"
refuses 'is not a regular file' "$run" "$work"
refuses 'ARCH=riscv has no test kernel' env ARCH=riscv "$run" "$work/readable"
truncate -s 8T "$work/huge" && refuses 'MiB of disk space' "$run" "$work/huge"
# root reads every file.
if [ "$(id -u)" -eq 0 ]; then
	install -m 000 "$work/readable" "$work/unreadable"
	chmod 755 "$work"
	cp -r "$PROJECT/scripts" "$work/scripts"
	refuses 'cannot be read: check its permissions' setpriv --reuid=65534 --clear-groups \
		"$work/scripts/run.sh" "$work/unreadable"
else
	chmod 000 "$work/readable"
	refuses 'cannot be read: check its permissions' "$run" "$work/readable"
fi

# kernels
refuses 'there is no kernel build folder' "$preflight" "$work/missing"
refuses 'is not configured' "$preflight" "$work"
refuses 'kernel 6.12.48 is too old: build against Linux 7.2' \
	"$preflight" "$(fake_kernel 6.12.48 CONFIG_MODULES=y CONFIG_RUST=y)"
refuses 'has no Rust support: build it with CONFIG_RUST=y' \
	"$preflight" "$(fake_kernel 7.3.1 CONFIG_MODULES=y)"
refuses 'cannot load modules' "$preflight" "$(fake_kernel 7.3.2 CONFIG_RUST=y)"
refuses 'lacks the metadata of the kernel crate' \
	"$preflight" "$(fake_kernel 7.3.3 CONFIG_MODULES=y CONFIG_RUST=y)"
refuses 'is big-endian, which is not supported: build it without CONFIG_CPU_BIG_ENDIAN' \
	"$preflight" "$(fake_kernel 7.3.4 CONFIG_MODULES=y CONFIG_CPU_BIG_ENDIAN=y)"
refuses 'has KMSAN, which would report every tag as uninitialized' \
	"$preflight" "$(fake_kernel 7.3.5 CONFIG_MODULES=y CONFIG_RUST=y CONFIG_KMSAN=y)"
refuses 'contains rust/Makefile' env KSRC="$work" "$PROJECT/scripts/kernel_source.sh"
refuses 'no test kernel riscv' "$PROJECT/tests/vm/kernel.sh" riscv

# in place of the kernel's own
dropin=$PROJECT/scripts/dropin.sh
# other_dropin NAME LINE: the same kernel, with that line in its configuration for
# what it has itself.
other_dropin() {
	mkdir -p "$work/$1/include/config"
	ln -s "$KDIR/rust" "$work/$1/rust"
	cp "$KDIR/include/config/kernel.release" "$work/$1/include/config/"
	sed "s/^CONFIG_CRYPTO_LIB_POLY1305=m$/$2/" "$KDIR/include/config/auto.conf" >"$work/$1/include/config/auto.conf"
}
other_dropin without ''
other_dropin builtin CONFIG_CRYPTO_LIB_POLY1305=y
refuses 'has no libpoly1305 to replace: build it with a user of it as a module' "$dropin" install "$work/without"
refuses 'has no libpoly1305 to replace' "$dropin" uninstall "$work/without"
refuses 'has libpoly1305 built in, which no module can replace: build it with CONFIG_CRYPTO_LIB_POLY1305=m' \
	"$dropin" install "$work/builtin"
refuses "no action 'nonsense': use install or uninstall" "$dropin" nonsense "$KDIR"

# tools
refuses 'no rustc at' env RUSTC="$work/missing" "$preflight" "$KDIR"
refuses 'is too old' env RUSTC="$(program rustc-old 'rustc 1.78.0 (9b00956e5 2024-04-29)')" "$preflight" "$KDIR"
refuses 'was built with' env RUSTC="$(program rustc-new 'rustc 1.99.0 (000000000 2026-11-01)')" "$preflight" "$KDIR"
refuses 'has no rust-src' env RUSTC="$work/bin/rustc-new" "$preflight" --toolchain
refuses 'no bindgen' env BINDGEN="$work/missing" "$preflight" "$KDIR"
refuses 'bindgen 0.60.1 is too old' env BINDGEN="$(program bindgen-old 'bindgen 0.60.1')" "$preflight" "$KDIR"
refuses 'no clang-3' env LLVM=-3 "$preflight" "$KDIR"
refuses 'no target nonsense' "$PROJECT/scripts/config.sh" "$KDIR" nonsense

# SETUP=no: every target says what is missing, and neither fetches nor builds it.
no_setup=(timeout 60 env -u KDIR -u KSRC SETUP=no BINDGEN="$BINDGEN" LIB_POLY1305_CACHE="$work/cache")
KSRC=$("$PROJECT/scripts/kernel_source.sh")
for target in modules headers_install defconfig run test check proofs htmldocs bench bench-arm64 bench-kernel; do
	try "no source: make $target" refused 'SETUP=no fetches no' "${no_setup[@]}" make -C "$PROJECT" --no-print-directory $target
done
for target in modules run test check proofs bench-kernel; do
	try "no kernel: make $target" refused 'test kernel is built, and SETUP=no builds none' \
		"${no_setup[@]}" KSRC="$KSRC" make -C "$PROJECT" --no-print-directory $target
done
refuses 'no rustc at' "${no_setup[@]}" RUSTC="$work/missing" make -C "$PROJECT" --no-print-directory modules
refuses 'no bindgen' "${no_setup[@]}" BINDGEN="$work/missing" make -C "$PROJECT" --no-print-directory modules
refuses 'are not in the cache, and SETUP=no fetches nothing' "${no_setup[@]}" "$PROJECT/tests/vm/debian_root.sh" x86_64 dash
refuses 'are not in the cache, and SETUP=no fetches nothing' "${no_setup[@]}" "$PROJECT/scripts/proofs_python.sh"
nothing_made() {
	[ -z "$(find "$work/cache" ! -type d ! -name '*.lock' -print)" ]
}
try 'nothing is made by SETUP=no' nothing_made

# Programs that a target needs, with all others there are.
mkdir "$work/programs"
IFS=: read -ra folders <<<"$PATH:/usr/sbin:/sbin"
for folder in "${folders[@]}"; do
	[ ! -d "$folder" ] || find "$folder" -mindepth 1 -maxdepth 1 -exec ln -st "$work/programs" {} + 2>/dev/null || true
done
while read -r program target arch; do
	mv "$work/programs/$program" "$work/program"
	refuses "no $program: run 'make setup'" timeout 60 env -u KDIR SETUP=no PATH="$work/programs" \
		make -C "$PROJECT" --no-print-directory "$target" ARCH="${arch:-x86_64}"
	mv "$work/program" "$work/programs/$program"
done <<END
qemu-system-x86_64 run
qemu-system-aarch64 run arm64
xorriso test
shellcheck check
pypy3 test
cargo bench
sphinx-build htmldocs
mmdebstrap deb
mmdebstrap test-distro
END

# offered yes|no OPTION: whether a kernel with that option is offered the library.
offered() {
	local offered=no
	printf 'config MODULES\n\tdef_bool y\n\tmodules\n' >"$work/Kconfig"
	printf 'config %s\n\tdef_bool y\n' RUST 64BIT "$2" >>"$work/Kconfig"
	printf 'source "%s/Kconfig"\n' "$PROJECT" >>"$work/Kconfig"
	# It writes more files to where it is.
	mkdir -p "$work/configured"
	(cd "$work/configured" && "$KDIR/scripts/kconfig/conf" -s --alldefconfig "$work/Kconfig") >/dev/null
	! grep -q '^CONFIG_LIB_POLY1305=m$' "$work/configured/.config" || offered=yes
	[ "$offered" = "$1" ]
}
try 'offered with KASAN' offered yes KASAN
try 'not offered with KMSAN' offered no KMSAN
try 'not offered with CPU_BIG_ENDIAN' offered no CPU_BIG_ENDIAN

ktap_finished
