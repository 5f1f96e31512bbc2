#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# twins.sh FOLDER INTO MODULE...: run before these modules, as paths without suffix, are
# installed in INTO below that kernel's FOLDER of modules. Of a module that is also elsewhere
# in updates, extra or the like, or compressed otherwise, depmod takes either file. So such
# files are removed here, which is said. One of somebody else is left, and is an error. The
# kernel's own, in the folder kernel, lose to updates.

. "$(dirname "$0")/common.sh"

folder=${1:?usage: twins.sh FOLDER INTO MODULE...}
into=$2
shift 2
[ -d "$folder" ] || exit 0

# ours NAME FILE. Not every modinfo reads those of gzip.
ours() {
	[[ "$1" == lib_poly1305* ]] ||
		{
			PATH=$PATH:/sbin:/usr/sbin modinfo -F depends "$2" 2>/dev/null ||
				gzip -dc "$2" 2>/dev/null | tr '\0' '\n' | sed -n 's/^depends=//p' || true
		} | tr , '\n' | grep -x lib_poly1305 >/dev/null
}

for module in "$@"; do
	name=${module##*/}
	files=$(find "$folder" -path "$folder/kernel" -prune -o \( -name "$name.ko" -o -name "$name.ko.*" \) -print)
	[ -n "$files" ] || continue
	while IFS= read -r file; do
		if [[ "$file" != "$folder/$into/$module".ko* ]]; then
			[[ "$file" != "$folder/updates/dkms/"* ]] ||
				die "$file is installed by DKMS, and modprobe could load it instead: remove its package, or use that"
			ours "$name" "$file" ||
				die "$file is not of lib_poly1305, and modprobe could load it instead: remove it"
			say "removing $file, which modprobe could load instead of what is installed now"
		fi
		rm "$file"
	done <<<"$files"
done
