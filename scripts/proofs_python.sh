#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# proofs_python.sh: prints a PyPy that has the packages in proofs/requirements.txt. They
# are fetched by pip into the cache if they are missing; with SETUP=no they are not. The
# proofs take CPython twice as long.

. "$(dirname "$0")/common.sh"

need pypy3
requirements=$PROJECT/proofs/requirements.txt
folder=$CACHE/tools/proofs-$({ pypy3 --version && cat "$requirements"; } | sha256sum | cut -c1-12)

# What is interrupted has no name that is looked for.
install() {
	local new=$folder.$$
	rm -rf "$folder" "$new"
	mkdir -p "${folder%/*}"
	pypy3 -m venv "$new"
	"$new/bin/python3" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--require-hashes --requirement "$requirements"
	mv "$new" "$folder"
}

if [ ! -x "$folder/bin/python3" ]; then
	[ "${SETUP:-yes}" != no ] ||
		die "the Python packages in proofs/requirements.txt are not in the cache, and SETUP=no fetches nothing: run 'make setup'"
	logged proofs-python install
fi
echo "$folder/bin/python3"
