#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# constant_time.sh: no branch and no address may depend on a key or a message,
# by valgrind (tests/host/constant_time.rs says how).

. "$(dirname "$0")/../../scripts/common.sh"

[ "$(uname -m)" = x86_64 ] || die "this check runs on x86-64 only"
cd "$PROJECT" || exit
cargo build --release --quiet --package lib_poly1305_bench --bin constant_time
program=${CARGO_TARGET_DIR:-target}/release/constant_time

if ! checked=$(valgrind --quiet --suppressions="$PROJECT/tests/objects/constant_time.supp" --error-exitcode=9 "$program" 2>&1); then
	echo "$checked" >&2
	echo "0 passed, 1 failed"
	die "a branch or an address depends on a secret"
fi
passed=0
for name in generic x86_64-bmi2 x86_64-avx2; do
	if grep -x "$name" <<<"$checked" >/dev/null; then
		passed=$((passed + 1))
	else
		echo "skipped: $name, which this CPU has not"
	fi
done
echo "skipped: x86_64-avx512 and x86_64-avx512ifma, which valgrind has not"
# A check that finds nothing where there is something checks nothing.
if valgrind --quiet --suppressions="$PROJECT/tests/objects/constant_time.supp" --error-exitcode=9 "$program" leak >/dev/null 2>&1; then
	echo "0 passed, 1 failed"
	die "the check does not see a branch on a key bit"
fi
if [ "$passed" -eq 0 ]; then
	echo "0 passed, 1 failed"
	die "no implementation was checked"
fi
echo "$((passed + 1)) passed, 0 failed"
