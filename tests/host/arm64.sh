#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# arm64.sh [ARGUMENTS...]: the host tests, for arm64: compiled for it and
# run by user-mode QEMU. Arguments go to the tests.

. "$(dirname "$0")/../../scripts/common.sh"

# Emulated, the reference for 2,000,000 random messages takes minutes, and so does the definition for
# 20,000. The same code is tested with all of them where the host runs it: as "generic".
export LIB_POLY1305_RANDOM_SHARE=${LIB_POLY1305_RANDOM_SHARE:-64} PROPTEST_CASES=${PROPTEST_CASES:-500}
echo "one of $LIB_POLY1305_RANDOM_SHARE random messages is tested, and $PROPTEST_CASES cases of each property, as the CPU is" \
	"emulated: set LIB_POLY1305_RANDOM_SHARE=1 PROPTEST_CASES=20000 for all"

# Examples in comments are run by rustdoc, which must be of the same package as
# rustc, and is not always there; they are no code for an architecture.
"$PROJECT/tests/host/cargo_arm64.sh" test --release --quiet --lib --bins --tests \
	--package lib_poly1305_generic --package lib_poly1305_bench --package lib_poly1305_tests -- "$@"
