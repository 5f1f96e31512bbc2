#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# log.sh LOG: fails if a kernel complained in this log: warnings, bugs,
# oopses, reports of lockdep, RCU, KASAN, UBSAN, kmemleak and kCFI, and what the
# kernel only remarks, such as contexts that are left as they must not be, or names
# that there are twice. tests/objects/checks.sh has an example of each.

. "$(dirname "$0")/../../scripts/common.sh"

log=${1:?usage: log.sh LOG}
[ -s "$log" ] || die "the log $log is empty"

# What any of them comes with. ("BUG kmalloc-64" is how the allocator begins.)
complaints='WARNING:|\bBUG[: ]|Oops|Kernel panic|Call [Tt]race|cut here|end trace|Modules linked in:|RIP: |Code: '
complaints+='|Disabling lock debugging|INFO: (possible|task|rcu|trying|lockdep|.*stall|NMI)'
# traps
complaints+='|general protection fault|[Uu]nable to handle|Internal error|invalid opcode|\bint3:|double fault'
complaints+='|CFI failure|Missing ENDBR|missing return thunk|Unpatched return thunk|Failed to fixup __raw_static_call'
complaints+='|SError|generated an invalid instruction|Insufficient stack space|tried to execute NX-protected'
complaints+='|unchecked MSR access|Bad FPU state|reinitializing FPU|recursive fault'
# contexts and locks
complaints+='|huh, entered|exited with (preempt_count|irqs)|leaked (atomic|lock)|left hardirqs enabled|scheduling from the idle'
complaints+='|suspicious RCU usage|inconsistent lock state|circular locking|sleeping function called|scheduling while atomic'
complaints+='|scheduling in a non-blocking|[Ii]nvalid wait context|turning off the locking correctness|Increase LOCKDEP_'
complaints+='|rcu:.*(stall|kthread (starved|timer|gets)|Double-freed)|hard LOCKUP|soft lockup|blocked (on|for)|gave up waiting'
complaints+='|nobody cared|NOHZ tick-stop error'
# memory
complaints+='|KASAN:|UBSAN:|KCSAN:|KFENCE:|KMSAN:|kmemleak: [1-9]|refcount_t:|list_(add|del) corruption|ODEBUG|NOT annotated'
complaints+='|\bFIX [^ ]+: |page allocation failure|Bad (page|rss)|Kernel memory (exposure|overwrite)|detected buffer overflow'
complaints+='|Out of memory:|stack corrupted|objects remaining|Double-freed'
# names and objects
complaints+='|already (exists in|present|registered)|of name .* already exists|duplicate filename|kobject.*(failed|initialized|release\(\))'
complaints+='|Unable to (create|pin)|init suspiciously returned|rodata_ro_after_init\(\) returned'
# user space and modules
complaints+='|segfault at|unable to mount|traps: |rust_kernel: panicked|rust: panicked|panicked at'

# relevant: the lines of the log, numbered, without the first one of reports of data races in which
# no code of this project takes part: the kernel has such races of its own. A report ends with a
# line of "="; what is said in the middle of one is a complaint as elsewhere.
relevant() {
	awk 'function begin() { if (first) print first; first = ours = "" }
		/BUG: KCSAN:/ { begin(); first = NR ":" $0 }
		first && /lib_?poly1305/ { ours = 1 }
		first && /==========$/ { if (!ours) first = ""; begin() }
		!/BUG: KCSAN:/ { print NR ":" $0 }
		END { begin() }' "$log"
}

# Where tests have allocations fail, the kernel says that it has no memory for a name.
expected='kobject_add_internal failed for .* \(error: -12 '

if relevant | grep -a -E "$complaints" | grep -a -v -E "$expected" >&2; then
	die "the kernel complained: see $log"
fi
