#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: the packages on Debian's own kernels, booted in QEMU, and in roots where packages and
# kernels come and go; and the recipes for other distributions. Needs nothing but what apt can fetch.

. "$(dirname "$0")/common.sh"
. "$PROJECT/tests/report.sh"

"$PROJECT/scripts/packages.sh"
build_packages
export PACKAGES_BUILT=yes
step trixie-amd64 "$PROJECT/tests/distro/boot.sh" trixie amd64
step trixie-rt-amd64 "$PROJECT/tests/distro/boot.sh" trixie rt-amd64
step sid-amd64 "$PROJECT/tests/distro/boot.sh" sid amd64
step sid-rt-amd64 "$PROJECT/tests/distro/boot.sh" sid rt-amd64
step trixie-arm64 "$PROJECT/tests/distro/boot.sh" trixie arm64
step packages "$PROJECT/tests/distro/packages.sh"
step recipes "$PROJECT/tests/distro/recipes.sh"

summary
