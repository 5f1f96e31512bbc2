#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# device.sh x86_64|arm64: the manners of /dev/lib_poly1305 in the test
# kernel (what takes a program in C, only for this machine's architecture), and
# "make run" on an empty file, one of a byte and one of 5 MiB.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: device.sh x86_64|arm64}
export ARCH
case "$ARCH" in
x86_64) native=x86_64-avx2 ;;
*) native=arm64-neon ;;
esac
KDIR=$("$PROJECT/tests/vm/kernel.sh" "$ARCH")/base
mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
log=$BUILD/logs/device-$ARCH.log

logged "modules-$ARCH" "$PROJECT/scripts/build.sh" "$KDIR"
mkdir "$work/files"
head -c 32 /dev/urandom >"$work/files/key"
head -c 1000 /dev/urandom >"$work/files/message"
key=$(od -An -v -tx1 "$work/files/key" | tr -d ' \n')
for message in "$work/files/message" /dev/null; do
	openssl mac -macopt "hexkey:$key" -in "$message" POLY1305
done | tr 'A-F\n' 'a-f ' >"$work/files/expected"
echo >>"$work/files/expected"

jobs=(device.job)
# Of a program for arm64 there is no C library here.
if [ "$ARCH" = "$(host_arch)" ]; then
	find_tools
	"clang$LLVM_TOOL_SUFFIX" -O2 -Wall -Wextra -Werror -static -o "$work/files/device" "$PROJECT/tests/guest/device.c"
	jobs+=(device_calls.job)
fi

"$PROJECT/tests/vm/initramfs.sh" "$KDIR" device "$work/initramfs" "$work/files"
"$PROJECT/tests/vm/qemu.sh" "$KDIR" "$work/initramfs" "$log"
passed=0
failed=0
count_guest "$log" < <(guest_tests "${jobs[@]}")

: >"$work/empty"
printf x >"$work/byte"
head -c 5242880 /dev/urandom >"$work/5 MiB"
if "$PROJECT/scripts/run.sh" "$work/empty" "$work/byte" "$work/5 MiB" >"$work/out" &&
	[ "$(grep -c "  $native  *equal    " "$work/out")" -eq 3 ]; then
	passed=$((passed + 1))
else
	cat "$work/out"
	failed=$((failed + 1))
fi

verdict
