#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# headers_install.sh KDIR FOLDER: builds the modules against that kernel and
# installs what modules outside of this repository need to call the library:
#
#	include/		headers, and the Rust files over them
#	scripts/Kbuild.bindings	for the Kbuild of Rust modules
#	scripts/caller.mk	for the Makefile of any module
#	Module.symvers		the exported symbols
#	kernel.mk		for which kernel, and by which tools

. "$(dirname "$0")/common.sh"

KDIR=${1:?usage: headers_install.sh KDIR FOLDER}
folder=${2:-}
[ -n "$folder" ] ||
	die "INSTALL_HDR_PATH= is not set: set it to the folder to install headers and symbols in, one for each kernel"
mkdir -p "$folder/scripts" 2>/dev/null ||
	die "the folder $folder cannot be created: set INSTALL_HDR_PATH= to another one, or run this as root"
modules=$("$PROJECT/scripts/build.sh" "$KDIR")
find_tools

install -m 644 -D -t "$folder/include" "$PROJECT/include/"*.{h,c,rs}
install -m 644 -D -t "$folder/scripts" "$PROJECT/scripts/"{Kbuild.bindings,caller.mk}
install -m 644 "$modules/Module.symvers" "$folder/Module.symvers"

# A kernel is identified by its release and its whole configuration, which determines
# structures and code generation.
mapfile -t options < <(kernel_make_options "$KDIR/include/config/auto.conf")
[ -z "${LIBCLANG_PATH:-}" ] || options+=("LIBCLANG_PATH=$LIBCLANG_PATH")
{
	echo "# Made by headers_install.sh: the kernel that Module.symvers is for, and the"
	echo "# tools that it was built with."
	echo "lib_poly1305-release := $(cat "$KDIR/include/config/kernel.release")"
	echo "lib_poly1305-config := $(cksum <"$KDIR/include/config/auto.conf")"
	echo "lib_poly1305-tools := ARCH=$(kernel_arch "$KDIR") ${options[*]}"
} >"$folder/kernel.mk"
echo "$folder"
