#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dropin.sh install|uninstall KDIR: installs callers/libpoly1305 in place of that
# kernel's own libpoly1305, below INSTALL_MOD_PATH if that is set, or removes it
# again. The kernel's own file is not changed: depmod prefers the folder updates.
# Both can be repeated.

. "$(dirname "$0")/common.sh"

action=${1:?usage: dropin.sh install|uninstall KDIR}
KDIR=${2:?usage: dropin.sh install|uninstall KDIR}
case "$action" in
install | uninstall) ;;
*) die "no action '$action': use install or uninstall" ;;
esac
"$PROJECT/scripts/preflight.sh" "$KDIR"
KDIR=$(cd "$KDIR" && pwd)
release=$(cat "$KDIR/include/config/kernel.release")
case "$(sed -n 's/^CONFIG_CRYPTO_LIB_POLY1305=//p' "$KDIR/include/config/auto.conf")" in
m) ;;
y) die "kernel $release has libpoly1305 built in, which no module can replace: build it with CONFIG_CRYPTO_LIB_POLY1305=m, which needs all its users as modules" ;;
*) die "kernel $release has no libpoly1305 to replace: build it with a user of it as a module, such as CONFIG_WIREGUARD=m" ;;
esac

# make runs in another working folder.
root=${INSTALL_MOD_PATH:+$(realpath -m "$INSTALL_MOD_PATH")}
modules=$root/lib/modules/$release
updates=$modules/updates
folder=$(modules_folder "$KDIR")

# found MODULE: its files in the folder updates, compressed or not.
found() {
	[ ! -d "$updates" ] || find "$updates" -name "$1.ko*"
}

index() {
	PATH=$PATH:/sbin:/usr/sbin depmod ${root:+-b "$root"} "$release" ||
		die "depmod failed for $modules: install kmod, or install the modules of kernel $release there"
}

# preferred: the file that modprobe would load.
preferred() {
	PATH=$PATH:/sbin:/usr/sbin modinfo ${root:+-b "$root"} -k "$release" -n libpoly1305
}

install_dropin() {
	local module wanted=libpoly1305
	"$PROJECT/scripts/build.sh" "$KDIR" >/dev/null
	grep -qx CONFIG_LIB_POLY1305_DROPIN=m "$folder/config/.config" ||
		die "CONFIG_LIB_POLY1305_DROPIN is not enabled for $KDIR: enable it by 'make KDIR=$KDIR menuconfig'"
	for module in lib_poly1305 lib_poly1305_x86 lib_poly1305_arm64; do
		[ -n "$(found "$module")" ] || wanted+="|$module"
	done
	INSTALL_ONLY="($wanted)" INSTALL_MOD_PATH=$root INSTALL_MOD_DIR=updates \
		"$PROJECT/scripts/build.sh" "$KDIR" modules_install >/dev/null
	index
	case "$(preferred)" in
	"$updates"/*) ;;
	*) die "modprobe would load $(preferred): put updates before built-in in the search line of /etc/depmod.d" ;;
	esac
	say "libpoly1305 is now $(preferred); if the kernel's own is loaded, unload it or reboot"
}

uninstall_dropin() {
	local file
	while read -r file; do
		[[ "$file" != "$updates/dkms/"* ]] ||
			die "$file is installed by DKMS: remove its package, by 'apt remove lib-poly1305-dropin'"
		rm "$file"
		# And the folders that are empty then.
		(cd "$updates" && rmdir -p --ignore-fail-on-non-empty "$(realpath --relative-to=. "$(dirname "$file")")")
	done < <(found libpoly1305)
	index
	say "libpoly1305 is now $(preferred); if the drop-in is loaded, unload it or reboot; lib_poly1305 stays installed"
}

"${action}_dropin"
