#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# setup.sh [ARCH...]: installs packages and tools, fetches the kernel source, and builds
# the test kernels for these architectures; by default for all three, and also what only
# tests need. It skips what is done already, so it may be interrupted and repeated. With
# SETUP=no it does nothing of that, and fails if something is missing.

. "$(dirname "$0")/common.sh"

check_ours "$BUILD"
# The roots in distro belong to root.
check_ours "$CACHE" -maxdepth 3 ! -path "$CACHE/distro*"
tests=no
if [ "$#" -eq 0 ]; then
	tests=yes
	set -- um x86_64 arm64
fi
[ "${SETUP:-yes}" = no ] || "$PROJECT/scripts/packages.sh"
for arch; do
	kernel=$(test_kernel "$arch")
	[ "${SETUP:-yes}" = no ] || say "the $arch test kernel is $kernel"
done
[ "$tests" = no ] || "$PROJECT/scripts/proofs_python.sh" >/dev/null
