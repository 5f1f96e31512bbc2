# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What images of initramfs have of the packages, and how modules are signed. Sourced by
# packages.sh, whose states these tests begin from.

: "${work:?}" "${root:?}" "${old:?}"

# has COMMAND IMAGE MODULE...: that image has these of our modules and libpoly1305, by its
# lister, lsinitramfs or lsinitrd, and no others.
has() {
	local files
	files=$(inside "$1" "$2") || return
	same "$(printf '%s\n' "${@:3}" | sort)" \
		sed -En 's,.*((updates/dkms/.*|lib/crypto/lib)poly1305[a-z0-9_]*\.ko).*,\1,p' <<<"$files"
}
library=(updates/dkms/lib_poly1305.ko updates/dkms/lib_poly1305_x86.ko)

state images drop-in
as_root sed -i 's/^update_initramfs=.*/update_initramfs=yes/' "$root/etc/initramfs-tools/update-initramfs.conf"
# image NAME MODULE...: what initramfs-tools makes when it is to add the module NAME.
image() {
	echo "$1" | as_root tee "$root/etc/initramfs-tools/modules" >/dev/null
	inside update-initramfs -u -k "$old" && has lsinitramfs "/boot/initrd.img-$old" "${@:2}"
}
# Catches an image that has the library and lacks the implementations for its architecture,
# or has modules that nothing there needs.
try 'initramfs-tools: none' image ''
try 'initramfs-tools: the library' image lib_poly1305 "${library[@]}"
try 'initramfs-tools: a user of the drop-in' image wireguard "${library[@]}" updates/dkms/libpoly1305.ko
# The hook, where what makes the image does not follow the softdep.
hook() {
	inside sh -c "mkdir -p /image/lib && touch /image/lib/lib_poly1305.ko &&
		__MODULES_TO_ADD=/image/modules DESTDIR=/image /usr/share/initramfs-tools/hooks/lib-poly1305 && cat /image/modules" |
		grep -x lib_poly1305_x86
}
try 'initramfs-tools: the hook' hook
# Catches a removed drop-in that is still loaded from the image.
removed() { no_dropin && has lsinitramfs "/boot/initrd.img-$old" lib/crypto/libpoly1305.ko; }
try 'initramfs-tools: the drop-in is removed' removed

# dracut follows the softdep itself.
state dracut install
dracut() {
	inside dracut --quiet --force --hostonly "$@" /image "$old"
}
dracut_none() {
	apt install dracut && dracut && has lsinitrd /image lib/crypto/libpoly1305.ko
}
try 'dracut: none' dracut_none
dracut_library() {
	dracut --add-drivers lib_poly1305 && has lsinitrd /image lib/crypto/libpoly1305.ko "${library[@]}"
}
try 'dracut: the library' dracut_library
dracut_force() {
	dracut --no-hostonly --force-drivers lib_poly1305 &&
		has lsinitrd /image lib/crypto/libpoly1305.ko "${library[@]}" updates/dkms/lib_poly1305_device.ko
}
try 'dracut: the library, for any machine' dracut_force

# Catches modules that are not signed, or by another key than DKMS's.
state signed drop-in
signed() {
	local file serial
	serial=$(openssl x509 -inform DER -noout -serial -in "$root/var/lib/dkms/mok.pub" | sed 's/.*=//')
	for file in "$root/lib/modules/$old/updates/dkms/"*.ko*; do
		[ "$(modinfo -F signer "$file")" = 'key of this test' ] &&
			[ "$(modinfo -F sig_key "$file" | tr -d :)" = "$serial" ] || return
	done
}
try 'signed by the key of DKMS' signed
# Catches a machine that refuses the modules, and nobody knows why.
not_enrolled() {
	as_root install -m 755 /dev/stdin "$root/usr/bin/mokutil" <<-END
		#!/bin/sh
		case "\$1" in
		--sb-state) echo 'SecureBoot enabled' ;;
		--test-key) echo "\$2 is \$(cat /enrolled) enrolled" ;;
		esac
	END
	echo not | as_root tee "$root/enrolled" >/dev/null
	says 0 '^lib-poly1305: Secure Boot is on, .*mokutil --import' inside /var/lib/dpkg/info/lib-poly1305-dkms.postinst abort-upgrade || return
	echo already | as_root tee "$root/enrolled" >/dev/null
	same '' inside /var/lib/dpkg/info/lib-poly1305-dkms.postinst abort-upgrade
}
try 'Secure Boot without the key' not_enrolled
