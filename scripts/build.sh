#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# build.sh KDIR [MAKE ARGUMENTS]: builds the modules against that kernel and
# prints the folder they are in.

. "$(dirname "$0")/lib.sh"

KDIR=${1:?usage: build.sh KDIR}
shift
"$PROJECT/scripts/preflight.sh" "$KDIR"
KDIR=$(cd "$KDIR" && pwd)
find_tools

folder=$(modules_folder "$KDIR")
# All modules, unless somebody chose; in any case what Kconfig has new.
if [ -f "$folder/config/.config" ]; then
	"$PROJECT/scripts/config.sh" "$KDIR" olddefconfig
else
	"$PROJECT/scripts/config.sh" "$KDIR" allmodconfig
fi

mapfile -t options < <(kernel_make_options)
grep -qx CONFIG_CC_IS_CLANG=y "$KDIR/include/config/auto.conf" || options=("${options[@]:1}")
mkdir -p "$folder/modules"
make -C "$KDIR" "${options[@]}" ARCH="$(kernel_arch "$KDIR")" -j"$JOBS" \
	M="$PROJECT" MO="$folder/modules" LIB_POLY1305_CONFIG="$folder/config" \
	"${@:-modules}" >&2
echo "$folder/modules"
