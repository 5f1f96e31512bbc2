#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# packages.sh: the packages on a Debian 13 with two kernels of its backports, without booting
# them: each order of two of installing, upgrading, removing a kernel or the packages, and
# then what can go wrong (packages_faults.sh).

. "$(dirname "$0")/common.sh"

mkdir -p "$BUILD/logs"
# The newest kernel of the backports, and the newest of the version of Linux before.
kernels=$(inside_of "$(stock trixie amd64)" apt-cache pkgnames linux-image- |
	sed -n 's/^linux-image-\([0-9.]*+deb13-cloud-amd64\)$/\1/p' | sort -V)
new=$(tail -n 1 <<<"$kernels")
source=linux-source-$(cut -d . -f 1-2 <<<"$new")
old=$(grep -v "^${source#*-*-}\." <<<"$kernels" | tail -n 1)
work=$(mktemp -d -p "$BUILD")
trap 'end_root; as_root rm -rf "$work"' EXIT
root=$work/none

# This version as it is, and a next one, which differs in nothing else, by a copy of the project.
build_packages
this=$(dpkg-deb -f "$BUILD/deb/"lib-poly1305-dkms_*.deb Version)
next=$this.1
as_root install -D -m 644 -t "$work/packages" "$BUILD/deb/"*.deb
copy_project "$work/project"
{
	sed "s/($this)/($next)/; s/^ -- .*/ -- @MAINTAINER@  $(date -R)/" "$PROJECT/packaging/debian/changelog"
	echo
	cat "$PROJECT/packaging/debian/changelog"
} >"$work/project/packaging/debian/changelog"
LIB_POLY1305_BUILD=$work/build DEBFULLNAME=Nobody DEBEMAIL=nobody@example.org \
	logged deb-next "$work/project/packaging/deb.sh"
as_root install -m 644 -t "$work/packages" "$work/build/deb/"*.deb
dkms_deb=/packages/lib-poly1305-dkms
dropin_deb=/packages/lib-poly1305-dropin

