#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# qemu.sh KDIR INITRAMFS LOG [CPU]: boots a test kernel, leaves its console in
# LOG, and fails if the guest's job failed or the kernel complained.
#
# By emulation (TCG): that is the same on every machine, and a /dev/kvm that
# opens but boots nothing cannot make it hang.

. "$(dirname "$0")/../common.sh"

KDIR=${1:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
initramfs=${2:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
log=${3:?usage: qemu.sh KDIR INITRAMFS LOG [CPU]}
cpu=${4:-}
limit=${QEMU_TIMEOUT:-600}

# Twice the files, as they are unpacked next to where they were loaded.
memory=$((512 + 3 * $(stat -c %s "$initramfs") / 1048576))
case "$(kernel_arch "$KDIR")" in
x86_64)
	threads=${QEMU_THREADS:-single}
	qemu=(qemu-system-x86_64 -cpu "${cpu:-max}" -kernel "$KDIR/arch/x86/boot/bzImage")
	console=ttyS0
	# With five levels of page tables, KASAN takes good memory for wild while the
	# features of the first CPU are being found: an interrupt then would be reported.
	! grep -qx CONFIG_KASAN=y "$KDIR/.config" || GUEST_CMDLINE="no5lvl ${GUEST_CMDLINE:-}"
	;;
arm64)
	threads=multi
	# The architected algorithm of pointer authentication is slow to emulate.
	qemu=(qemu-system-aarch64 -machine virt -cpu "${cpu:-max,pauth-impdef=on}" -kernel "$KDIR/arch/arm64/boot/Image.gz")
	console=ttyAMA0
	;;
*)
	die "the kernel in $KDIR does not run in QEMU"
	;;
esac
need "${qemu[0]}"

rc=0
timeout "$limit" "${qemu[@]}" -accel "tcg,thread=$threads" -smp 2 -m "$memory" -nodefaults -display none \
	-no-reboot -serial "file:$log" -initrd "$initramfs" \
	-append "console=$console printk.devkmsg=on panic=-1 ${GUEST_CMDLINE:-}" </dev/null >"$log.qemu" 2>&1 || rc=$?
if [ "$rc" -eq 124 ]; then
	die "the guest did not end within $limit s: its console is in $log"
elif [ "$rc" -ne 0 ]; then
	tail -n 3 "$log.qemu" >&2
	die "QEMU failed with status $rc"
fi
check_guest "$log"
