#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# races.sh x86_64|arm64 [SECONDS]: for so long, everything at once that changes
# the table of implementations, under callers, on two CPUs that run at one time.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: races.sh x86_64|arm64 [SECONDS]}
seconds=${2:-30}
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || die "SECONDS must be a number from 1 on, and is '$seconds'"
KDIR=$("$PROJECT/tests/vm/kernel.sh" "$ARCH")/base
mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT
log=$BUILD/logs/races-$ARCH.log

logged "modules-$ARCH" "$PROJECT/scripts/build.sh" "$KDIR"
mkdir "$work/files"
echo "$seconds" >"$work/files/seconds"
second_copy "$KDIR" >"$work/files/second_copy.ko"
head -c 32 /dev/urandom >"$work/files/key"
head -c 5000 /dev/urandom >"$work/files/message"
openssl mac -binary -macopt "hexkey:$(od -An -v -tx1 "$work/files/key" | tr -d ' \n')" \
	-in "$work/files/message" POLY1305 >"$work/files/tag"
"$PROJECT/tests/vm/initramfs.sh" "$KDIR" races "$work/initramfs" "$work/files"
say "booting the $ARCH kernel for $seconds s"
# Hundreds of lines a second say what was registered and refused: only warnings are
# printed.
GUEST_CMDLINE=loglevel=5 QEMU_THREADS=$(qemu_threads) QEMU_TIMEOUT=$((300 + 2 * seconds)) "$PROJECT/tests/vm/qemu.sh" "$KDIR" "$work/initramfs" "$log"

passed=0
failed=0
count_guest "$log" < <(guest_tests races.job)
sed -n 's/.*guest: raced: //p' "$log"
verdict
