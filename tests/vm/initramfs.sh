#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# initramfs.sh KDIR JOB OUTPUT [FOLDER [ROOT]]: packs an initramfs with the modules
# for that kernel, a job of tests/guest, FOLDER as /files, and what is in ROOT.

. "$(dirname "$0")/../../scripts/common.sh"

KDIR=${1:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER]}
job=${2:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER]}
output=${3:?usage: initramfs.sh KDIR JOB OUTPUT [FOLDER]}
files=${4:-}
root=${5:-}

guest=$("$PROJECT/tests/vm/guest_root.sh" "$(kernel_arch "$KDIR")")
release=$(cat "$KDIR/include/config/kernel.release")
stage=$(mktemp -d -p "$BUILD")
trap 'rm -rf "$stage"' EXIT

cp -a "$guest/." "$stage/"
rm "$stage/.complete"
[ -z "$root" ] || cp -a "$root/." "$stage/"
install -m 755 "$PROJECT/tests/guest/init" "$stage/init"
install -m 644 "$PROJECT/tests/guest/$job.job" "$stage/job"
# What a job is made of, if that is more than one file.
install -m 644 -D -t "$stage/guest" "$PROJECT/tests/guest/"*.sh "$PROJECT/tests/guest/"*.job
mkdir -p "$stage/lib/modules/$release"
# What depmod asks for besides the modules.
cp "$KDIR/modules.order" "$KDIR/modules.builtin" "$KDIR/modules.builtin.modinfo" "$stage/lib/modules/$release/"
INSTALL_MOD_PATH=$stage "$PROJECT/scripts/build.sh" "$KDIR" modules_install INSTALL_MOD_STRIP=1 >/dev/null 2>"$output.log" || {
	tail -n 5 "$output.log" >&2
	die "the modules cannot be installed: see $output.log"
}
if [ -n "$files" ]; then
	cp -aL "$files/." "$stage/files/"
fi
(cd "$stage" && find . -mindepth 1 -print0 | cpio --quiet --null --create --format=newc --owner=+0:+0) >"$output"
