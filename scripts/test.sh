#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# test.sh [full]: everything that must hold, in the order of what is quick to
# fail. Ends with a table of what each step took, and a line "N passed, N failed",
# where a test of a suite counts as one. "full" adds what needs further test kernels,
# or long: stress for an hour or so under every check there is, symbol versions, and
# what a tunnel carries.

. "$(dirname "$0")/lib.sh"

cd "$PROJECT" || exit
mkdir -p "$BUILD/logs"
passed=0
failed=0
table=
begun=$SECONDS

# step NAME COMMAND...: runs it, and adds what its output says it counted.
step() {
	local name=$1 log=$BUILD/logs/test-$1.log start=$SECONDS ok=0 not=0 rc=0 line
	shift
	say "$name"
	"$@" >"$log" 2> >(tee -a "$log.err" >&2) || rc=$?
	# cargo: "8 passed; 0 failed"; kunit.py: "passed: 8, failed: 0"; ours: "8 passed, 0 failed".
	ok=$(sed -nE 's/.*\b([0-9]+) passed.*/\1/p; s/.*Testing complete.*passed: ([0-9]+).*/\1/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
	not=$(sed -nE 's/.*\b([0-9]+) failed.*/\1/p; s/.*Testing complete.*(failed|crashed|errors): ([0-9]+).*/\2/p' "$log" | awk '{ s += $1 } END { print s + 0 }')
	# A step that counts nothing, or fails without saying so, is a failure.
	if [ "$rc" -ne 0 ] && [ "$not" -eq 0 ]; then
		not=1
	elif [ "$rc" -eq 0 ] && [ "$ok" -eq 0 ]; then
		not=1
		echo "$name ran no test" >&2
	fi
	[ "$not" -eq 0 ] || tail -n 40 "$log"
	passed=$((passed + ok))
	failed=$((failed + not))
	printf -v line '%-24s %4d passed, %d failed, %4d s' "$name:" "$ok" "$not" "$((SECONDS - start))"
	table+=$line$'\n'
	echo "$line"
}

"$PROJECT/scripts/setup.sh"
printf -v table '%-43s %4d s\n' 'setup:' "$((SECONDS - begun))"

step host cargo test --release --workspace --quiet
step host-arm64 "$PROJECT/scripts/host_arm64.sh"
# Of what valgrind can be asked, only that for x86-64 is known.
if [ "$(uname -m)" = x86_64 ]; then
	step constant-time "$PROJECT/scripts/constant_time.sh"
else
	say "skipped: constant-time, which runs on x86-64 only"
fi
step bounds "$PROJECT/scripts/bounds.sh"
step check "$PROJECT/scripts/check.sh"
step messages "$PROJECT/scripts/test_messages.sh"
step kunit-run-um "$PROJECT/scripts/kunit.sh" run um
step kunit-run-x86_64 "$PROJECT/scripts/kunit.sh" run x86_64
step kunit-run-arm64 "$PROJECT/scripts/kunit.sh" run arm64
step kunit-load-x86_64 "$PROJECT/scripts/kunit.sh" load x86_64
step kunit-load-arm64 "$PROJECT/scripts/kunit.sh" load arm64
step kunit-load-cortex-a72 "$PROJECT/scripts/kunit.sh" load cortex-a72
for cpu in thunderx2 vulcan xgene; do
	step "kunit-table-$cpu" "$PROJECT/scripts/kunit.sh" table "$cpu"
done
step kunit-bochs-haswell "$PROJECT/scripts/kunit.sh" bochs corei7_haswell_4770
step kunit-bochs-skylake-x "$PROJECT/scripts/kunit.sh" bochs corei7_skylake_x
step kunit-bochs-tigerlake "$PROJECT/scripts/kunit.sh" bochs tigerlake
for machine in no-ifma no-avx512; do
	step "kunit-table-$machine" "$PROJECT/scripts/kunit.sh" table "$machine"
done
step device-x86_64 "$PROJECT/scripts/test_device.sh" x86_64
step device-arm64 "$PROJECT/scripts/test_device.sh" arm64
step templates-x86_64 "$PROJECT/scripts/test_templates.sh" x86_64
step templates-arm64 "$PROJECT/scripts/test_templates.sh" arm64
step dropin-x86_64 "$PROJECT/scripts/test_dropin.sh" x86_64
step dropin-arm64 "$PROJECT/scripts/test_dropin.sh" arm64
step lifecycle-x86_64 "$PROJECT/scripts/test_lifecycle.sh" x86_64
step lifecycle-arm64 "$PROJECT/scripts/test_lifecycle.sh" arm64
step lifecycle-um "$PROJECT/scripts/test_lifecycle.sh" um
step stress-x86_64 "$PROJECT/scripts/test_stress.sh" x86_64
step stress-arm64 "$PROJECT/scripts/test_stress.sh" arm64
step stress-um "$PROJECT/scripts/test_stress.sh" um
step races-x86_64 "$PROJECT/scripts/test_races.sh" x86_64
step races-arm64 "$PROJECT/scripts/test_races.sh" arm64
if [ "${1:-}" = full ]; then
	step throughput "$PROJECT/scripts/test_dropin.sh" x86_64 throughput
	step dropin-modversions "$PROJECT/scripts/test_dropin.sh" x86_64 modversions
	step modversions "$PROJECT/scripts/test_modversions.sh"
	step kunit-load-debug "$PROJECT/scripts/kunit.sh" load x86_64 debug
	step lifecycle-debug "$PROJECT/scripts/test_lifecycle.sh" x86_64 debug
	step stress-debug "$PROJECT/scripts/test_stress.sh" x86_64 debug 1000
fi

# Once more together: what each step took.
printf '\n%s%-43s %4d s\n\n' "$table" 'all:' "$((SECONDS - begun))"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
