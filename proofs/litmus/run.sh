#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [NAME...]: shows by the kernel's own memory model, with herd7, that the protocol of
# lib_poly1305/ holds in every order in which CPUs may carry out and see its accesses
# (docs/soundness.md). NAME.litmus is a test of that: the condition of its last line is
# what must never be. Catches an order or a lock that is missing from the protocol, which
# no run on x86-64 might ever show.
#
# A test has twins, in each of which something is missing, and the condition must hold
# sometimes. They are made of the lines of the test:
#
#   synchronize_rcu();		// not in NAME, NAME
#   // only in NAME: CODE
#
# The comment at the head of the test says what each of them lacks, as " * NAME: WORDS".
# Each line " * Happens: CONDITION" there is what must be possible in the test itself, so
# that it is not right because nothing happens.

. "$(dirname "$0")/../../tests/common.sh"

folder=$PROJECT/proofs/litmus
model=$("$PROJECT/scripts/kernel_source.sh")/tools/memory-model
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The first release whose herd7 knows this model. It runs with its own libraries.
root=$(DEBIAN_SUITE=forky "$PROJECT/tests/vm/debian_root.sh" "$(host_arch)" herdtools7 \
	./usr/bin/herd7 './usr/lib/*-linux-gnu' ./usr/share/herdtools7/herd 2>"$work/why") || {
	[ "${SETUP:-yes}" = no ] || die "$(sed -n 's/^error: //p' "$work/why")"
	root=
}
libraries=("$root"/usr/lib/*-linux-gnu)
herd7=("${libraries[0]}"/ld-linux-*.so.* --library-path "${libraries[0]}" "$root/usr/bin/herd7"
	-set-libdir "$root/usr/share/herdtools7/herd" -conf linux-kernel.cfg)

# observed FILE: what herd7 finds: "Never 0 N", "Sometimes M N" or "Always M 0", with the numbers
# of executions where the condition holds and where it does not. Before that, what it has to
# say against the test.
observed() {
	local said
	said=$(cd "$model" && timeout 120 "${herd7[@]}" "$1" 2>&1 </dev/null) || said+=$'\n'"Fatal: status $?"
	sed -n "s/^Observation $(basename "$1" .litmus) //p; /^Flag \|Warning\|Fatal/s/$/; /p" <<<"$said" | tr -d '\n'
}

# holds NAME PATTERN FILE: a test that this is what herd7 finds of the file.
holds() {
	local found
	if [ -z "$root" ]; then
		ktap_test_skip "$1" "$(sed -n 's/^error: //p' "$work/why")"
		return
	fi
	found=$(observed "$3")
	if [[ $found =~ ^($2)$ ]]; then
		ktap_test_pass "$1 # $found"
	else
		ktap_test_fail "$1 # it is '$found', not '$2'"
	fi
}
# More than one execution: where only one is possible nothing is shown. What is missing from a twin
# may be what keeps plain accesses from racing; in a test none race.
never='Never 0 ([2-9]|[0-9]{2,})'
sometimes='Sometimes [0-9]+ [0-9]+'
weak="(Flag data-race; )?$sometimes"

# marked FILE: the twins that its lines are for. described FILE: those that its head describes.
marked() {
	sed -nE 's|.*// not in (.*)$|\1|p; s|.*// only in ([^:]*): ..*|\1|p' "$1" | sed 's/, /\n/g' | sort -u
}
described() {
	sed -n 's/^ \* \([a-z][a-z-]*\): ..*/\1/p' "$1" | sort
}

# make_twin FILE TWIN
make_twin() {
	sed -E "\|// not in (.*, )?$2(,.*)?$|d; s|// only in $2: ||" "$1"
}

# code: the input without comments and space.
code() {
	sed 's|//.*||' | tr -d '[:space:]'
}

# all_codes FILE: that of the test and of its twins, each in a line.
all_codes() {
	local name
	code <"$1"
	echo
	for name in $(marked "$1"); do
		make_twin "$1" "$name" | code
		echo
	done
}

# named FILE: the functions that its head names.
named() {
	sed '/^ \*)/q' "$1" | grep -o '[a-z_0-9]*()' | tr -d '()' | sort -u
}

# in_order FILE: it has its own name, conditions that must be possible, twins, all of which are
# described and differ from it and from each other, and names functions that there are.
in_order() {
	local name rc=0
	[ "$(head -n 1 "$1")" = "C $(basename "$1" .litmus)" ] || {
		echo "its first line is not its name"
		rc=1
	}
	grep -q '^ \* Happens: .' "$1" || {
		echo "it has no line Happens"
		rc=1
	}
	[ -n "$(marked "$1")" ] || {
		echo "it has no twin"
		rc=1
	}
	diff <(marked "$1") <(described "$1") || {
		echo "its twins are not those that its head describes"
		rc=1
	}
	[ -z "$(all_codes "$1" | sort | uniq -d)" ] || {
		echo "a twin is the same as the test or as another one"
		rc=1
	}
	for name in $(named "$1"); do
		grep -qw "$name" "$PROJECT"/lib_poly1305/* "$model/linux-kernel.def" "$model/../../kernel/module/main.c" || {
			echo "its head names $name(), which is nowhere"
			rc=1
		}
	done
	return "$rc"
}

# The kernel's own tests say what their results are.
model_is_understood() {
	local test found rc=0
	for test in "$model"/litmus-tests/*.litmus; do
		found=$(observed "$test")
		[[ $found =~ ^$(sed -n 's/^ \* Result: //p' "$test")\ [0-9]+\ [0-9]+$ ]] || {
			echo "${test##*/}: $found"
			rc=1
		}
	done
	return "$rc"
}

names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
	mapfile -t names < <(basename -s .litmus -a "$folder"/*.litmus)
fi
ktap_print_header
if [ -n "$root" ]; then
	try 'the tests of the kernel' model_is_understood
else
	ktap_test_skip 'the tests of the kernel' "$(sed -n 's/^error: //p' "$work/why")"
fi
for name in "${names[@]}"; do
	test=$folder/$name.litmus
	[ -f "$test" ] || die "there is no test $name: see proofs/litmus"
	try "$name: in order" in_order "$test"
	holds "$name" "$never" "$test"
	while read -r condition; do
		sed "s|^exists .*|exists (${condition//\\/\\\\})|" "$test" >"$work/$name.litmus"
		holds "$name: happens: $condition" "$sometimes" "$work/$name.litmus"
	done < <(sed -n 's/^ \* Happens: //p' "$test")
	while read -r twin; do
		make_twin "$test" "$twin" >"$work/$name.litmus"
		holds "$name: $twin" "$weak" "$work/$name.litmus"
	done < <(described "$test")
done
ktap_finished
