# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The manners of /dev/lib_poly1305. /files holds a key and a message, and in
# the file "expected" the tag of the message, then that of no bytes at all.

dev=/dev/lib_poly1305
cd /files || return 1
read -r tag empty_tag <expected

# holds NAME COMMAND...: a test.
holds() {
	ktap_test_result "$@"
}

# read_tag: what the open file 3 gives, in hexadecimal digits.
read_tag() {
	head -c 16 <&3 | hexdump -v -e '1/1 "%02x"'
}

# gives TAG: the open file 3 gives that tag.
gives() {
	[ "$(read_tag)" = "$1" ]
}

# error WORDS COMMAND...: the command fails, saying WORDS.
error() {
	words=$1
	shift
	"$@" 2>/tmp/error && return 1
	grep -q "$words" /tmp/error
}

modprobe lib_poly1305_device || return 1

# Catches a device that others than root can open.
mode() {
	[ "$(stat -c %a $dev)" = 600 ]
}
holds 'mode 0600' mode

# Catches a key that must come in a write of its own.
exec 3<>$dev
cat key message >/tmp/both
cat /tmp/both >&3
holds 'key and message in one write' gives "$tag"
# Catches a device that starts anew, or repeats itself, when read on.
holds 'end of file after the tag' gives ''
# Catches bytes that are taken for a message that has ended.
holds 'write after the tag: EBADFD' error 'bad state' sh -c 'cat message >&3'
exec 3>&-

# Catches bytes lost between writes, of the key or of the message.
exec 3<>$dev
dd if=/tmp/both bs=1 2>/dev/null >&3
holds 'writes of one byte' gives "$tag"
exec 3>&-

# Catches a tag for a key that is not there.
exec 3<>$dev
holds 'read without a key: ENOKEY' error 'key not available' dd bs=16 count=1 <&3
dd if=key bs=31 count=1 2>/dev/null >&3
holds 'read with 31 bytes of key: ENOKEY' error 'key not available' dd bs=16 count=1 <&3
# Catches a failed read that spoils what was written before it.
dd if=key bs=1 skip=31 2>/dev/null >&3
cat message >&3
holds 'the key completed after that' gives "$tag"
exec 3>&-

# Catches a message without bytes that is not one.
exec 3<>$dev
cat key >&3
holds 'no message bytes' gives "$empty_tag"
exec 3>&-

# Catches a tag that can only be read at once.
exec 3<>$dev
cat /tmp/both >&3
halves() {
	first=$(dd bs=5 count=1 2>/dev/null <&3 | hexdump -v -e '1/1 "%02x"')
	rest=$(dd bs=64 count=1 2>/dev/null <&3 | hexdump -v -e '1/1 "%02x"')
	[ "$first$rest" = "$tag" ]
}
holds 'tag in two reads' halves
exec 3>&-

# Catches state that open files share.
exec 3<>$dev 4<>$dev
cat key >&4
cat key >&3
cat message >&4
holds 'two open files, the first' gives "$empty_tag"
exec 3>&- 3<&4 4>&-
holds 'two open files, the second' gives "$tag"
exec 3>&-

# What a shell cannot do.
if [ -x /files/device ]; then
	# shellcheck source=device_calls.sh
	. /guest/device_calls.sh
	# shellcheck source=device_fuzz.sh
	. /guest/device_fuzz.sh
fi

exec 3<>$dev
# Catches a module that goes away under an open file.
holds 'rmmod while open: in use' error 'in use' rmmod lib_poly1305_device
exec 3>&-
holds 'rmmod after closing' rmmod lib_poly1305_device
