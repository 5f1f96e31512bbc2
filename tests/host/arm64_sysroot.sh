#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# arm64_sysroot.sh: prints a folder with what programs for arm64 are linked and
# run with on this machine: the C library, libgcc, and Rust's standard library,
# from the distribution's packages.
#
# Rust code of two compilers does not link, so that the standard library is of
# the same package, and version, as the rustc here.

. "$(dirname "$0")/../../scripts/common.sh"

find_tools
command -v "$RUSTC" >/dev/null || die "no rustc at $RUSTC: run 'make setup', or set RUSTC="
package=$(dpkg-query -S "$(realpath "$(command -v "$RUSTC")")" 2>/dev/null | sed -n '1s/:.*//p' || true)
[ -n "$package" ] ||
	die "$RUSTC is of no Debian package, so that its standard library for arm64 cannot be fetched: set RUSTC= to the distribution's"
# The newest gcc's: its package has the version in its name.
libgcc=$(apt-cache pkgnames libgcc- | grep -xE 'libgcc-[0-9]+-dev' | sort -V | tail -n 1 || true)
# rustc goes with libstd-rust-dev, rustc-web with libstd-rust-web-dev, which asks for
# the compiler's own libraries as well.
exec "$PROJECT/tests/vm/debian_root.sh" arm64 \
	"libc6-dev,${libgcc:-libgcc-dev},libstd-rust${package#rustc}-dev=$(dpkg-query -W -f '${Version}' "$package")" \
	--exclude='*-linux-gnu/lib'{LLVM,rustc_driver,icu,z3,asan,tsan}'*' ./lib ./usr/lib ./usr/include
