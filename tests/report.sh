# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What runs of many tests share: steps that are timed and counted, and the end of the run.
# Sourced after common.sh, never run.

cd "$PROJECT" || exit
mkdir -p "$BUILD/logs"
passed=0
failed=0
skipped=0
table=
failures=
begun=$SECONDS

# whole NAME COMMAND...: the one test that a command is, of which nothing is counted.
whole() {
	ktap_print_header
	try "$@"
	ktap_finished
}

# run NAME COMMAND...: runs it, and leaves its output in a file; and in another one its status, the
# seconds that passed, and those of CPUs that it took, in a shell that has started nothing else.
run() (
	log=$BUILD/logs/test-$1.log start=$SECONDS rc=0
	shift
	"$@" >"$log" 2> >(tee -a "$log.err" >&2) || rc=$?
	times >"$log.times"
	echo "$rc $((SECONDS - start)) $(tr -s '\nms' ' ' <"$log.times" |
		awk '{ print int(60 * ($1 + $3 + $5 + $7) + $2 + $4 + $6 + $8) }')" >"$log.result"
)

# why LOG: the tests that failed, as the output or the messages have them, or what was said last.
why() {
	grep -hE -m 20 '^ *not ok |FAILED' "$1" "$1.err" || tail -n 12 "$1.err"
}

# report NAME: adds the tests that its output has.
report() {
	local name=$1 log=$BUILD/logs/test-$1.log rc seconds of_cpus ok not skips line
	read -r rc seconds of_cpus <"$log.result"
	read -r ok not skips < <("$PROJECT/tests/ktap.py" count "$log")
	# A step that has no test, or fails without saying so, is a failure.
	if [ "$rc" -ne 0 ] && [ "$not" -eq 0 ]; then
		not=1
	elif [ "$rc" -eq 0 ] && [ "$ok" -eq 0 ]; then
		not=1
		echo "$name ran no test" >&2
	fi
	[ "$not" -eq 0 ] || {
		tail -n 40 "$log"
		failures+=$(why "$log" | sed "s/^ */failed: $name: /")$'\n'
	}
	passed=$((passed + ok))
	failed=$((failed + not))
	skipped=$((skipped + skips))
	printf -v line '%-24s %4d passed, %d failed, %3d skipped, %4d s, %4d of CPUs' \
		"$name:" "$ok" "$not" "$skips" "$seconds" "$of_cpus"
	table+=$line$'\n'
	echo "$line"
}

# step NAME COMMAND...: runs it, and reports.
step() {
	say "$1"
	run "$@"
	report "$1"
}

# beside NAME COMMAND...: runs it while others run, as many as there are CPUs.
# together waits for all of them, and reports.
names=()
beside() {
	while [ "$(jobs -pr | wc -l)" -ge "$JOBS" ]; do
		wait -n
	done
	say "$1"
	names+=("$1")
	run "$@" &
}
together() {
	local name
	wait
	for name in "${names[@]}"; do
		report "$name"
	done
	names=()
}

# summary: what each step took, what failed, and the line that ends a run. Fails if a test did.
summary() {
	printf '\n%s%-60s %4d s\n\n%s%d skipped\n' "$table" 'all:' "$((SECONDS - begun))" "$failures" "$skipped"
	printf '%d passed, %d failed\n' "$passed" "$failed"
	[ "$failed" -eq 0 ]
}
