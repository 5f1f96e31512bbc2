#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh [ARCH...]: installs packages and tools, fetches the kernel source,
# and builds the test kernels, of all three architectures if none is named.
# What is there already is left alone, so that it may be interrupted and run
# again. SETUP=no makes it do nothing.

. "$(dirname "$0")/common.sh"

if [ "${SETUP:-yes}" = no ]; then
	exit
fi
if [ "$#" -eq 0 ]; then
	set -- um x86_64 arm64
fi
"$PROJECT/scripts/packages.sh"
for arch; do
	kernel=$("$PROJECT/tests/vm/kernel.sh" "$arch")
	say "the $arch test kernel is $kernel"
done
