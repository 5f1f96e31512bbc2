#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# allocations.sh x86_64|arm64|um [FLAVOUR]: every allocation of loading, registering,
# declining, pinning, selecting, listing, the device and the drop-in fails once, in the
# test kernel of that flavour.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: allocations.sh x86_64|arm64|um [FLAVOUR]}
begin_guests "$ARCH" "${2:-}"
active_of "$ARCH" >"$work/files/best"
guest_program allocations "$work/files"
dropin=$(modules_folder "$KDIR")/modules/callers/libpoly1305/libpoly1305.ko
if [ -e "$dropin" ]; then
	cp "$dropin" "$work/files/"
else
	echo 'allocations: drop-in' >"$work/files/without"
fi
finds_leaks || echo 'allocations: kmemleak' >>"$work/files/without"
export GUEST_CMDLINE='loglevel=5 slab_debug=FZP'
run_guest "allocations-$ARCH${2:+-$2}" allocations '' allocations.sh
ktap_finished
