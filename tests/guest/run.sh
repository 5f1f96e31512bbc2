# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Computes the tag of every file in /files by the device. The folder /files
# also holds the key.

modprobe lib_poly1305_device || {
	say "modprobe failed"
	return 1
}
cd /files || return 1
for file in [0-9]*; do
	# One open file is one message.
	exec 3<>/dev/lib_poly1305 || return 1
	cat key "$file" >&3 || return 1
	tag=$(head -c 16 <&3 | hexdump -v -e '1/1 "%02x"')
	exec 3>&-
	say "tag $file $tag $(cat /sys/module/lib_poly1305/parameters/implementation)"
done
