#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh KDIR JOB OUTPUT [FOLDER [ROOT]]: packs an initramfs with the modules
# for that kernel, a job of tests/guest, FOLDER as /files, and what is in ROOT. Its
# programs are Debian's: a shell, kmod (busybox's own modprobe ignores soft
# dependencies), ip and wg if GUEST_NETWORK=yes, and busybox for the rest.

. "$(dirname "$0")/../../scripts/common.sh"

KDIR=${1:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER [ROOT]]}
job=${2:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER [ROOT]]}
output=${3:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER [ROOT]]}
files=${4:-}
root=${5:-}

packages=dash,kmod,busybox-static
programs=(busybox dash kmod)
if [ "${GUEST_NETWORK:-no}" = yes ]; then
	packages+=,iproute2,wireguard-tools
	programs+=(ip wg)
fi
guest=$("$PROJECT/tests/vm/debian_root.sh" "$(kernel_arch "$KDIR")" "$packages" --exclude='*-linux-gnu/*/*' \
	./bin ./sbin ./lib ./lib64 ./usr/lib64 './usr/lib/*.so*' "${programs[@]/#/./usr/bin/}")
release=$(cat "$KDIR/include/config/kernel.release")
stage=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$stage"' EXIT

cp -a "$guest/." "$stage/"
mkdir -p "$stage"/{usr/sbin,dev,proc,sys,tmp,etc,files}
for applet in awk cat cmp cp dd dmesg echo false grep head hexdump ls mkdir mount mv nc ping poweroff rm sed \
	sleep sort stat tail tr uname wc; do
	ln -s busybox "$stage/usr/bin/$applet"
done
ln -s dash "$stage/usr/bin/sh"
for tool in modprobe insmod rmmod lsmod depmod modinfo; do
	ln -s ../bin/kmod "$stage/usr/sbin/$tool"
done
[ -z "$root" ] || cp -a "$root/." "$stage/"
[ -z "$files" ] || cp -aL "$files/." "$stage/files/"

install -m 755 "$PROJECT/tests/guest/init" "$stage/init"
ln -s "guest/$job.sh" "$stage/job"
# A job may be made of more than one file.
install -m 644 -D -t "$stage/guest" "$PROJECT/tests/ktap.sh" "$PROJECT/tests/guest/"*.sh
mkdir -p "$stage/lib/modules/$release"
# What depmod asks for besides the modules.
cp "$KDIR/modules.order" "$KDIR/modules.builtin" "$KDIR/modules.builtin.modinfo" "$stage/lib/modules/$release/"
INSTALL_MOD_PATH=$stage "$PROJECT/scripts/build.sh" "$KDIR" modules_install INSTALL_MOD_STRIP=1 >/dev/null 2>"$output.log" || {
	tail -n 5 "$output.log" >&2
	die "the modules cannot be installed: see $output.log"
}
(cd "$stage" && find . -mindepth 1 -print0 | cpio --quiet --null --create --format=newc --owner=+0:+0) >"$output"
