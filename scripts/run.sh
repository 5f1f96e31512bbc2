#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [FILE...]: boots the test kernel in QEMU, computes the tag of each file there
# with the device of callers/device, and compares it with openssl's.
#
#   ARCH=x86_64|arm64   the guest's architecture; default: x86_64
#   KEY=HEX             the key of 32 bytes as 64 digits; default: RFC 8439's

. "$(dirname "$0")/common.sh"

ARCH=${ARCH:-x86_64}
# The key of RFC 8439 section 2.5.2.
KEY=${KEY:-85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b}

declare -A qemu=([x86_64]=qemu-system-x86_64 [arm64]=qemu-system-aarch64)
[ -n "${qemu[$ARCH]:-}" ] ||
	die "ARCH=$ARCH has no test kernel that runs in QEMU: use x86_64 or arm64"
[[ "$KEY" =~ ^[0-9a-fA-F]{64}$ ]] ||
	die "KEY must be 64 hexadecimal digits, which are 32 bytes; it has ${#KEY} characters"

if [ "$#" -eq 0 ]; then
	# Files that every machine has.
	set -- /etc/os-release /etc/passwd "$BASH"
fi
size=0
for file; do
	[ -e "$file" ] || die "there is no file $file"
	[ -f "$file" ] || die "$file is not a regular file"
	[ -r "$file" ] || die "$file cannot be read: check its permissions"
	size=$((size + $(stat -L -c %s "$file")))
done

# The files are in the initramfs, which takes twice its size in the guest's memory.
check_ours "$BUILD"
mkdir -p "$BUILD"
needed=$((size / 1048576 + 64))
free=$(df -Pm "$BUILD" | awk 'NR == 2 { print $4 }')
[ "$((2 * needed))" -le "$free" ] ||
	die "the files need $((2 * needed)) MiB of disk space in $BUILD, and $free MiB are free: name fewer, or set LIB_POLY1305_BUILD= to another folder"
free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
[ "$((3 * needed + 512))" -le "$free" ] ||
	die "a guest with these files needs $((3 * needed + 512)) MiB of memory, and $free MiB are free: name fewer"

KDIR=$("$PROJECT/scripts/kdir.sh")
need "${qemu[$ARCH]}" cpio openssl
logged "modules-$ARCH" "$PROJECT/scripts/build.sh" "$KDIR"

work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"
# shellcheck disable=SC2001 # for bash, a replacement cannot repeat its match
printf '%b' "$(sed 's/../\\x&/g' <<<"$KEY")" >"$work/files/key"
i=0
for file; do
	# Named by number, as file names may contain anything.
	cp -L "$file" "$work/files/$(printf %06d "$i")" ||
		die "$file cannot be copied into $work"
	i=$((i + 1))
done
"$PROJECT/tests/vm/initramfs.sh" "$KDIR" run "$work/initramfs" "$work/files"

say "booting Linux $(cat "$KDIR/include/config/kernel.release") for $ARCH in QEMU"
"$PROJECT/tests/vm/qemu.sh" "$KDIR" "$work/initramfs" "$BUILD/run-$ARCH.log"

wrong=0
i=0
printf '%-32s  %-14s  %-7s  %s\n' tag implementation openssl file
for file; do
	name=$(printf %06d "$i")
	i=$((i + 1))
	read -r tag implementation < <(sed -n "s/.*guest: tag $name \(.*\)/\1/p" "$BUILD/run-$ARCH.log") ||
		die "the guest printed no tag for $file: its console is in $BUILD/run-$ARCH.log"
	expected=$(openssl mac -macopt "hexkey:$KEY" -in "$work/files/$name" POLY1305) ||
		die "openssl cannot compute the tag of $file: install OpenSSL 3"
	if [ "$tag" = "${expected,,}" ]; then
		agrees=equal
	else
		agrees=WRONG
		wrong=$((wrong + 1))
	fi
	printf '%-32s  %-14s  %-7s  %s\n' "$tag" "$implementation" "$agrees" "$file"
done
[ "$wrong" -eq 0 ] || die "$wrong of $i tags differ from openssl's"
