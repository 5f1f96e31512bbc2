#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh SECONDS|merge: runs the fuzzer for so long, on one CPU. It begins with the
# inputs in corpus/, and adds those that reach new code to build/fuzz/corpus. It fails if
# a call has a wrong result or ends the process, and leaves the input that did that.
#
# With merge, instead, corpus/ becomes the fewest of all these inputs that reach as much code:
# after a change of tests/host/operations.rs or input.rs, by which they mean something else.

. "$(dirname "$0")/../../scripts/common.sh"

seconds=${1:?usage: run.sh SECONDS|merge}
[[ "$seconds" =~ ^([1-9][0-9]*|merge)$ ]] || die "SECONDS must be a number from 1 on, or merge, and is '$seconds'"
find_tools
need cargo "clang++$LLVM_TOOL_SUFFIX"
kept=$PROJECT/tests/fuzz/corpus
grown=$BUILD/fuzz/corpus
mkdir -p "$grown" "$BUILD/logs"
cd "$PROJECT" || exit
export CARGO_TARGET_DIR=$BUILD/cargo-fuzz CXX=clang++$LLVM_TOOL_SUFFIX RUSTC_WRAPPER=$PROJECT/tests/fuzz/rustc.sh
# Of a failure, the end of the log is shown, which must have the sentence that says what it is.
export RUST_BACKTRACE=0
logged fuzz-build cargo build --release --locked --manifest-path tests/fuzz/Cargo.toml
# A later build does not change what is running.
fuzz=$(mktemp -p "$BUILD/fuzz")
trap 'rm -f "$fuzz"' EXIT
install -m 755 "$CARGO_TARGET_DIR/release/fuzz" "$fuzz"

if [ "$seconds" = merge ]; then
	merged=$(mktemp -d -p "$BUILD/fuzz")
	trap 'rm -rf "$fuzz" "$merged"' EXIT
	# How often code runs makes no difference here, as there would be hundreds of inputs.
	logged fuzz-merge "$fuzz" -set_cover_merge=1 -use_counters=0 "$merged" "$kept" "$grown"
	# What has shown a fault stays.
	find "$kept" -type f ! -name 'crash-*' ! -name 'timeout-*' -delete
	cp "$merged"/* "$kept/"
	say "$(find "$kept" -type f | wc -l) inputs of $(cat "$kept"/* | wc -c) bytes"
	exit
fi

# An input of 400 bytes has some tens of calls, and a millisecond is much for them.
logged fuzz "$fuzz" -max_total_time="$seconds" -max_len=400 -timeout=10 -artifact_prefix="$BUILD/fuzz/" \
	-print_final_stats=1 "$grown" "$kept"
# What is said last is what was reached.
grep -a ' cov: ' "$BUILD/logs/fuzz.log" | tail -n 1
grep -a 'stat::number_of_executed_units' "$BUILD/logs/fuzz.log"
