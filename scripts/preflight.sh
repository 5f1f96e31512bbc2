#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# preflight.sh KDIR: checks that modules can be built against that kernel. If not, it
# prints a one-line error that says how to fix it.
#
# preflight.sh --toolchain: the same for building a kernel with the installed tools;
# preflight.sh --tests: and for running the tests.

. "$(dirname "$0")/common.sh"

KDIR=${1:?usage: preflight.sh KDIR|--toolchain|--tests}
find_tools

check_rustc() {
	local version
	command -v "$RUSTC" >/dev/null ||
		die "no rustc at $RUSTC: run 'make setup', or set RUSTC="
	version=$("$RUSTC" --version)
	at_least "$(cut -d ' ' -f 2 <<<"$version")" "$MIN_RUSTC" ||
		die "$version is too old: run 'make setup', or set RUSTC= to $MIN_RUSTC or newer"
}

check_bindgen() {
	local version
	command -v "$BINDGEN" >/dev/null || die "no bindgen: run 'make setup', or set BINDGEN="
	version=$("$BINDGEN" --version | sed 's/^bindgen //')
	at_least "$version" "$MIN_BINDGEN" ||
		die "bindgen $version is too old: run 'make setup', or set BINDGEN= to $MIN_BINDGEN or newer"
}

check_clang() {
	local version
	version=$("clang$LLVM_TOOL_SUFFIX" --version 2>/dev/null | sed -n '1s/.*version \([0-9.]*\).*/\1/p' || true)
	[ -n "$version" ] ||
		die "no clang$LLVM_TOOL_SUFFIX, which this kernel is built with: run 'make setup', or set LLVM= to the suffix of an installed one"
	at_least "$version" "$MIN_LLVM" ||
		die "clang $version is too old: run 'make setup', or set LLVM= to the suffix of $MIN_LLVM or newer"
}

if [ "$KDIR" = --toolchain ]; then
	check_rustc
	check_bindgen
	check_clang
	[ -f "$("$RUSTC" --print sysroot)/lib/rustlib/src/rust/library/core/src/lib.rs" ] ||
		die "$RUSTC has no rust-src, which kernel builds need: run 'make setup', or set RUSTC= to one that has it"
	exit
fi

if [ "$KDIR" = --tests ]; then
	need cargo cpio kmod mmdebstrap openssl patch perl pypy3 python3 qemu-aarch64 qemu-system-aarch64 \
		qemu-system-x86_64 shellcheck sphinx-build xorriso
	exit
fi

for path in "$PROJECT" "$BUILD" "$KDIR"; do
	case "$path" in
	*[[:space:]:]*) die "$path has a space or a colon, with which make cannot build: use another folder, or set LIB_POLY1305_BUILD= if it is that of the build" ;;
	esac
done
check_ours "$BUILD"
mkdir -p "$BUILD" 2>/dev/null || true
[ -w "$BUILD" ] || die "nothing can be written in $BUILD: set LIB_POLY1305_BUILD= to another folder"
[ -d "$KDIR" ] ||
	die "there is no kernel build folder $KDIR: run 'make setup', or set KDIR= to one"
conf=$KDIR/include/config/auto.conf
[ -f "$conf" ] ||
	die "the kernel in $KDIR is not configured: run 'make modules_prepare' there, or set KDIR= to a built one"
# set_in CONFIG_X: its value in the kernel's configuration, or nothing.
set_in() {
	sed -n "s/^$1=//p" "$conf" | tr -d '"'
}

release=$(cat "$KDIR/include/config/kernel.release" 2>/dev/null || true)
[ -n "$release" ] ||
	die "the kernel in $KDIR has no release name: run 'make modules_prepare' there, or set KDIR= to a built one"
at_least "${release%%[-+]*}" "$MIN_KERNEL" ||
	die "kernel $release is too old: build against Linux $MIN_KERNEL or newer"
[ "$(set_in CONFIG_MODULES)" = y ] ||
	die "kernel $release cannot load modules: build it with CONFIG_MODULES=y"
# Such a kernel has no Rust either, but enabling Rust would not help.
[ "$(set_in CONFIG_CPU_BIG_ENDIAN)" != y ] ||
	die "kernel $release is big-endian, which is not supported: build it without CONFIG_CPU_BIG_ENDIAN"
[ "$(set_in CONFIG_KMSAN)" != y ] ||
	die "kernel $release has KMSAN, which would report every tag as uninitialized: build it without CONFIG_KMSAN"
[ "$(set_in CONFIG_RUST)" = y ] ||
	die "kernel $release has no Rust support: build it with CONFIG_RUST=y"
# The build folder of an installed kernel often has only the headers.
[ -f "$KDIR/rust/libkernel.rmeta" ] ||
	die "$KDIR lacks the metadata of the kernel crate (rust/*.rmeta): install your distribution's package of it, or build that kernel's source with 'make prepare modules_prepare'"

check_rustc
version=$("$RUSTC" --version)
built_with=$(set_in CONFIG_RUSTC_VERSION_TEXT)
[ "$version" = "$built_with" ] ||
	die "kernel $release was built with '$built_with', and $RUSTC is '$version': set RUSTC= to the compiler of the kernel, as code of two Rust compilers cannot be linked"
check_bindgen
if [ "$(set_in CONFIG_CC_IS_CLANG)" = y ]; then
	check_clang
fi
