#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# stress.sh x86_64|arm64|um [FLAVOUR [CYCLES]]: unloads and loads the arch
# module that many times under callers that compute on every CPU, in the test
# kernel of that flavour; "" is the ordinary one.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: stress.sh x86_64|arm64|um [FLAVOUR [CYCLES]]}
flavour=${2:-}
cycles=${3:-20}
name=$ARCH${flavour:+-$flavour}
[[ "$cycles" =~ ^[1-9][0-9]*$ ]] || die "CYCLES must be a number from 1 on, and is '$cycles'"
KDIR=$("$PROJECT/tests/vm/kernel.sh" "$ARCH" ${flavour:+"$flavour"})/base
mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
log=$BUILD/logs/stress-$name.log

mapfile -t tests < <(guest_tests stress.job)
if grep -qx CONFIG_DEBUG_KMEMLEAK=y "$KDIR/.config"; then
	# Without checks of its own the allocator keeps arrays of free objects, where
	# the address of one that was leaked stays, so that kmemleak overlooks it.
	export GUEST_CMDLINE=slab_debug=FZP
else
	tests=("${tests[@]/*kmemleak/}")
fi

logged "modules-$name" "$PROJECT/scripts/build.sh" "$KDIR"
mkdir "$work/files"
echo "$cycles" >"$work/files/cycles"
active_of "$ARCH" >"$work/files/best"
"$PROJECT/tests/vm/initramfs.sh" "$KDIR" stress "$work/initramfs" "$work/files"
say "booting the $name kernel for $cycles cycles"
# A cycle takes about a second by emulation, and some with every check on.
QEMU_TIMEOUT=$((600 + 20 * cycles)) boot_guest "$KDIR" "$work/initramfs" "$log"

passed=0
failed=0
count_guest "$log" < <(printf '%s\n' "${tests[@]}" | grep .)
sed -n 's/.*guest: \([0-9]* cycles, .*\)/\1/p' "$log"
verdict
