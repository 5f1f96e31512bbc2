#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# config.sh KDIR olddefconfig|menuconfig|...: chooses which modules to build
# against that kernel, by the project's Kconfig and the kernel's conf program.
#
# The folder config next to the modules has the choices in .config, and in auto.conf,
# autoconf.h and rustc_cfg for make, C and Rust.

. "$(dirname "$0")/common.sh"

KDIR=${1:?usage: config.sh KDIR TARGET}
target=${2:?usage: config.sh KDIR TARGET}
"$PROJECT/scripts/preflight.sh" "$KDIR"
KDIR=$(cd "$KDIR" && pwd)
folder=$(modules_folder "$KDIR")/config
mkdir -p "$folder"
# The options of the kernel that this Kconfig refers to, with their values there.
{
	printf 'mainmenu "lib_poly1305 for Linux %s"\n' "$(cat "$KDIR/include/config/kernel.release")"
	printf 'config MODULES\n\tdef_bool y\n\tmodules\n'
	# Modules that cannot be built into a kernel depend on this.
	printf 'config LIB_POLY1305_EXTERNAL\n\tdef_bool y\n'
	grep -E '^CONFIG_(RUST|64BIT|CPU_BIG_ENDIAN|KMSAN|X86_64|ARM64|UML|KUNIT|KUNIT_ALL_TESTS|CRYPTO_(LIB_POLY1305|CHACHA20POLY1305|ADIANTUM))=[ym]$' "$KDIR/include/config/auto.conf" |
		sed -E 's/^CONFIG_([A-Z0-9_]+)=(.)/config \1\n\tdef_tristate \2/'
	printf 'source "%s/Kconfig"\n' "$PROJECT"
} >"$folder/Kconfig"

export KCONFIG_CONFIG=$folder/.config
export KCONFIG_AUTOCONFIG=$folder/all.conf
export KCONFIG_AUTOHEADER=$folder/all.h
export KCONFIG_RUSTCCFG=$folder/all.cfg

conf=$KDIR/scripts/kconfig/conf
[ -x "$conf" ] || make -s -C "$KDIR" build_config >&2 ||
	die "$KDIR has no scripts/kconfig/conf and cannot build it: install the kernel's full build folder"

case "$target" in
menuconfig | nconfig)
	make -s -C "$KDIR" "build_$target" >&2 ||
		die "the kernel's $target cannot be built: install libncurses-dev, or edit $folder/.config and run 'make olddefconfig'"
	"$KDIR/scripts/kconfig/${target:0:1}conf" "$folder/Kconfig"
	;;
olddefconfig | allmodconfig | oldconfig)
	"$conf" -s "--$target" "$folder/Kconfig"
	;;
defconfig)
	"$conf" -s --alldefconfig "$folder/Kconfig"
	;;
savedefconfig)
	"$conf" -s --savedefconfig="$folder/defconfig" "$folder/Kconfig"
	say "the choices that are no defaults are in $folder/defconfig"
	;;
*)
	die "no target $target: use olddefconfig, oldconfig, defconfig, savedefconfig, allmodconfig or menuconfig"
	;;
esac

# syncconfig touches one file an option below include/config, for rebuilds.
(cd "$folder" && mkdir -p include/config && "$conf" -s --syncconfig Kconfig)

# only FROM TO: copies this project's options. The kernel's own come from its folder.
only() {
	local from=$1 to=$2
	grep CONFIG_LIB_POLY1305 "$from" >"$to.new" || true
	if cmp -s "$to.new" "$to"; then rm "$to.new"; else mv "$to.new" "$to"; fi
}
only "$folder/all.conf" "$folder/auto.conf"
only "$folder/all.h" "$folder/autoconf.h"
only "$folder/all.cfg" "$folder/rustc_cfg"
