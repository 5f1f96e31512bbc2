#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [full]: proves that no limb and no sum overflows, whatever a key and a message
# are (docs/soundness.md says how), and that the machine code of the modules for the
# test kernels does what it must (proofs/machine/README.md); "full" for all lengths, and
# with all mutants. run.sh [full] NAME...: only the tests about machine code with these
# names, as unittest has them.

. "$(dirname "$0")/../scripts/common.sh"

cd "$PROJECT" || exit
find_tools
export LLVM_TOOL_SUFFIX PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$PROJECT/tests
if [ "${1:-}" = full ]; then
	export PROOFS_FULL=1
	shift
fi
names=("$@")
for arch in x86_64 arm64; do
	kdir=$(test_kernel "$arch")/base
	logged "modules-$arch" "$PROJECT/scripts/build.sh" "$kdir"
	export "MODULES_$arch=$(modules_folder "$kdir")/modules"
done
python=$("$PROJECT/scripts/proofs_python.sh")
if [ "${#names[@]}" -gt 0 ]; then
	cd proofs || exit
	exec "$python" -m machine "${names[@]}"
fi

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

rc=0
python3 proofs "$@" || rc=1
cd proofs || exit
"$python" -m machine || rc=1
exit "$rc"
