#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# races.sh x86_64|arm64|um [FLAVOUR [CYCLES]]: everything at once that changes the table
# of implementations, under callers, on two CPUs that run at one time, in the test kernel
# of that flavour ("" is the ordinary one): for 20 seconds, or on the ordinary one, which is
# faster than others, for 15, and until modules were loaded and unloaded CYCLES times, which
# are 20 if it is not given.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: races.sh x86_64|arm64|um [FLAVOUR [CYCLES]]}
flavour=${2:-}
cycles=${3:-20}
[[ "$cycles" =~ ^[1-9][0-9]*$ ]] || die "CYCLES must be a number from 1 on, and is '$cycles'"
begin_guests "$ARCH" "$flavour"
finds_leaks || echo 'races: kmemleak' >"$work/files/without"
seconds=20
[ -n "$flavour" ] || seconds=15
echo "$seconds $cycles" >"$work/files/limits"
active_of "$ARCH" >"$work/files/best"
second_copy "$KDIR" >"$work/files/second_copy.ko"
guest_program races "$work/files"
# In a folder of the kernel's own, it would be one of two of that name.
dropin=$(modules_folder "$KDIR")/modules/callers/libpoly1305/libpoly1305.ko
[ ! -e "$dropin" ] || cp "$dropin" "$work/files/"
head -c 32 /dev/urandom >"$work/files/key"
head -c 5000 /dev/urandom >"$work/files/message"
openssl mac -binary -macopt "hexkey:$(od -An -v -tx1 "$work/files/key" | tr -d ' \n')" \
	-in "$work/files/message" POLY1305 >"$work/files/tag"
# Hundreds of lines a second say what was registered and refused: only warnings are
# printed. What is freed has a pattern, where the kernel can do that.
export GUEST_CMDLINE='loglevel=5 slab_debug=FZP' QEMU_TIMEOUT=$((1800 + 5 * cycles)) UM_TIMEOUT=$((1800 + cycles))
QEMU_THREADS=$(qemu_threads) run_guest "races-$ARCH${flavour:+-$flavour}" races '' races.sh
ktap_finished
