#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# modversions.sh: on a kernel with symbol versions, a caller or a provider
# that was built against other structures than the library's is not loaded.

. "$(dirname "$0")/common.sh"

begin_guests x86_64 modversions

# changed NAME MODULE SED FILE...: takes the module from a copy of the project
# in which these files are changed.
changed() {
	local name=$1 module=$2 change=$3 file
	shift 3
	rm -rf "$work/project" "$work/build"
	copy_project "$work/project"
	for file in "$@"; do
		sed -i -E "$change" "$work/project/$file"
		! cmp -s "$PROJECT/$file" "$work/project/$file" || die "nothing changes in $file"
	done
	LIB_POLY1305_BUILD=$work/build logged "modules-modversions-$name" "$work/project/scripts/build.sh" "$KDIR"
	cp "$work/build"/*/modules/"$module" "$work/files/$name.ko"
}

# The pad and the buffer change places, which are of one size.
changed changed_caller callers/template_c/template_c.ko \
	's/__u64 s\[2\];/__u8 PAD;/; s/__u8 buffer\[.*\];/__u64 s[2];/; s/__u8 PAD;/__u8 buffer[LIB_POLY1305_BLOCK_SIZE];/
	s/pub\(crate\) s: Pad/PAD/; s/pub\(crate\) buffer: \[.*\],/pub(crate) s: Pad,/; s/PAD,/pub(crate) buffer: [u8; BLOCK_SIZE],/' \
	include/lib_poly1305.h generic/context.rs
# Name and owner change places, which are both pointers.
changed changed_provider arch_x86/lib_poly1305_x86.ko \
	's/const char \*name;/OWNER/; s/struct module \*owner;/const char *name;/; s/OWNER/struct module *owner;/' \
	include/lib_poly1305_provider.h

run_guest modversions modversions '' modversions.sh
ktap_finished
