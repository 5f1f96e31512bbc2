#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh SUITE FLAVOUR: the package on Debian as it is: installed by apt, next to Debian's own
# kernel with its headers, loaded in QEMU by that kernel, and purged. For trixie the kernel is
# that of the backports.

. "$(dirname "$0")/common.sh"

suite=${1:?usage: boot.sh SUITE FLAVOUR}
flavour=${2:?usage: boot.sh SUITE FLAVOUR}
mkdir -p "$BUILD/logs"
logged deb "$PROJECT/packaging/deb.sh"
stock=$(stock "$suite" "$flavour")
work=$(mktemp -d -p "$BUILD")
trap 'end_root; as_root rm -rf "$work"' EXIT
begin_root "$stock"
as_root install -D -m 644 -t "$root/packages" "$BUILD/deb/"*.deb

ktap_print_header
say "installing the package, which builds for the kernel"
try 'apt install' inside sh -c 'apt-get install -y /packages/lib-poly1305-dkms_*.deb'
ktap_print_msg "$SECONDS s, with the packages built"
try 'modules are installed' inside sh -c 'dkms status | grep -E "lib-poly1305/.*: installed"'

# The guest: the kernel and its initramfs as they are, and this root as its disk.
boot_stock() {
	local log=$BUILD/logs/distro-$suite-$flavour.log
	as_root mkdir -p "$root/guest"
	as_root cp "$PROJECT/tests/ktap.sh" "$PROJECT/tests/guest/"{init,steps.sh} "$root/guest/"
	as_root cp "$PROJECT/tests/guest/distro.sh" "$root/job"
	as_root umount "$root/proc"
	truncate -s 6G "$work/disk"
	as_root mke2fs -q -t ext4 -d "$root" "$work/disk"
	as_root chmod a+rw "$work/disk"
	timeout 600 qemu-system-x86_64 -accel tcg -cpu max -smp 2 -m 2G -nodefaults -display none -no-reboot \
		-serial "file:$log" -drive "file=$work/disk,if=virtio,format=raw" \
		-kernel "$(echo "$root"/boot/vmlinuz-*)" -initrd "$(echo "$root"/boot/initrd.img-*)" \
		-append 'root=/dev/vda rw console=ttyS0 init=/guest/init printk.devkmsg=on panic=-1' </dev/null
	as_root mount -t proc proc "$root/proc"
	check_guest "$log" && guest_results "$log" distro.sh
}
ktap_test_result "boot of $suite's kernel" boot_stock

try 'apt purge' inside apt-get purge -y lib-poly1305-dkms
nothing_left() {
	[ -z "$(left)" ] || {
		left
		return 1
	}
}
try 'nothing is left' nothing_left

ktap_finished
