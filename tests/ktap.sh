# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Results of tests as KTAP, by the names of the kernel's kselftest/ktap_helpers.sh, on
# the build machine and in guests. Sourced, never run.

ktap_passed=0
ktap_failed=0
ktap_skipped=0

# ktap_print WORDS: a line of it. In a guest it goes into the kernel's log.
ktap_print() {
	printf '%s\n' "$*"
}

ktap_print_header() {
	ktap_print 'KTAP version 1'
}

ktap_print_msg() {
	ktap_print "# $*"
}

ktap_number() {
	echo $((ktap_passed + ktap_failed + ktap_skipped))
}

ktap_test_pass() {
	ktap_passed=$((ktap_passed + 1))
	ktap_print "ok $(ktap_number) $1"
}

ktap_test_fail() {
	ktap_failed=$((ktap_failed + 1))
	ktap_print "not ok $(ktap_number) $1"
}

# ktap_test_skip NAME WHY
ktap_test_skip() {
	ktap_skipped=$((ktap_skipped + 1))
	ktap_print "ok $(ktap_number) $1 # SKIP $2"
}

# ktap_test_result NAME COMMAND...
ktap_test_result() {
	ktap_name=$1
	shift
	if "$@"; then
		ktap_test_pass "$ktap_name"
	else
		ktap_test_fail "$ktap_name"
	fi
}

# ktap_finished: succeeds if something passed and nothing failed.
ktap_finished() {
	ktap_print_msg "Totals: pass:$ktap_passed fail:$ktap_failed xfail:0 xpass:0 skip:$ktap_skipped error:0"
	[ "$ktap_failed" -eq 0 ] && [ "$ktap_passed" -gt 0 ]
}
