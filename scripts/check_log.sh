#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check_log.sh LOG: fails if a kernel complained in this log: warnings, bugs,
# oopses, reports of lockdep, RCU, KASAN, UBSAN, kmemleak and kCFI.

. "$(dirname "$0")/lib.sh"

log=${1:?usage: check_log.sh LOG}
[ -s "$log" ] || die "the log $log is empty"

complaints='WARNING:|BUG:|Oops|Kernel panic|Call [Tt]race|cut here|general protection fault'
complaints+='|Unable to handle|Internal error|unable to mount|segfault at|CFI failure|Missing ENDBR'
complaints+='|INFO: (possible|task|rcu|trying|lockdep)|rcu:.*(stall|kthread|starved)|suspicious RCU usage'
complaints+='|inconsistent lock state|circular locking|sleeping function called|scheduling while atomic'
complaints+='|KASAN:|UBSAN:|KCSAN:|KFENCE:|kmemleak: [1-9]|refcount_t:|list_(add|del) corruption'
complaints+='|rust_kernel: panicked|rust: panicked|panicked at'

if grep -a -n -E "$complaints" "$log" >&2; then
	die "the kernel complained: see $log"
fi
