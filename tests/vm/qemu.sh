#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# qemu.sh KDIR INITRAMFS LOG [CPU]: boots a test kernel, leaves its console in
# LOG, and fails if the guest's job failed or the kernel complained.

. "$(dirname "$0")/../common.sh"

KDIR=${1:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
initramfs=${2:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
log=${3:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
arch=$(kernel_arch "$KDIR")
case "$arch" in
x86_64)
	kernel=$KDIR/arch/x86/boot/bzImage
	# With five levels of page tables, KASAN takes good memory for wild while the
	# features of the first CPU are being found: an interrupt then would be reported.
	! grep -qx CONFIG_KASAN=y "$KDIR/.config" || GUEST_CMDLINE="no5lvl ${GUEST_CMDLINE:-}"
	;;
arm64) kernel=$KDIR/arch/arm64/boot/Image.gz ;;
*) die "the kernel in $KDIR does not run in QEMU" ;;
esac
# Twice the files, as they are unpacked next to where they were loaded.
boot_qemu "$arch" "$kernel" "$initramfs" "$log" -cpu "${4:-$(qemu_cpu "$arch")}" \
	-m $((512 + 3 * $(stat -c %s "$initramfs") / 1048576))
