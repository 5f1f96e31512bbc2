#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# modules.sh RELEASE: in a root with the package, and this project as a folder: builds the
# test modules for that kernel, installs them, and leaves in /files what the guest's jobs need.

. "$(dirname "$0")/../common.sh"

KDIR=$("$PROJECT/packaging/kernel_build.sh" "${1:?usage: modules.sh RELEASE}")
mkdir -p /files
logged modules "$PROJECT/scripts/build.sh" "$KDIR"
# The library and its implementations are the package's.
INSTALL_ONLY='(lib_poly1305_(stress|provider|no_memory|dropin_test|algorithm)|template_c)' \
	logged modules-install "$PROJECT/scripts/build.sh" "$KDIR" modules_install
depmod "$1"
odd_modules "$KDIR" /files
gcc -O2 -static -o /files/tls "$PROJECT/tests/guest/tls.c"

# set_in NAME: whether the kernel has that.
set_in() {
	grep -q "^CONFIG_$1=[ym]" "$KDIR/.config"
}
{
	set_in DEBUG_KMEMLEAK || echo 'stress: kmemleak'
	set_in CRYPTO_LIB_POLY1305_KUNIT_TEST || printf 'dropin: the suite %s\n' poly1305 chacha20poly1305
	set_in CRYPTO_SELFTESTS || guest_tests dropin_modules.sh | grep testmgr
} >/files/without
echo 100 >/files/cycles
