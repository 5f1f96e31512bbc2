#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# cargo_arm64.sh ARGUMENTS...: cargo, for arm64 on whatever machine this is.
# What it is told to run is run by QEMU. Its output is in build/cargo-arm64.

. "$(dirname "$0")/../../scripts/common.sh"

find_tools
sysroot=$("$PROJECT/tests/host/arm64_sysroot.sh")
need cargo qemu-aarch64 "clang$LLVM_TOOL_SUFFIX" "ld.lld$LLVM_TOOL_SUFFIX"

# With a target named, flags are for that target: what cargo builds to be run by
# itself gets none.
flags=(
	"--sysroot=$sysroot/usr"
	-C "link-arg=--target=aarch64-linux-gnu" -C "link-arg=--sysroot=$sysroot" -C "link-arg=-fuse-ld=lld"
)
CARGO_ENCODED_RUSTFLAGS=$(printf '%s\x1f' "${flags[@]}")
export CARGO_ENCODED_RUSTFLAGS=${CARGO_ENCODED_RUSTFLAGS%$'\x1f'}
export RUSTC
export CARGO_TARGET_DIR=$BUILD/cargo-arm64
export CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=clang$LLVM_TOOL_SUFFIX
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=qemu-aarch64
export QEMU_LD_PREFIX=$sysroot
cd "$PROJECT" || exit
exec cargo "$@"
