#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kdir.sh: prints the kernel build folder to build modules against: KDIR, or that of
# the test kernel for ARCH, which it sets up if it is missing.

. "$(dirname "$0")/common.sh"

if [ -n "${KDIR:-}" ]; then
	echo "$KDIR"
	exit
fi
"$PROJECT/scripts/setup.sh" "${ARCH:-x86_64}"
kernel=$(test_kernel "${ARCH:-x86_64}")
echo "$kernel/base"
