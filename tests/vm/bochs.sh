#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bochs.sh KDIR INITRAMFS LOG MODEL: qemu.sh for the emulator Bochs, which has
# models of CPUs with AVX-512 and AVX-IFMA ("bochs --help cpu" lists them). The CPU has the
# features WITH_FEATURES as well, as Bochs names them; the kernel does without the CPU feature
# WITHOUT_FEATURE, and what needs it.

. "$(dirname "$0")/../common.sh"

KDIR=${1:?usage: bochs.sh KDIR INITRAMFS LOG MODEL}
initramfs=${2:?usage: bochs.sh KDIR INITRAMFS LOG MODEL}
log=${3:?usage: bochs.sh KDIR INITRAMFS LOG MODEL}
model=${4:?usage: bochs.sh KDIR INITRAMFS LOG MODEL}
# It ends what hangs: several times what a run takes beside others.
limit=${BOCHS_TIMEOUT:-1800}
# How many instructions are a second of the guest, which passes in one to two. With
# fewer, waits would be shorter, and no_time_is_lost would find the CPU too slow.
ips=100000000

[ "$(kernel_arch "$KDIR")" = x86_64 ] || die "the kernel in $KDIR does not run in Bochs"
need xorriso
# The first release whose Bochs has AVX-IFMA. It runs with its own libraries.
root=$(DEBIAN_SUITE=trixie "$PROJECT/tests/vm/debian_root.sh" x86_64 bochs,bochs-term,bochsbios,vgabios \
	./usr/bin/bochs-bin ./usr/lib/x86_64-linux-gnu ./usr/lib64 ./usr/share/bochs ./usr/share/vgabios)
export LTDL_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu/bochs/plugins BXSHARE=$root/usr/share/bochs
bochs=("$root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$root/usr/bin/bochs-bin")
work=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$work"' EXIT

# clearcpuid: Bochs reports the cores of the real CPU where there is one.
# tsc_early_khz: a model may report the frequency of the real CPU, by which an
# idle wait would be thousands of millions of instructions.
# reboot=triple: a triple fault is what Bochs can be told to end at.
mkdir "$work/cd"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$work/cd"
cp "$KDIR/arch/x86/boot/bzImage" "$work/cd/kernel"
cp "$initramfs" "$work/cd/initrd"
cat >"$work/cd/isolinux.cfg" <<END
default kernel initrd=initrd console=ttyS0,115200 printk.devkmsg=on panic=-1 reboot=triple clearcpuid=ht${WITHOUT_FEATURE:+,$WITHOUT_FEATURE} tsc_early_khz=$((ips / 1000)) ${GUEST_CMDLINE:-}
END
xorriso -as mkisofs -quiet -o "$work/cd.iso" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 \
	-boot-info-table "$work/cd" >"$log.bochs" 2>&1 || die "no CD can be made: see $log.bochs"

# Of the displays, only a terminal needs no server. Nobody looks at it.
cat >"$work/bochsrc" <<END
cpu: model=$model${WITH_FEATURES:+, add_features=\"$WITH_FEATURES\"}, count=1, ips=$ips, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none, time0=utc
megs: $((512 + 3 * $(stat -c %s "$initramfs") / 1048576))
ata0-master: type=cdrom, path=$work/cd.iso, status=inserted
boot: cdrom
romimage: file=$BXSHARE/BIOS-bochs-latest
vgaromimage: file=$BXSHARE/VGABIOS-lgpl-latest
com1: enabled=1, mode=file, dev=$log
display_library: term
sound: waveoutdrv=dummy
panic: action=fatal
error: action=ignore
log: $log.bochs
END
# Debian's is built with a debugger, which waits for the command to continue.
echo c >"$work/commands"

# Its status is the same for every end, and the only signal it ends at is SIGKILL.
rm -f "$log"
rc=0
{
	TERM=xterm timeout -s KILL "$limit" "${bochs[@]}" -q -rc "$work/commands" -f "$work/bochsrc" </dev/null
} >"$work/display" 2>&1 || rc=$?
[ "$rc" -ne 137 ] || did_not_end 'the guest' "$limit" "$log"
[ -s "$log" ] || {
	grep -a -h PANIC "$work/display" "$log.bochs" >&2 || true
	die "Bochs boots nothing: see $log.bochs"
}
check_guest "$log"
