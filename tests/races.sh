#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# races.sh x86_64|arm64 [SECONDS]: for so long, everything at once that changes
# the table of implementations, under callers, on two CPUs that run at one time.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: races.sh x86_64|arm64 [SECONDS]}
seconds=${2:-30}
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || die "SECONDS must be a number from 1 on, and is '$seconds'"
begin_guests "$ARCH"
echo "$seconds" >"$work/files/seconds"
second_copy "$KDIR" >"$work/files/second_copy.ko"
head -c 32 /dev/urandom >"$work/files/key"
head -c 5000 /dev/urandom >"$work/files/message"
openssl mac -binary -macopt "hexkey:$(od -An -v -tx1 "$work/files/key" | tr -d ' \n')" \
	-in "$work/files/message" POLY1305 >"$work/files/tag"
# Hundreds of lines a second say what was registered and refused: only warnings are
# printed.
export GUEST_CMDLINE=loglevel=5 QEMU_TIMEOUT=$((300 + 2 * seconds))
QEMU_THREADS=$(qemu_threads) run_guest "races-$ARCH" races '' races.sh
ktap_finished
