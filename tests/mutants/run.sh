#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [NAME...]: applies the patches in this folder, each a fault, one at a time to a
# copy of this project, and fails unless the tests that are there to catch it turn red.
#
# A patch begins with what is run, a script or cargo, and what it must say then:
#
#   Fault: two more bits of the key are used
#   Command: tests/kunit.sh run um
#   Caught-by: FAILED. one_shot
#   Self-test: off
#
# The last line is for faults of arithmetic, of which the library's self-test would find
# most before any test ran. In a command, @x86_64 and @arm64 are KDIR of that test kernel.

. "$(dirname "$0")/../common.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LIB_POLY1305_BUILD=$work/build CARGO_TARGET_DIR=$BUILD/mutants-target
ktap_print_header

# field NAME PATCH: what the head of the patch says.
field() {
	sed -n "/^$/q; s/^$1: //p" "$2"
}

# without_self_test: in the copy every implementation passes.
without_self_test() {
	local file=$work/project/lib_poly1305/selftest.rs
	sed -i 's/^pub(crate) fn run(.*{$/&\n    if core::hint::black_box(true) { return Ok(()); }/' "$file"
	! cmp -s "$PROJECT/lib_poly1305/selftest.rs" "$file" || die "the self-test is not where it was: see without_self_test"
}

# mutant NAME: puts this fault in, and looks who notices.
mutant() {
	local patch=$PROJECT/tests/mutants/$1.patch caught command rc=0
	[ -f "$patch" ] || die "there is no fault $1: see tests/mutants"
	rm -rf "$work/project"
	copy_project "$work/project"
	# cargo goes by the times of files: what the fault before changed is new again.
	find "$work/project" -name '*.rs' -exec touch {} +
	patch -s -p1 --fuzz=0 --force --no-backup-if-mismatch -d "$work/project" <"$patch" >"$work/out" ||
		die "the fault $1 cannot be put in any more: mend the patch"
	[ -z "$(field Self-test "$patch")" ] || without_self_test
	caught=$(field Caught-by "$patch")
	read -ra command < <(field Command "$patch")
	case "${command[-1]}" in
	@*) command[-1]=$(test_kernel "${command[-1]#@}")/base ;;
	esac
	(cd "$work/project" && "${command[@]}") >"$work/out" 2>&1 </dev/null || rc=$?
	cat "$work"/build/logs/kunit-*.txt >>"$work/out" 2>/dev/null || true
	if [ "$rc" -ne 0 ] && grep -qE -- "$caught" "$work/out"; then
		ktap_test_pass "$1"
	else
		ktap_print_msg "not caught by '$caught', status $rc"
		tail -n 20 "$work/out" | sed 's/^/# /'
		ktap_test_fail "$1"
	fi
	rm -rf "$work/build"
}

names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
	mapfile -t names < <(basename -s .patch -a "$PROJECT"/tests/mutants/*.patch)
fi
for name in "${names[@]}"; do
	mutant "$name"
done
ktap_finished
