#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# bounds.sh: proves that no limb and no sum overflows, whatever a key and a
# message are (docs/soundness.md says how).

. "$(dirname "$0")/lib.sh"

cd "$PROJECT" || exit
# The assembly is in the host build of the same sources, on x86-64; elsewhere the
# proofs are those for the Rust code alone. What was built before is removed:
# cargo does not know that a copy of the IR is wanted again.
ir=$BUILD/bounds/bench.ll
if [ "$(uname -m)" = x86_64 ]; then
	rm -rf "$BUILD/bounds"
	mkdir -p "$BUILD/bounds"
	CARGO_TARGET_DIR=$BUILD/bounds cargo rustc --release --quiet --package lib_poly1305_bench \
		--lib -- --emit "llvm-ir=$ir"
	set -- "$ir"
fi
PYTHONDONTWRITEBYTECODE=1 python3 scripts/bounds "$@"
