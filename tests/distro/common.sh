# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests share that have roots of Debian as it is: with its own kernels, of which
# none is changed. Sourced, never run.

. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

need mmdebstrap mke2fs qemu-system-x86_64

# build_packages: in build/deb, unless a run of several tests has built them for all.
build_packages() {
	[ "${PACKAGES_BUILT:-no}" = yes ] || logged deb "$PROJECT/packaging/deb.sh"
}

# emulate_arm64: makes this machine run programs for arm64 in roots, by qemu-user. end_root
# undoes it.
emulated=
emulate_arm64() {
	local formats=/proc/sys/fs/binfmt_misc
	if [ "$(uname -m)" = aarch64 ] || [ -e $formats/qemu-aarch64 ]; then
		return
	fi
	need arch-test qemu-aarch64
	[ -e $formats/register ] || as_root mount -t binfmt_misc binfmt_misc $formats
	# The header of an ELF file of 64 bits for AArch64; F opens QEMU now, as roots have none.
	printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:' \
		'\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:' \
		"$(command -v qemu-aarch64):OCF" | as_root tee $formats/register >/dev/null
	emulated=$formats/qemu-aarch64
}

# make_stock SUITE FLAVOUR RELEASE FOLDER: see below; an empty RELEASE is the newest one.
make_stock() {
	local suite=$1 flavour=$2 release=$3 folder=$4 site lines kernels=$1 arch=${2##*-}
	site=$(debian_site)
	lines=("deb [signed-by=$DEBIAN_KEYRING] $site $suite main")
	if [ "$suite" = trixie ]; then
		kernels=$suite-backports
		lines+=("deb [signed-by=$DEBIAN_KEYRING] $site $kernels main")
	fi
	# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
	logged "stock-$suite-$flavour" as_root mmdebstrap --variant=apt --format=directory --skip=cleanup/apt \
		--architectures="$arch" --aptopt='Acquire::Check-Valid-Until "false"' \
		--include=debian-archive-keyring,initramfs-tools,iproute2,busybox,iputils-ping,kmod,mount,openssl,systemd-sysv,udev,wireguard-tools,xxd \
		--customize-hook='chroot "$1" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -t '"$kernels linux-image-${release:-$flavour} linux-headers-${release:-$flavour}" \
		"$suite" "$folder" "${lines[@]}"
}

# stock SUITE FLAVOUR [RELEASE]: prints a folder with what a user of that release has before:
# its newest kernel of that flavour (for trixie, of the backports), or the one named, and its
# headers. It is kept for a month.
stock() {
	monthly "$1-$2${3:+-$3}" make_stock "$1" "$2" "${3:-}"
}

# begin_root LOWER [NAME]: mounts a folder, or several with colons between, of which the first
# wins, as $root, which has that name in $work. What is changed there is left in $upper.
begin_root() {
	upper=$work/${2:-root}.upper
	root=$work/${2:-root}
	as_root mkdir -p "$root" "$upper" "$upper.work"
	as_root mount -t overlay -o "lowerdir=$1,upperdir=$upper,workdir=$upper.work" overlay "$root"
	as_root mount -t proc proc "$root/proc"
}

end_root() {
	# DKMS leaves processes that sleep for three seconds.
	for _ in {1..5}; do
		! mountpoint -q "$root" || as_root umount -qR "$root" || sleep 1
	done
	[ -z "$emulated" ] || echo -1 | as_root tee "$emulated" >/dev/null
}

# inside_of FOLDER COMMAND...: in that root, as if no make had started this. inside COMMAND...: in $root.
inside_of() {
	as_root chroot "$1" env -u ARCH -u MAKEFLAGS -u MFLAGS -u MAKELEVEL DEBIAN_FRONTEND=noninteractive "${@:2}"
}
inside() {
	inside_of "$root" "$@"
}

# nothing_left: of the packages. Otherwise it says what is.
nothing_left() {
	local files
	files=$(cd "$root" && find boot etc lib/modules usr var -name '*lib[-_]poly1305*' ! -path 'var/log/*' ! -path 'var/cache/*') ||
		return
	[ -z "$files" ] || {
		echo "$files"
		return 1
	}
}
