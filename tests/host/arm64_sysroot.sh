#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# arm64_sysroot.sh: prints a folder with what programs for arm64 are linked and
# run with on this machine: the C library, libgcc, and Rust's standard library,
# from the distribution's packages.
#
# Rust code of two compilers does not link, so that the standard library is of
# the same package, and version, as the rustc here.

. "$(dirname "$0")/../common.sh"

find_tools
command -v "$RUSTC" >/dev/null || die "no rustc at $RUSTC: run 'make setup', or set RUSTC="
package=$(dpkg-query -S "$(realpath "$(command -v "$RUSTC")")" 2>/dev/null | sed -n '1s/:.*//p' || true)
[ -n "$package" ] ||
	die "$RUSTC is of no Debian package, so that its standard library for arm64 cannot be fetched: set RUSTC= to the distribution's"
version=$(dpkg-query -W -f '${Version}' "$package")
# rustc goes with libstd-rust-dev, rustc-web with libstd-rust-web-dev.
library=libstd-rust${package#rustc}-dev

. /etc/os-release
# Named by what decides its content: the packages and this recipe.
root=$CACHE/sysroot/arm64-${VERSION_CODENAME:-unknown}-${package}_$version-$(sha256sum <"$PROJECT/tests/host/arm64_sysroot.sh" | cut -c1-8)
if [ -f "$root/.complete" ]; then
	echo "$root"
	exit
fi

work=$root.partial
rm -rf "$work"
mkdir -p "$work/debs" "$work/tree/usr/lib"

say "fetching the libraries of arm64 programs"
# Other archives that the machine uses may have nothing for this architecture.
foreign_apt "$work" arm64 update >"$work/log" 2>&1 || tail -n 3 "$work/log" >&2
# The newest gcc's: its package has the version in its name.
libgcc=$(foreign_apt "$work" arm64 apt-cache pkgnames libgcc- | grep -xE 'libgcc-[0-9]+-dev' | sort -V | tail -n 1 || true)
wanted=(libc6 libc6-dev libgcc-s1 "${libgcc:-libgcc-dev}" "$library=$version")
(cd "$work/debs" && foreign_apt "$work" arm64 apt-get download -q "${wanted[@]}") >>"$work/log" 2>&1 || {
	tail -n 5 "$work/log" >&2
	die "the packages ${wanted[*]} for arm64 cannot be fetched: if the archive has a newer $library, upgrade $package"
}

for deb in "$work"/debs/*.deb; do
	dpkg-deb -x "$deb" "$work/tree"
done
cd "$work/tree" || exit
rm -rf usr/share etc
# Every release has its own idea of where libraries are.
if [ ! -L lib ]; then
	[ ! -d lib ] || cp -a lib/. usr/lib/
	rm -rf lib
	ln -s usr/lib lib
fi
rm -rf "$root"
mv "$work/tree" "$root"
touch "$root/.complete"
rm -rf "$work"
echo "$root"
