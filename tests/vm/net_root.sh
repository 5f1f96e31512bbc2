#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# net_root.sh x86_64|arm64: prints a folder with what a test guest needs for
# networks beside the programs of guest_root.sh: ip and wg from the distribution's
# packages with the libraries that they load, and names for more of busybox.

. "$(dirname "$0")/../common.sh"

find_tools
case "${1:?usage: net_root.sh x86_64|arm64}" in
x86_64) debian_arch=amd64 ;;
arm64) debian_arch=arm64 ;;
*) die "no guest programs for ARCH=$1: use x86_64 or arm64" ;;
esac

. /etc/os-release
# Named by what decides its content: the release's packages and this recipe.
root=$CACHE/guest/$debian_arch-net-${VERSION_CODENAME:-unknown}-$(sha256sum <"$PROJECT/tests/vm/net_root.sh" | cut -c1-8)
if [ -f "$root.complete" ]; then
	echo "$root"
	exit
fi

work=$root.partial
rm -rf "$work"
mkdir -p "$work/debs" "$work/all" "$work/tree/usr/bin" "$work/tree/usr/lib"

say "fetching the network programs of an $debian_arch guest"
# Other archives that the machine uses may have nothing for this architecture.
foreign_apt "$work" "$debian_arch" update >"$work/log" 2>&1 || tail -n 3 "$work/log" >&2
foreign_apt "$work" "$debian_arch" apt-get install -q -y --download-only -o Dir::Cache::archives="$work/debs" \
	iproute2 wireguard-tools >>"$work/log" 2>&1 || {
	tail -n 5 "$work/log" >&2
	die "the packages iproute2 and wireguard-tools for $debian_arch cannot be fetched"
}
for deb in "$work/debs"/*.deb; do
	dpkg-deb -x "$deb" "$work/all"
done

# take FILE FOLDER: it into that folder, and the libraries that it names.
take() {
	local library
	cp -L "$1" "$work/tree/usr/$2/"
	while read -r library; do
		[ ! -e "$work/tree/usr/lib/$library" ] || continue
		take "$(find "$work/all" -name "$library" -print -quit | grep . ||
			die "no package has $library, which ${1##*/} needs")" lib
	done < <("llvm-readelf$LLVM_TOOL_SUFFIX" --needed-libs "$1" | sed -n 's/^ *\(lib.*\.so.*\)$/\1/p')
}
for program in ip wg; do
	take "$(find "$work/all" -path "*bin/$program" -type f -print -quit)" bin
done
for applet in nc ping setsid; do
	ln -s busybox "$work/tree/usr/bin/$applet"
done
rm -rf "$root"
mv "$work/tree" "$root"
touch "$root.complete"
rm -rf "$work"
echo "$root"
