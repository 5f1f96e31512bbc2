#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# model_ports.sh [FILE:FIRST-LAST:BYTES ...]: what llvm-mca says of the loops of the
# vector code, in cycles per byte; and of lines of assembly files, a round of
# which handles so many bytes.

. "$(dirname "$0")/../../scripts/common.sh"

find_tools
cd "$PROJECT" || exit
logged model-build cargo build --release --package lib_poly1305_bench
"$PROJECT/bench/instructions/model_ports.py" "$PROJECT/target/release/liblib_poly1305_bench.so" \
	"llvm-mca$LLVM_TOOL_SUFFIX" "llvm-objdump$LLVM_TOOL_SUFFIX" "$@"
