#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [full]: everything that must hold, in the order of what is quick to
# fail. Ends with a table of what each step took, and a line "N passed, N failed",
# where a test of a suite counts as one. "full" adds what needs further test kernels,
# or long: stress for an hour or so under every check there is, random calls, symbol
# versions, other versions of Linux, and what a tunnel carries.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/report.sh"

"$PROJECT/scripts/setup.sh"
"$PROJECT/scripts/preflight.sh" --tests
check_ours "${CARGO_TARGET_DIR:-$PROJECT/target}"
printf -v table '%-60s %4d s\n' 'setup:' "$((SECONDS - begun))"

beside proofs "$PROJECT/proofs/run.sh"
beside host cargo test --release --workspace --no-fail-fast --quiet
beside litmus "$PROJECT/proofs/litmus/run.sh"
beside host-arm64 "$PROJECT/tests/host/arm64.sh"
together
step check "$PROJECT/tests/check.sh"
step messages "$PROJECT/tests/messages.sh"
step builds "$PROJECT/tests/builds.sh"
step reproducible-x86_64 "$PROJECT/tests/reproducible.sh" x86_64
step kunit-run-um "$PROJECT/tests/kunit.sh" run um
step kunit-run-x86_64 "$PROJECT/tests/kunit.sh" run x86_64
step kunit-run-arm64 "$PROJECT/tests/kunit.sh" run arm64
step kunit-load-x86_64 "$PROJECT/tests/kunit.sh" load x86_64
step kunit-load-arm64 "$PROJECT/tests/kunit.sh" load arm64
step kunit-load-cortex-a72 "$PROJECT/tests/kunit.sh" load cortex-a72
for cpu in thunderx2 vulcan xgene; do
	step "kunit-table-$cpu" whole "$cpu" "$PROJECT/tests/kunit.sh" table "$cpu"
done
beside kunit-bochs-haswell "$PROJECT/tests/kunit.sh" bochs corei7_haswell_4770
beside kunit-bochs-tigerlake "$PROJECT/tests/kunit.sh" bochs tigerlake
beside kunit-bochs-arrow-lake "$PROJECT/tests/kunit.sh" bochs arrow_lake
beside kunit-table-no-ifma whole no-ifma "$PROJECT/tests/kunit.sh" table no-ifma
together
step device-x86_64 "$PROJECT/tests/device.sh" x86_64
step device-arm64 "$PROJECT/tests/device.sh" arm64
step templates-x86_64 "$PROJECT/tests/templates.sh" x86_64
step templates-arm64 "$PROJECT/tests/templates.sh" arm64
step dropin-x86_64 "$PROJECT/tests/dropin.sh" x86_64
step dropin-arm64 "$PROJECT/tests/dropin.sh" arm64
step lifecycle-x86_64 "$PROJECT/tests/lifecycle.sh" x86_64
step lifecycle-arm64 "$PROJECT/tests/lifecycle.sh" arm64
step lifecycle-um "$PROJECT/tests/lifecycle.sh" um
step distro-package "$PROJECT/tests/distro/boot.sh" trixie amd64 package
step stress-x86_64 "$PROJECT/tests/stress.sh" x86_64
step stress-arm64 "$PROJECT/tests/stress.sh" arm64
step stress-um "$PROJECT/tests/stress.sh" um
step races-x86_64 "$PROJECT/tests/races.sh" x86_64
step races-arm64 "$PROJECT/tests/races.sh" arm64
step races-um "$PROJECT/tests/races.sh" um
step allocations-um "$PROJECT/tests/allocations.sh" um
if [ "${1:-}" = full ]; then
	step fuzz whole fuzz "$PROJECT/tests/fuzz/run.sh" 600
	step proofs-full "$PROJECT/proofs/run.sh" full
	step throughput "$PROJECT/tests/dropin.sh" x86_64 throughput
	step dropin-modversions "$PROJECT/tests/dropin.sh" x86_64 modversions
	step modversions "$PROJECT/tests/modversions.sh"
	step reproducible-arm64 "$PROJECT/tests/reproducible.sh" arm64
	step kunit-load-debug "$PROJECT/tests/kunit.sh" load x86_64 debug
	step lifecycle-debug "$PROJECT/tests/lifecycle.sh" x86_64 debug
	# The oldest kernel that the modules are for, and the newest that the archive has.
	for version in 7.2 newest; do
		step "kunit-run-um-$version" env KVER="$version" "$PROJECT/tests/kunit.sh" run um
		step "lifecycle-um-$version" env KVER="$version" "$PROJECT/tests/lifecycle.sh" um
	done
	step device-debug "$PROJECT/tests/device.sh" x86_64 debug 100000
	step races-um-races "$PROJECT/tests/races.sh" um races 20000
	step stress-debug "$PROJECT/tests/stress.sh" x86_64 debug 1000
fi

summary
