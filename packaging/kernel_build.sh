#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel_build.sh RELEASE: prints a folder that Rust modules for that installed kernel can
# be built against.
#
# That is the folder of the kernel's headers where these have the metadata of the kernel's
# Rust crates (rust/*.rmeta: Arch, Ubuntu's linux-lib-rust). Debian's do not. There it is
# made, once for each kernel, from the linux-source of the same version and the headers'
# .config and Module.symvers, below /var/lib/lib-poly1305. That takes
# minutes, and 2 GiB meanwhile.

. "$(dirname "$0")/../scripts/common.sh"

release=${1:?usage: kernel_build.sh RELEASE}
headers=/lib/modules/$release/build
store=${LIB_POLY1305_STORE:-/var/lib/lib-poly1305}/kernels

[ -f "$headers/.config" ] ||
	die "kernel $release has no headers here: install linux-headers-$release"
# set_in NAME: the value of CONFIG_NAME in the kernel's configuration, or nothing.
set_in() {
	sed -n "s/^CONFIG_$1=//p" "$headers/.config" | tr -d '"'
}
[ "$(set_in RUST)" = y ] ||
	die "kernel $release is built without Rust: use one that has CONFIG_RUST=y"

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
	die "the headers of kernel $release have no Rust metadata (rust/*.rmeta): install your distribution's package of it"
[ -n "$(version "linux-headers-$release")" ] ||
	die "the headers of kernel $release are of no package, so that its source is not known: put its rust/*.rmeta there"
[[ "$release" =~ ^([0-9]+\.[0-9]+) ]]
source=linux-source-${BASH_REMATCH[1]}
wanted=$(version "linux-headers-$release")
rustc=$(rustc --version 2>/dev/null) || die "there is no rustc: run 'apt install rustc rust-src bindgen'"
[ "$rustc" = "$(set_in RUSTC_VERSION_TEXT)" ] ||
	die "kernel $release was built with '$(set_in RUSTC_VERSION_TEXT)', and rustc is '$rustc': install the former, as Rust code of two compilers does not link"

# What decides how the metadata comes out.
made_of="$wanted $rustc $(sha256sum <"$headers/.config") $(sha256sum <"$headers/Module.symvers")"
folder=$store/$release
if [ "$(cat "$folder/.made-of" 2>/dev/null)" = "$made_of" ]; then
	echo "$folder"
	exit
fi

work=$folder.partial
rm -rf "$folder" "$work" "$work.download"
mkdir -p "$work"
trap 'rm -rf "$work" "$work.download"' EXIT
free=$(df --output=avail -m "$work" | tail -n 1)
[ "$free" -ge 3000 ] ||
	die "making the Rust metadata of kernel $release takes 3000 MiB in $store, and $((free)) are free: make room, or set LIB_POLY1305_STORE= to another folder"

# What is installed is of the newest kernel. For another one it is downloaded.
archive=/usr/src/$source.tar.xz
if [ "$(version "$source")" != "$wanted" ]; then
	say "downloading $source $wanted"
	mkdir "$work.download"
	(cd "$work.download" && apt-get download -q "$source=$wanted" >&2 && dpkg-deb -x ./*.deb .) ||
		die "kernel $release needs $source of version $wanted, which is neither installed nor in the archive: install it, and run 'dkms autoinstall -k $release'"
	archive=$work.download$archive
fi
say "unpacking $source for the Rust metadata of kernel $release"
tar -xf "$archive" -C "$work" --strip-components=1
rm -rf "$work.download"
cp "$headers/.config" "$headers/Module.symvers" "$work/"
say "making it, which takes minutes"
# Without what takes libraries to build: objtool is in the headers' package, and nothing is
# signed here.
make -s -C "$work" -j"$(nproc)" KERNELRELEASE="$release" \
	CONFIG_OBJTOOL= CONFIG_DEBUG_INFO_BTF= CONFIG_MODULE_SIG_FORMAT= \
	olddefconfig prepare modules_prepare >"$work.log" 2>&1 ||
	die "the Rust metadata of kernel $release cannot be made: see $work.log"
# What is configured now is what the kernel was configured with, but for tools' versions.
grep -h '^CONFIG_' "$headers/.config" | grep -vE '^CONFIG_(CC|AS|LD|PAHOLE|RUSTC|BINDGEN)_' |
	grep -vxF -f "$work/.config" >"$work.differs" &&
	die "$source does not configure as kernel $release was: see $work.differs"
rm -f "$work.log" "$work.differs"
# Building modules takes no kernel's sources.
find "$work" -mindepth 1 -maxdepth 1 ! -name Makefile ! -name 'Kbuild*' ! -name 'Kconfig*' ! -name include \
	! -name arch ! -name scripts ! -name rust ! -name .config ! -name Module.symvers -exec rm -rf {} +
find "$work" \( -name '*.[cSo]' -o -name '*.dts*' \) ! -path "$work/scripts/*" -delete
ln -s "$headers/tools" "$work/tools"
echo "$made_of" >"$work/.made-of"
mv "$work" "$folder"
echo "$folder"
