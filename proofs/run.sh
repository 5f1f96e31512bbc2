#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [full] [NAME...]: proves that the machine code of the modules for the test kernels does
# what it must, for all input (proofs/README.md). "full" takes all lengths and all mutants.
# With names, only the tests that unittest knows by them.

. "$(dirname "$0")/../scripts/common.sh"

cd "$PROJECT" || exit
find_tools
export JOBS LLVM_TOOL_SUFFIX PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$PROJECT/tests
if [ "${1:-}" = full ]; then
	export PROOFS_FULL=1
	shift
fi
for arch in x86_64 arm64; do
	kdir=$(test_kernel "$arch")/base
	logged "modules-$arch" "$PROJECT/scripts/build.sh" "$kdir"
	export "MODULES_$arch=$(modules_folder "$kdir")/modules"
done
python=$("$PROJECT/scripts/proofs_python.sh")
exec "$python" -m proofs "$@"
