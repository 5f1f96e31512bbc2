#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh: proves that no limb and no sum overflows, whatever a key and a
# message are (docs/soundness.md says how).

. "$(dirname "$0")/../scripts/common.sh"

cd "$PROJECT" || exit
# The assembly is in builds of the same sources as programs: for x86-64 only on
# such a machine, for arm64 on any. What was built before is removed: cargo does
# not know that a copy of the IR is wanted again.
out=$BUILD/bounds
rm -rf "$out"
mkdir -p "$out"

# emit_ir ARCH CARGO...
emit_ir() {
	local arch=$1
	shift
	"$@" rustc --release --quiet --target-dir "$out/$arch" --package lib_poly1305_bench \
		--lib -- --emit "llvm-ir=$out/$arch.ll"
}

set --
if [ "$(uname -m)" = x86_64 ]; then
	emit_ir x86 cargo
	set -- "x86=$out/x86.ll"
fi
emit_ir arm64 "$PROJECT/tests/host/cargo_arm64.sh"
set -- "$@" "arm64=$out/arm64.ll"

PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$PROJECT/tests python3 proofs "$@"
