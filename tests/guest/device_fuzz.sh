# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of device.sh: system calls that are chosen at random, as many as /files/fuzz says
# and by the seed that it has. tests/guest/fuzz/device.c makes them.

# shellcheck source=leaks.sh
. /guest/leaks.sh

# Catches a wrong result, error or tag after calls that no other test makes in that order.
random_calls() {
	read -r number seed </files/fuzz
	/files/device_fuzz "$number" "$seed" >/tmp/fuzz 2>&1
	result=$?
	ktap_print_msg "LIB_POLY1305_SEED: $(tail -n 1 /tmp/fuzz)"
	return "$result"
}
holds 'random calls' random_calls

# Catches memory of open files that is not freed in some order of calls.
if [ -e /sys/kernel/debug/kmemleak ]; then
	holds 'random calls: kmemleak' no_leak
else
	ktap_test_skip 'random calls: kmemleak' 'the kernel has no kmemleak'
fi
