#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KDIR [MAKE ARGUMENTS]: builds the modules against that kernel and
# prints the folder they are in. modules_install as an argument installs those
# that were built, or the ones that INSTALL_ONLY, a pattern, names.

. "$(dirname "$0")/common.sh"

KDIR=${1:?usage: build.sh KDIR}
shift
"$PROJECT/scripts/preflight.sh" "$KDIR"
KDIR=$(cd "$KDIR" && pwd)
find_tools

folder=$(modules_folder "$KDIR")
# Only one build at a time in a folder.
mkdir -p "$folder"
exec 8>"$folder/.lock"
flock 8
# All modules, unless the user has chosen some; new options get their defaults.
if [ -f "$folder/config/.config" ]; then
	"$PROJECT/scripts/config.sh" "$KDIR" olddefconfig
else
	"$PROJECT/scripts/config.sh" "$KDIR" allmodconfig
fi

case "${INSTALL_MOD_PATH:=}" in
*[[:space:]]*) die "INSTALL_MOD_PATH=$INSTALL_MOD_PATH has a space, with which make cannot install: use another folder" ;;
?*) INSTALL_MOD_PATH=$(realpath -m "$INSTALL_MOD_PATH") ;;
esac

mapfile -t options < <(kernel_make_options "$KDIR/include/config/auto.conf")
mkdir -p "$folder/modules"
# The bits do not depend on where the project is, and where it is built. The kernel maps only
# what the code itself says of its place.
c_flags=
rust_flags=
for place in "$(realpath "$PROJECT")" "$(realpath "$folder")"; do
	c_flags+=" -ffile-prefix-map=$place/="
	rust_flags+=" --remap-path-prefix=$place/="
done
# Modules for user-mode Linux use absolute 64-bit addresses: its loader supports no
# GOT, and its symbols are too far away for the kernel's own small code model.
[ "$(kernel_arch "$KDIR")" != um ] || rust_flags+=' -Crelocation-model=static -Ccode-model=large'
options+=("CFLAGS_MODULE=$c_flags" "RUSTFLAGS_MODULE=$rust_flags")
output=$folder/modules

# to_install: makes a folder of links to the built modules, with a modules.order of its
# own. It has the drop-in only if INSTALL_ONLY names it (dropin.sh).
to_install() {
	local entry choice=(-v -E '(^|/)libpoly1305\.o$')
	[ -z "${INSTALL_ONLY:-}" ] || choice=(-E "(^|/)$INSTALL_ONLY\.o$")
	[ -f "$folder/modules/modules.order" ] || die "no modules are built for $KDIR: run 'make KDIR=$KDIR' first"
	rm -rf "$folder/install"
	mkdir "$folder/install"
	for entry in "$folder/modules"/*; do
		[ "${entry##*/}" = modules.order ] || ln -s "$entry" "$folder/install/"
	done
	grep "${choice[@]}" "$folder/modules/modules.order" >"$folder/install/modules.order"
}
release=
case " $* " in
*' modules_install '*)
	to_install
	output=$folder/install
	release=$(cat "$KDIR/include/config/kernel.release")
	mapfile -t installed < <(sed 's/\.o$//' "$folder/install/modules.order")
	"$PROJECT/scripts/twins.sh" "$INSTALL_MOD_PATH/lib/modules/$release" "${INSTALL_MOD_DIR:-updates}" "${installed[@]}"
	;;
esac

make -C "$KDIR" "${options[@]}" ARCH="$(kernel_arch "$KDIR")" -j"$JOBS" \
	M="$PROJECT" MO="$output" LIB_POLY1305_CONFIG="$folder/config" \
	INSTALL_MOD_PATH="$INSTALL_MOD_PATH" "${@:-modules}" >&2
# Without a System.map, as in the headers of a distribution, make has run no depmod.
if [ -n "$release" ] && [ ! -f "$KDIR/System.map" ]; then
	PATH=$PATH:/sbin:/usr/sbin depmod ${INSTALL_MOD_PATH:+-b "$INSTALL_MOD_PATH"} "$release" >&2
fi
echo "$folder/modules"
