#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest_root.sh x86_64|arm64|um: prints a folder with the programs of a test
# guest: kmod and a shell from the distribution's packages, and busybox for the
# rest. (busybox's own modprobe ignores soft dependencies.)

. "$(dirname "$0")/../common.sh"

case "${1:?usage: guest_root.sh x86_64|arm64|um}" in
x86_64) debian_arch=amd64 ;;
um) debian_arch=$(dpkg --print-architecture) ;;
arm64) debian_arch=arm64 ;;
*) die "no guest programs for ARCH=$1: use x86_64, arm64 or um" ;;
esac

. /etc/os-release
# Named by what decides its content: the release's packages and this recipe.
root=$CACHE/guest/$debian_arch-${VERSION_CODENAME:-unknown}-$(sha256sum <"$PROJECT/tests/vm/guest_root.sh" | cut -c1-8)
if [ -f "$root/.complete" ]; then
	echo "$root"
	exit
fi

work=$root.partial
rm -rf "$work"
mkdir -p "$work/debs" "$work/root"

say "fetching the programs of an $debian_arch guest"
# Other archives that the machine uses may have nothing for this architecture.
foreign_apt "$work" "$debian_arch" update >"$work/log" 2>&1 || tail -n 3 "$work/log" >&2
foreign_apt "$work" "$debian_arch" apt-get install -q -y --download-only -o Dir::Cache::archives="$work/debs" \
	dash kmod busybox-static >>"$work/log" 2>&1 || {
	tail -n 5 "$work/log" >&2
	die "the packages dash, kmod and busybox-static for $debian_arch cannot be fetched"
}

# Of all that these depend on, only the C library's and kmod's own are used.
for package in dash kmod busybox-static libc6 liblzma5 libzstd1 libssl3 libssl3t64; do
	for deb in "$work/debs/${package}"_*.deb; do
		[ ! -f "$deb" ] || dpkg-deb -x "$deb" "$work/root"
	done
done
cd "$work/root" || exit
rm -rf usr/share usr/lib/*/ossl-modules usr/lib/*/engines-3 etc
# Every release has its own idea of where these are.
for folder in bin sbin lib lib64; do
	[ ! -d "$folder" ] || [ -L "$folder" ] || {
		mkdir -p "usr/$folder"
		cp -a "$folder/." "usr/$folder/"
		rm -rf "$folder"
	}
	ln -sfn "usr/$folder" "$folder"
done
mkdir -p usr/bin usr/sbin usr/lib64 dev proc sys tmp etc files
for applet in awk cat cmp cp dd dmesg echo false grep head hexdump ls mkdir mount mv poweroff rm sed sleep sort stat tail tr uname wc; do
	ln -sf busybox "usr/bin/$applet"
done
ln -sf dash usr/bin/sh
for tool in modprobe insmod rmmod lsmod depmod modinfo; do
	ln -sf ../bin/kmod "usr/sbin/$tool"
done
mkdir -p "$(dirname "$root")"
rm -rf "$root"
mv "$work/root" "$root"
touch "$root/.complete"
rm -rf "$work"
echo "$root"
