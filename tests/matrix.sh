#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# matrix.sh FLAVOUR: the suites, stress, and races in the x86-64 test kernel of that flavour.
# What passed is kept, for these sources and that kernel: of many such runs that were cut off,
# those that ended are not run again, but say when they were.

. "$(dirname "$0")/common.sh"

flavour=${1:?usage: matrix.sh FLAVOUR}
kernel=$(test_kernel x86_64 "$flavour")

# sources: a digest of all files of the project.
sources() {
	project_files "$PROJECT" | tar -C "$PROJECT" --null --files-from=- --mtime=@0 --owner=0 --group=0 -c |
		sha256sum | cut -c1-12
}

kept=$BUILD/matrix/${kernel##*/}-$(sources)
if [ -f "$kept" ]; then
	cat "$kept"
	exit
fi
# all: runs each of them, whatever became of the one before.
all() {
	local rc=0
	echo "# begun at $(date -u +'%F %T') UTC"
	"$PROJECT/tests/kunit.sh" load x86_64 "$flavour" || rc=1
	"$PROJECT/tests/stress.sh" x86_64 "$flavour" || rc=1
	"$PROJECT/tests/races.sh" x86_64 "$flavour" || rc=1
	return "$rc"
}

mkdir -p "$BUILD/matrix"
all | tee "$kept.running"
mv "$kept.running" "$kept"
