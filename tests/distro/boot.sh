#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# boot.sh SUITE FLAVOUR [package]: the packages on Debian as it is: installed by apt, next to
# Debian's own kernel of that flavour with its headers, loaded in QEMU by that kernel, and
# purged. For trixie the kernel is that of the backports. "package" leaves it at that; otherwise
# the guest also does with them what guests do with test kernels.

. "$(dirname "$0")/common.sh"

suite=${1:?usage: boot.sh SUITE FLAVOUR [package]}
flavour=${2:?usage: boot.sh SUITE FLAVOUR [package]}
part=${3:-}
config=distro-$suite-$flavour${part:+-$part}
mkdir -p "$BUILD/logs"
build_packages
arch=x86_64
if [[ "$flavour" == *arm64 ]]; then
	arch=arm64
	emulate_arm64
fi
stock=$(stock "$suite" "$flavour")
work=$(mktemp -d -p "$BUILD")
trap 'end_root; as_root rm -rf "$work"' EXIT
begin_root "$stock"
# Making the kernel's metadata takes most of the time: it is kept, but where that is measured.
metadata=$CACHE/distro/kernels-$suite-$flavour
as_root install -D -m 644 -t "$root/packages" "$BUILD/deb/"*.deb
release=$(cd "$root/lib/modules" && echo *"$flavour")

# The time that an installation may take, in seconds; on an emulated CPU, any.
limit=360
[ -z "$emulated" ] || limit=10000

# Catches a package that needs another step, or time that nobody waits.
install_package() {
	local begun=$SECONDS
	logged "$config-install" inside sh -c 'apt-get install -y /packages/lib-poly1305-dkms_*.deb' &&
		echo "apt install took $((SECONDS - begun)) s" >"$work/took" &&
		[ "$((SECONDS - begun))" -le "$limit" ] &&
		[[ $(inside dkms status -k "$release") == lib-poly1305/*": installed"* ]]
}

# Catches a drop-in that is not taken.
install_dropin() {
	logged "$config-install-dropin" inside sh -c 'apt-get install -y /packages/lib-poly1305-dropin_*.deb' &&
		[[ $(inside modinfo -k "$release" -n libpoly1305) == */updates/* ]]
}

# make_disk: of the root, with what guests have of this project.
make_disk() {
	as_root mkdir -p "$root/guest" "$root/files"
	as_root cp "$PROJECT/tests/ktap.sh" "$PROJECT/tests/guest/init" "$PROJECT/tests/guest/"*.sh "$root/guest/"
	# What network tests know is that of busybox.
	as_root ln -sf busybox "$root/bin/nc"
	# shellcheck disable=SC2016 # the guest expands it
	echo '. "/guest/$(sed "s/.*guest_job=//" /proc/cmdline).sh"' | as_root tee "$root/job" >/dev/null
	as_root umount "$root/proc"
	truncate -s 8G "$work/disk"
	as_root mke2fs -q -t ext4 -d "$root" "$work/disk"
	as_root chmod a+rw "$work/disk"
	as_root mount -t proc proc "$root/proc"
}

# build_tests: the modules that callers and faults are.
build_tests() {
	as_root mkdir -p "$root/src"
	(cd "$PROJECT" && project_files . | as_root cpio --quiet --null -pdm "$root/src") &&
		logged "$config-modules" inside env LIB_POLY1305_BUILD=/var/tmp/build /src/tests/distro/modules.sh "$release"
}

# boot JOB OPTION FILE...: the kernel, with that option, and its initramfs as they are.
boot() {
	local log=$BUILD/logs/$config-$1.log
	GUEST_CMDLINE="root=/dev/vda rw init=/guest/init $2 guest_job=$1" boot_qemu "$arch" "$root/boot/vmlinuz-$release" \
		"$root/boot/initrd.img-$release" "$log" -cpu "$(qemu_cpu "$arch")" -m 2G \
		-drive "file=$work/disk,if=virtio,format=raw,cache=unsafe" &&
		guest_results "$log" "${@:3}"
}

# Catches what a removal leaves behind.
purge() {
	logged "$config-purge" inside apt-get purge -y lib-poly1305-dkms && nothing_left &&
		[[ $(inside modinfo -k "$release" -n libpoly1305) == */kernel/* ]]
}

ktap_print_header
if [ "$part" = package ] && [ -d "$metadata" ]; then
	as_root mkdir -p "$root/var/lib/lib-poly1305"
	as_root cp -a "$metadata" "$root/var/lib/lib-poly1305/kernels"
fi
try 'apt install' install_package
ktap_print_msg "$(cat "$work/took")"
if [ "$part" = package ]; then
	as_root rm -rf "$metadata"
	as_root cp -a "$root/var/lib/lib-poly1305/kernels" "$metadata"
	make_disk
	ktap_test_result "boot of $suite's $flavour" boot distro_package '' distro_package.sh
	try 'apt purge' purge
	ktap_finished
	exit
fi
try 'apt install of the drop-in' install_dropin
try 'test modules' build_tests
make_disk
export QEMU_TIMEOUT=2400
ktap_test_result "boot of $suite's $flavour in lockdown" boot distro_locked lockdown=integrity distro_locked.sh
ktap_test_result "boot of $suite's $flavour, only signed modules" boot distro_enforced module.sig_enforce=1 distro_enforced.sh
ktap_test_result "boot of $suite's $flavour" boot distro '' distro_package.sh \
	lifecycle_{loading,absent,selecting,unloading,failing}.sh stress.sh dropin_{modules,tls,wireguard}.sh
as_root find "$root/lib/modules/$release/updates" -mindepth 1 -maxdepth 1 ! -name dkms -exec rm -rf {} +
as_root rm -rf "$root/src" "$root/var/tmp/build"
try 'apt purge' purge
ktap_finished
