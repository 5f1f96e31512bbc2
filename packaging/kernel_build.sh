#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel_build.sh RELEASE: prints a folder that Rust modules for that installed kernel can
# be built against. Its status is 77 if none can be, and 1 if only this time there was none,
# such as without a network.
#
# That is the folder of the kernel's headers where these have the metadata of the kernel's
# Rust crates (rust/*.rmeta: Arch, Ubuntu's linux-lib-rust). Debian's do not. There it is
# made, once for each kernel, from the linux-source of the same version and the headers'
# .config and Module.symvers, below /var/lib/lib-poly1305. That takes minutes, and
# 3 GiB meanwhile.

. "$(dirname "$0")/../scripts/common.sh"

# A make that runs the installation may have set these for something else.
unset ARCH CROSS_COMPILE MAKEFLAGS MFLAGS MAKELEVEL

release=${1:?usage: kernel_build.sh RELEASE}
headers=/lib/modules/$release/build
store=${LIB_POLY1305_STORE:-/var/lib/lib-poly1305}/kernels

# refuse WORDS: this kernel cannot be built for, and another run would not change that.
refuse() {
	(die "$@") || exit 77
}

[ -f "$headers/.config" ] ||
	refuse "kernel $release has no headers here: install linux-headers-$release"
# set_in NAME: the value of CONFIG_NAME in the kernel's configuration, or nothing.
set_in() {
	sed -n "s/^CONFIG_$1=//p" "$headers/.config" | tr -d '"'
}
[ "$(set_in RUST)" = y ] ||
	refuse "kernel $release is built without Rust: use one that has CONFIG_RUST=y"

if [ -f "$headers/rust/libkernel.rmeta" ]; then
	realpath "$headers"
	exit
fi

# version PACKAGE: of an installed package.
version() {
	# shellcheck disable=SC2016 # dpkg-query expands it
	dpkg-query -W -f '${source:Version}' "$1" 2>/dev/null || true
}

command -v dpkg-query >/dev/null ||
	refuse "the headers of kernel $release have no Rust metadata (rust/*.rmeta): install your distribution's package of it"
[ -n "$(version "linux-headers-$release")" ] ||
	refuse "the headers of kernel $release are of no package, so that its source is not known: put its rust/*.rmeta there"
[[ "$release" =~ ^([0-9]+\.[0-9]+) ]]
source=linux-source-${BASH_REMATCH[1]}
wanted=$(version "linux-headers-$release")
rustc=$(rustc --version 2>/dev/null) || refuse "there is no rustc: run 'apt install rustc rust-src bindgen'"
[ "$rustc" = "$(set_in RUSTC_VERSION_TEXT)" ] ||
	refuse "kernel $release was built with '$(set_in RUSTC_VERSION_TEXT)', and rustc is '$rustc': install the former, as Rust code of two compilers does not link"

# What decides how the metadata comes out.
made_of="$wanted $rustc $(sha256sum <"$headers/.config") $(sha256sum <"$headers/Module.symvers")"
folder=$store/$release
if [ "$(cat "$folder/.made-of" 2>/dev/null)" = "$made_of" ]; then
	echo "$folder"
	exit
fi

# What is installed is of the newest kernel. For another one it is downloaded.
archive=/usr/src/$source.tar.xz
download=
if [ "$(version "$source")" != "$wanted" ]; then
	apt-cache madison "$source" 2>/dev/null | grep -F "| $wanted |" >/dev/null ||
		refuse "kernel $release needs the package $source of version $wanted, which is neither installed nor in apt's lists: run 'apt update', or install it, and then 'dkms autoinstall -k $release'"
	download=$folder/download
	archive=$download$archive
fi

# What stopped halfway has no .made-of. Of that, only its log stays.
rm -rf "$folder"
mkdir -p "$folder"
trap 'find "$folder" -mindepth 1 -maxdepth 1 ! -name "*.log" -exec rm -rf {} +' EXIT
again="and then run 'dkms autoinstall -k $release', and 'dpkg --configure -a' if apt had failed"
free=$(df --output=avail -m "$folder" | tail -n 1)
[ "$free" -ge 3000 ] ||
	die "the Rust metadata of kernel $release takes 3000 MiB below $store to make, and $((free)) are free: make room, $again"
if [ -n "$download" ]; then
	say "downloading $source $wanted"
	mkdir "$download"
	(cd "$download" && apt-get download -q "$source=$wanted" >"$folder/download.log" 2>&1) ||
		die "$source $wanted for kernel $release cannot be downloaded ($(tail -n 1 "$folder/download.log")): connect to the network or run 'apt update', $again"
	dpkg-deb -x "$download/"*.deb "$download" || die "$source $wanted cannot be unpacked in $store: make room, $again"
fi
say "unpacking $source for the Rust metadata of kernel $release"
tar -xf "$archive" -C "$folder" --strip-components=1 || die "$archive cannot be unpacked in $store: make room, $again"
[ -z "$download" ] || rm -r "$download"
cp "$headers/.config" "$headers/Module.symvers" "$folder/"
# Without what takes libraries to build: objtool is in the headers' package, and nothing is
# signed here.
make_kernel() {
	make -s -C "$folder" -j"$(nproc)" KERNELRELEASE="$release" \
		CONFIG_OBJTOOL= CONFIG_DEBUG_INFO_BTF= CONFIG_MODULE_SIG_FORMAT= "$@" >>"$folder/make.log" 2>&1 ||
		die "the Rust metadata of kernel $release cannot be made: remove what $folder/make.log complains about, $again"
}
make_kernel olddefconfig
# What is configured now is what the kernel was configured with, but for tools' versions, and
# for user space's code of 32 bits on arm64, which takes another compiler.
grep -h '^CONFIG_' "$headers/.config" | grep -vE '^CONFIG_((CC|AS|LD|PAHOLE|RUSTC|BINDGEN)_|(THUMB2_)?COMPAT_VDSO=)' |
	grep -vxF -f "$folder/.config" >"$folder/differs.log" &&
	refuse "$source does not configure as kernel $release was: $folder/differs.log has the options that differ, and another rustc or bindgen may be the cause"
say "making it, which takes minutes"
make_kernel prepare modules_prepare
# Building modules takes no kernel's sources.
find "$folder" -mindepth 1 -maxdepth 1 ! -name Makefile ! -name 'Kbuild*' ! -name 'Kconfig*' ! -name include \
	! -name arch ! -name scripts ! -name rust ! -name .config ! -name Module.symvers -exec rm -rf {} +
find "$folder" \( -name '*.[cSo]' -o -name '*.dts*' \) ! -path "$folder/scripts/*" -delete
ln -s "$headers/tools" "$folder/tools"
echo "$made_of" >"$folder/.made-of"
trap - EXIT
echo "$folder"