# A state is a root in which something was done to another. below[STATE] are its layers.
declare -A below
# state NAME FROM [KERNEL...]: $root is a new one, that begins as FROM, and has the metadata
# of these kernels (old, new), which takes minutes to make.
state() {
	local layers=${below[$2]} kernel
	end_root
	for kernel in "${@:3}"; do
		layers=$work/made-$kernel:${layers//"$work/made-$kernel:"/}
	done
	begin_root "$layers" "${1//[^a-z0-9.]/_}"
	below[$1]=$upper:$layers
}

apt() {
	inside apt-get -q -y --allow-downgrades "$@"
}

# Where it all begins: the older kernel, the packages that ours depends on, a key of DKMS,
# and the newer kernel's packages in the cache. Images of initramfs are another test's.
below[stock]=$(stock trixie "${old#*-}" "$old")
state start stock
prepare() {
	as_root cp -a "$work/packages" "$root/"
	apt --no-install-recommends satisfy "dkms, $(dpkg-deb -f "$BUILD/deb/"lib-poly1305-dkms_*.deb Depends)"
	apt --no-install-recommends --download-only install "linux-image-$new" "linux-headers-$new"
	inside openssl req -new -x509 -nodes -days 9 -subj '/CN=key of this test' -newkey rsa:2048 \
		-keyout /var/lib/dkms/mok.key -outform DER -out /var/lib/dkms/mok.pub
	as_root sed -i 's/^update_initramfs=.*/update_initramfs=no/' "$root/etc/initramfs-tools/update-initramfs.conf"
}
logged packages-start prepare

# own KERNEL: the kernel's own libpoly1305 is where it was, and modprobe takes it.
own() {
	[[ "$(inside modinfo -k "$1" -n libpoly1305)" == */kernel/lib/crypto/libpoly1305.ko* ]] || {
		echo "libpoly1305 of kernel $1 is not its own"
		return 1
	}
}

# holds VERSION DROPIN KERNEL...: what must be so with these versions of the packages, "" for
# none, and these kernels, whatever was done before.
# Catches modules that are missing, of another version, or for another kernel, anything of a
# removed package or kernel, and a libpoly1305 that is not the kernel's own without the drop-in.
holds() {
	local version=$1 dropin=$2 kernel file files module modules=() wanted
	shift 2
	wanted=$(printf '%s\n' "$@" | sort)
	same "$wanted" ls "$root/lib/modules" || return
	same "$(for kernel; do
		[ -z "$dropin" ] || echo "lib-poly1305-dropin/$dropin, $kernel, x86_64: installed"
		[ -z "$version" ] || echo "lib-poly1305/$version, $kernel, x86_64: installed"
	done | sort)" inside dkms status || return
	files=$(find "$root/usr/lib/modules" -path '*/updates/*' -name '*.ko*') || return
	for file in $files; do
		kernel=${file#"$root/usr/lib/modules/"}
		[ "$(modinfo -F vermagic "$file" | cut -d ' ' -f 1)" = "${kernel%%/*}" ] || {
			echo "$file is for another kernel"
			return 1
		}
	done
	[ -z "$version" ] || modules=(lib_poly1305 lib_poly1305_x86 lib_poly1305_device)
	[ -z "$dropin" ] || modules+=(libpoly1305)
	for kernel; do
		for module in "${modules[@]}"; do
			file=lib-poly1305/$version
			[ "$module" != libpoly1305 ] || file=lib-poly1305-dropin/$dropin
			cmp "$root/var/lib/dkms/$file/$kernel/x86_64/module/$module.ko"* \
				"$root/$(inside modinfo -k "$kernel" -n "$module")" || return
		done
		[ -f "$root/lib/modules/$kernel/kernel/lib/crypto/libpoly1305.ko.xz" ] || return
		[ -n "$dropin" ] || own "$kernel" || return
	done
	if [ -n "$version" ]; then
		same "$wanted" ls "$root/var/lib/lib-poly1305/kernels"
	else
		nothing_left
	fi
}

# step NAME FROM OPERATION VERSION DROPIN KERNELS [KERNEL...]: a test: that operation on the state
# FROM ends well, and the new state NAME holds.
step() {
	local from=$2 operation=$3 version=$4 dropin=$5 kernels
	read -ra kernels <<<"$6"
	state "$1" "$from" "${@:7}"
	done_so() {
		"$operation" && holds "$version" "$dropin" "${kernels[@]}"
	}
	try "$1" done_so
}

install() { apt install "${dkms_deb}_${this}_all.deb"; }
upgrade() { apt install "${dkms_deb}_${next}_all.deb"; }
purge() { apt purge lib-poly1305-dkms; }
kernel() { apt install "linux-image-$new" "linux-headers-$new"; }
no_kernel() { apt purge "linux-"{base,binary,headers,image,modules}"-$1"; }
no_old() { no_kernel "$old"; }
no_new() { no_kernel "$new"; }
with_dropin() { apt install "${dropin_deb}_${this}_all.deb"; }
upgrade_both() { apt install "${dkms_deb}_${next}_all.deb" "${dropin_deb}_${next}_all.deb"; }
downgrade_both() { apt install "${dkms_deb}_${this}_all.deb" "${dropin_deb}_${this}_all.deb"; }
no_dropin() { apt purge lib-poly1305-dropin; }

ktap_print_header
# These two make the metadata, of the older kernel from a source that is downloaded.
step 'install' start install "$this" '' "$old"
step 'install, kernel upgrade' install kernel "$this" '' "$old $new"
for kernel in old new; do
	as_root mkdir -p "$work/made-$kernel/var/lib/lib-poly1305/kernels"
	as_root cp -a -t "$work/made-$kernel/var/lib/lib-poly1305/kernels" "$root/var/lib/lib-poly1305/kernels/${!kernel}"
done

step 'kernel upgrade' start kernel '' '' "$old $new"
step 'kernel upgrade, install' 'kernel upgrade' install "$this" '' "$old $new" old new
step 'kernel upgrade, kernel removal' 'kernel upgrade' no_old '' '' "$new"
step 'kernel removal, install' 'kernel upgrade, kernel removal' install "$this" '' "$new" new
step 'install, package upgrade' install upgrade "$next" '' "$old"
step 'package upgrade, kernel upgrade' 'install, package upgrade' kernel "$next" '' "$old $new" new
step 'package upgrade, install of the version before' 'install, package upgrade' install "$this" '' "$old"
step 'package upgrade, package removal' 'install, package upgrade' purge '' '' "$old"
step 'install, package removal' install purge '' '' "$old"
step 'package removal, install' 'install, package removal' install "$this" '' "$old" old
step 'package removal, install of the next version' 'install, package removal' upgrade "$next" '' "$old" old
step 'package removal, kernel upgrade' 'install, package removal' kernel '' '' "$old $new"
step 'kernel upgrade, package upgrade' 'install, kernel upgrade' upgrade "$next" '' "$old $new"
step 'package upgrade, kernel removal' 'kernel upgrade, package upgrade' no_old "$next" '' "$new"
step 'install, kernel removal' 'install, kernel upgrade' no_old "$this" '' "$new"
step 'kernel removal, package upgrade' 'install, kernel removal' upgrade "$next" '' "$new"
step 'kernel removal, package removal' 'install, kernel removal' purge '' '' "$new"
step 'removal of the new kernel' 'install, kernel upgrade' no_new "$this" '' "$old"
step 'kernel removal, kernel upgrade' 'removal of the new kernel' kernel "$this" '' "$old $new" new
step 'kernel upgrade, package removal' 'install, kernel upgrade' purge '' '' "$old $new"
step 'package removal, kernel removal' 'kernel upgrade, package removal' no_old '' '' "$new"

step 'drop-in' install with_dropin "$this" "$this" "$old"
step 'drop-in, kernel upgrade' drop-in kernel "$this" "$this" "$old $new" new
step 'drop-in, package upgrade' 'drop-in, kernel upgrade' upgrade_both "$next" "$next" "$old $new"
step 'drop-in, package downgrade' 'drop-in, package upgrade' downgrade_both "$this" "$this" "$old $new"
step 'drop-in, kernel removal' 'drop-in, package upgrade' no_old "$next" "$next" "$new"
step 'drop-in, drop-in removal' 'drop-in, kernel removal' no_dropin "$next" '' "$new"
step 'drop-in, package removal' 'drop-in, kernel removal' purge '' '' "$new"

. "$PROJECT/tests/distro/packages_faults.sh"
. "$PROJECT/tests/distro/packages_images.sh"
ktap_finished
