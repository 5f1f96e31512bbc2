#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# device.sh x86_64|arm64: the manners of /dev/lib_poly1305 in the test
# kernel (what takes a program in C, only for this machine's architecture), and
# "make run" on an empty file, one of a byte and one of 5 MiB.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: device.sh x86_64|arm64}
export ARCH
native=$(active_of "$ARCH")
begin_guests "$ARCH"
head -c 32 /dev/urandom >"$work/files/key"
head -c 1000 /dev/urandom >"$work/files/message"
key=$(od -An -v -tx1 "$work/files/key" | tr -d ' \n')
for message in "$work/files/message" /dev/null; do
	openssl mac -macopt "hexkey:$key" -in "$message" POLY1305
done | tr 'A-F\n' 'a-f ' >"$work/files/expected"
echo >>"$work/files/expected"

jobs=(device.sh)
# Of a program for arm64 there is no C library here.
if [ "$ARCH" = "$(host_arch)" ]; then
	find_tools
	"clang$LLVM_TOOL_SUFFIX" -O2 -Wall -Wextra -Werror -static -o "$work/files/device" "$PROJECT/tests/guest/device.c"
	jobs+=(device_calls.sh)
fi
run_guest "device-$ARCH" device '' "${jobs[@]}"

: >"$work/empty"
printf x >"$work/byte"
head -c 5242880 /dev/urandom >"$work/5 MiB"
run_files() {
	"$PROJECT/scripts/run.sh" "$work/empty" "$work/byte" "$work/5 MiB" | tee "$work/out" &&
		[ "$(grep -c "  $native  *equal    " "$work/out")" -eq 3 ]
}
try 'make run' run_files

ktap_finished
