#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# rustc.sh RUSTC ARGUMENTS...: the compiler as cargo calls it. Code of this project
# counts what it runs, by a pass of LLVM that libFuzzer reads the counters of; the big
# integers do not, as their carries are no news.

case ${CARGO_PKG_NAME:-} in
lib_poly1305_*)
	set -- "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
		-Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
		-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares
	;;
esac
exec "$@"
