#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# device.sh x86_64|arm64 [FLAVOUR [CALLS]]: the manners of /dev/lib_poly1305 in the test
# kernel, or in that flavour of it, and so many random system calls on it (what takes a
# program in C, only for this machine's architecture). In the ordinary test kernel also
# "make run" on an empty file, one of a byte and one of 5 MiB.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

usage='usage: device.sh x86_64|arm64 [FLAVOUR [CALLS]]'
ARCH=${1:?$usage}
export ARCH
flavour=${2:-}
calls=${3:-5000}
[[ "$calls" =~ ^[1-9][0-9]*$ ]] || die "CALLS must be a number from 1 on, and is '$calls'"
seed=${LIB_POLY1305_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
native=$(active_of "$ARCH")
begin_guests "$ARCH" "$flavour"
finds_leaks || true
echo "$calls $seed" >"$work/files/fuzz"
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
	"clang$LLVM_TOOL_SUFFIX" -O2 -Wall -Wextra -Werror -static -pthread -o "$work/files/device_fuzz" \
		"$PROJECT"/tests/guest/fuzz/*.c
	jobs+=(device_calls.sh device_fuzz.sh)
	ktap_print_msg "LIB_POLY1305_SEED=$seed"
fi
# Under every check a call takes some milliseconds by emulation.
export QEMU_TIMEOUT=$((1800 + calls / 50))
run_guest "device-$ARCH${flavour:+-$flavour}" device '' "${jobs[@]}"
if [ -n "$flavour" ]; then
	ktap_finished
	exit
fi

: >"$work/empty"
printf x >"$work/byte"
head -c 5242880 /dev/urandom >"$work/5 MiB"
run_files() {
	"$PROJECT/scripts/run.sh" "$work/empty" "$work/byte" "$work/5 MiB" | tee "$work/out" &&
		[ "$(grep -c "  $native  *equal    " "$work/out")" -eq 3 ]
}
try 'make run' run_files

ktap_finished
