#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh [ARCH...]: installs packages and tools, fetches the kernel source, and builds
# the test kernels for these architectures, by default for all three. It skips what is
# done already, so it may be interrupted and repeated. With SETUP=no it does nothing.

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
