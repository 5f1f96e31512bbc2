#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stress.sh x86_64|arm64|um [FLAVOUR [CYCLES]]: unloads and loads the arch
# module that many times under callers that compute on every CPU, both at one time, in
# the test kernel of that flavour; "" is the ordinary one.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: stress.sh x86_64|arm64|um [FLAVOUR [CYCLES]]}
cycles=${3:-20}
[[ "$cycles" =~ ^[1-9][0-9]*$ ]] || die "CYCLES must be a number from 1 on, and is '$cycles'"
begin_guests "$ARCH" "${2:-}"
finds_leaks || echo 'stress: kmemleak' >"$work/files/without"
echo "$cycles" >"$work/files/cycles"
active_of "$ARCH" >"$work/files/best"
# A cycle takes about a second by emulation, and some with every check on.
export QEMU_TIMEOUT=$((1800 + 20 * cycles))
QEMU_THREADS=$(qemu_threads) run_guest "stress-$ARCH${2:+-$2}" stress '' stress.sh
ktap_finished
