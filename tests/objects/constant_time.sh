#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# constant_time.sh: no branch and no address may depend on a key or a message,
# by valgrind (tests/host/constant_time.rs says how).

. "$(dirname "$0")/../common.sh"

[ "$(uname -m)" = x86_64 ] || die "this check runs on x86-64 only"
cd "$PROJECT" || exit
cargo build --release --quiet --package lib_poly1305_bench --bin constant_time

# checked [leak]: prints the names of the implementations that were run.
checked() {
	valgrind --quiet --suppressions="$PROJECT/tests/objects/constant_time.supp" --error-exitcode=9 \
		"${CARGO_TARGET_DIR:-target}/release/constant_time" "$@"
}

ktap_print_header
if ! names=$(checked 2>&1); then
	echo "$names" >&2
	die "a branch or an address depends on a secret"
fi
for name in generic x86_64-bmi2 x86_64-avx2; do
	if grep -qx "$name" <<<"$names"; then
		ktap_test_pass "$name"
	else
		ktap_test_skip "$name" 'this CPU has not what it needs'
	fi
done
for name in x86_64-avx512 x86_64-avx512ifma; do
	ktap_test_skip "$name" 'valgrind has no AVX-512'
done
[ "$ktap_passed" -gt 0 ] || die "no implementation was checked"
# A check that finds nothing where there is something checks nothing.
leaks() {
	! checked leak
}
try 'a branch on a key bit is seen' leaks
ktap_finished
