#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [full]: everything that must hold, as many steps at a time as there are
# CPUs. Ends with a table of what each step took, and a line "N passed, N failed",
# where a test of a suite counts as one. "full" adds what needs further test kernels,
# or long: all proofs, stress under every check there is, random calls, kernels of other
# kinds and versions, and what a tunnel carries.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/report.sh"

"$PROJECT/scripts/setup.sh"
"$PROJECT/scripts/preflight.sh" --tests
check_ours "${CARGO_TARGET_DIR:-$PROJECT/target}"
printf -v table '%-60s %4d s\n' 'setup:' "$((SECONDS - begun))"

# Without guests. What takes long is begun first.
[ "${1:-}" = full ] || beside proofs "$PROJECT/proofs/run.sh"
beside host cargo test --release --workspace --no-fail-fast --quiet
beside check "$PROJECT/tests/check.sh"
beside host-arm64 "$PROJECT/tests/host/arm64.sh"
beside builds "$PROJECT/tests/builds.sh"
beside litmus "$PROJECT/proofs/litmus/run.sh"
beside messages "$PROJECT/tests/messages.sh"
beside reproducible-x86_64 "$PROJECT/tests/reproducible.sh" x86_64
# With guests.
beside distro-package "$PROJECT/tests/distro/boot.sh" trixie amd64 package
beside lifecycle-x86_64 "$PROJECT/tests/lifecycle.sh" x86_64
beside dropin-x86_64 "$PROJECT/tests/dropin.sh" x86_64
beside kunit-bochs-both-ifma "$PROJECT/tests/kunit.sh" bochs both-ifma
beside kunit-run-arm64 "$PROJECT/tests/kunit.sh" run arm64
beside kunit-run-um "$PROJECT/tests/kunit.sh" run um
beside templates-x86_64 "$PROJECT/tests/templates.sh" x86_64
beside templates-arm64 "$PROJECT/tests/templates.sh" arm64
beside dropin-arm64 "$PROJECT/tests/dropin.sh" arm64
beside device-x86_64 "$PROJECT/tests/device.sh" x86_64
beside device-arm64 "$PROJECT/tests/device.sh" arm64
beside allocations-um "$PROJECT/tests/allocations.sh" um
for cpu in arrow_lake cortex-a72 thunderx2 vulcan xgene; do
	beside "kunit-table-$cpu" whole "$cpu" "$PROJECT/tests/kunit.sh" table "$cpu"
done
together

# Two CPUs that are to run at once.
for arch in x86_64 arm64 um; do
	step "races-$arch" "$PROJECT/tests/races.sh" "$arch"
done

# full: what "full" adds, with two CPUs at once last.
full() {
	local version arch flavour flavours=(rt lazy up kcsan assertions lto gcc)
	# One after another: two builds at once would starve each other. What is missing fails the step that needs it.
	for flavour in debug modversions "${flavours[@]}"; do
		test_kernel x86_64 "$flavour" >/dev/null || :
	done
	step proofs-full "$PROJECT/proofs/run.sh" full
	beside device-debug "$PROJECT/tests/device.sh" x86_64 debug 100000
	beside stress-debug "$PROJECT/tests/stress.sh" x86_64 debug
	beside lifecycle-debug "$PROJECT/tests/lifecycle.sh" x86_64 debug
	beside kunit-load-debug "$PROJECT/tests/kunit.sh" load x86_64 debug
	beside allocations-debug "$PROJECT/tests/allocations.sh" x86_64 debug
	beside fuzz whole fuzz "$PROJECT/tests/fuzz/run.sh" 600
	beside dropin-modversions "$PROJECT/tests/dropin.sh" x86_64 modversions
	beside modversions "$PROJECT/tests/modversions.sh"
	beside reproducible-arm64 "$PROJECT/tests/reproducible.sh" arm64
	beside lifecycle-arm64 "$PROJECT/tests/lifecycle.sh" arm64
	beside lifecycle-um "$PROJECT/tests/lifecycle.sh" um
	beside kunit-run-x86_64 "$PROJECT/tests/kunit.sh" run x86_64
	beside kunit-load-x86_64 "$PROJECT/tests/kunit.sh" load x86_64
	beside kunit-load-arm64 "$PROJECT/tests/kunit.sh" load arm64
	beside kunit-load-cortex-a72 "$PROJECT/tests/kunit.sh" load cortex-a72
	beside kunit-bochs-haswell "$PROJECT/tests/kunit.sh" bochs corei7_haswell_4770
	beside kunit-bochs-arrow-lake "$PROJECT/tests/kunit.sh" bochs arrow_lake
	beside kunit-table-no-ifma whole no-ifma "$PROJECT/tests/kunit.sh" table no-ifma
	# The oldest kernel that the modules are for, and the newest that the archive has.
	for version in 7.2 newest; do
		beside "kunit-run-um-$version" env KVER="$version" "$PROJECT/tests/kunit.sh" run um
		beside "lifecycle-um-$version" env KVER="$version" "$PROJECT/tests/lifecycle.sh" um
	done
	for arch in x86_64 arm64 um; do
		beside "stress-$arch" "$PROJECT/tests/stress.sh" "$arch"
	done
	together

	for flavour in "${flavours[@]}"; do
		beside "matrix-$flavour" "$PROJECT/tests/matrix.sh" "$flavour"
	done
	together

	step throughput "$PROJECT/tests/dropin.sh" x86_64 throughput
	step races-debug "$PROJECT/tests/races.sh" x86_64 debug 1000
	step races-um-races "$PROJECT/tests/races.sh" um races 20000
}
[ "${1:-}" != full ] || full

summary
