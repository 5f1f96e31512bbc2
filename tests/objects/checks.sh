#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# checks.sh: what all tests rely on, and would all pass without: tests/objects/log.sh sees
# a kernel that complains, tests/ktap.py sees which tests ran, no list is taken of a
# command that failed, and what steps share is made once.

. "$(dirname "$0")/../common.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fails COMMAND...: it must, in a shell of its own, as a script ends where it dies.
fails() {
	! ("$@")
}

ktap_print_header
# What kernels say that is no complaint, with words that complaints have too.
cat >"$work/clean" <<'END'
[    0.000000] Kernel command line: console=ttyS0 printk.devkmsg=on panic=-1
[    0.000000] kmemleak: Kernel memory leak detector initialized (mem pool available: 38543)
[    0.031418] rcu: Hierarchical RCU implementation.
[    0.031418] rcu: 	RCU_SOFTIRQ processing moved to rcuc kthreads.
[    0.100000] Spectre V2 : Mitigation: Enhanced / Automatic IBRS
[    0.110000] x86/fpu: Supporting XSAVE feature 0x001: 'x87 floating point registers'
[    0.120000] debugfs: initialized
[    0.200000] Failed to find the module: continuing
[    1.000000] lib_poly1305: loading out-of-tree module taints kernel.
[    1.100000] lib_poly1305: x86_64-avx512ifma declined: the CPU has no AVX-512 IFMA, or the kernel does not save its registers
[    1.200000] lib_poly1305: x86_64-avx2 refused: an implementation of that name is registered
[    1.250000] kobject: kobject_add_internal failed for holders (error: -12 parent: lib_poly1305)
[    1.300000] guest: rmmod: ERROR: Module lib_poly1305_x86 is in use
[    1.400000]     ok 3 kmemleak_is_quiet # SKIP no fault injection
END
try 'a log without complaints passes' "$PROJECT/tests/objects/log.sh" "$work/clean"
# race FUNCTION: a report of the detector of data races.
race() {
	cat "$work/clean"
	printf '[    2.000000] %s\n' '==========' "BUG: KCSAN: data-race in $1 / $1" "read to 0xff of 4 bytes by task 1 on cpu 0:" \
		" $1+0x5b/0xeb" 'CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 7.3.4-lib-poly1305 #1 PREEMPT' '=========='
}
race calibrate_APIC_clock >"$work/race"
try 'a log with a race of the kernel alone passes' "$PROJECT/tests/objects/log.sh" "$work/race"
sed '/^\[.*read to/s/$/\nWARNING: lib\/x.c:1 at f+0x1\/0x2, CPU#0: modprobe\/70/' "$work/race" >"$work/log"
try 'a log with a warning in the middle of that fails' fails "$PROJECT/tests/objects/log.sh" "$work/log"
sed '$d' "$work/race" >"$work/log"
try 'a log with a race that is cut off fails' fails "$PROJECT/tests/objects/log.sh" "$work/log"
race lib_poly1305_target_call >"$work/race"
try 'a log with a race of ours fails' fails "$PROJECT/tests/objects/log.sh" "$work/race"
: >"$work/empty"
try 'an empty log fails' fails "$PROJECT/tests/objects/log.sh" "$work/empty"

# The first line, or the only one, of what Linux 7.3 says.
while read -r line; do
	{
		cat "$work/clean"
		printf '[    2.000000] %s\n' "$line"
	} >"$work/log"
	try "a log fails with: $line" fails "$PROJECT/tests/objects/log.sh" "$work/log"
done <<'END'
WARNING: lib/x.c:1 at f+0x1/0x2, CPU#0: modprobe/70
------------[ cut here ]------------
---[ end trace 0000000000000000 ]---
Call Trace:
Modules linked in: lib_poly1305_x86(O) lib_poly1305(O)
Disabling lock debugging due to kernel taint
Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
Oops: int3: 0000 [#1] SMP
Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP
Oops: invalid opcode: 0000 [#1] SMP
BUG: unable to handle page fault for address: ffffffffc0201000
BUG: kernel NULL pointer dereference, address: 0000000000000008
kernel tried to execute NX-protected page - exploit attempt? (uid: 0)
Unable to handle kernel paging request at virtual address ffff80007a0a5000
Internal error: Oops - BUG: 00000000f2000800 [#1] SMP
SError Interrupt on CPU0, code 0x00000000be000000 -- SError
Insufficient stack space to handle exception!
traps: PANIC: double fault, error_code: 0x0
CFI failure at f+0x1/0x2 [lib_poly1305] (target: g+0x0/0x1; expected type: 0x1)
Missing ENDBR: f+0x0/0x10 [lib_poly1305]
missing return thunk: f+0x0/0x10-0x0: e9 00 00 00 00
Unpatched return thunk in use. This should not happen!
Failed to fixup __raw_static_call() usage at: f
unchecked MSR access error: WRMSR to 0x1 (tried to write 0x0) at rIP: 0x1
Bad FPU state detected at restore_fpregs_from_fpstate+0x1/0x2, reinitializing FPU registers.
Fixing recursive fault but reboot is needed!
softirq: huh, entered softirq 1 TIMER 0000000000000000 with preempt_count 00000100, exited with 00000101?
note: modprobe[70] exited with preempt_count 1
note: modprobe[70] exited with irqs disabled
BUG: workqueue leaked atomic, lock or RCU: kworker/0:1[11]
CPU 1 left hardirqs enabled!
bad: scheduling from the idle thread!
BUG: scheduling while atomic: modprobe/70/0x00000002
BUG: scheduling in a non-blocking section: modprobe/70/1
BUG: sleeping function called from invalid context at kernel/locking/mutex.c:1
BUG: using smp_processor_id() in preemptible [00000000] code: modprobe/70
[ BUG: Invalid wait context ]
WARNING: possible circular locking dependency detected
WARNING: possible recursive locking detected
WARNING: inconsistent lock state
WARNING: suspicious RCU usage
WARNING: bad unlock balance detected!
INFO: trying to register non-static key.
turning off the locking correctness validator.
Increase LOCKDEP_CIRCULAR_QUEUE_BITS to avoid this warning:
BUG: MAX_LOCKDEP_ENTRIES too low!
rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
rcu: INFO: rcu_preempt self-detected stall on CPU
rcu: rcu_preempt kthread starved for 2100 jiffies! g1 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1
rcu: rcu_preempt kthread timer wakeup didn't happen for 2099 jiffies! g1 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x402
rcu: 	Unless rcu_preempt kthread gets sufficient CPU time, OOM is now expected behavior.
watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [modprobe:70]
watchdog: CPU0: Watchdog detected hard LOCKUP on cpu 1
INFO: task modprobe:70 blocked for more than 120 seconds.
INFO: task modprobe:70 is blocked on a mutex likely owned by task rmmod:71.
lib_poly1305_x86: gave up waiting for init of module lib_poly1305.
NOHZ tick-stop error: local softirq work is pending, handler #08!!!
irq 4: nobody cared (try booting with the "irqpoll" option)
BUG: KASAN: use-after-free in f+0x1/0x2
UBSAN: array-index-out-of-bounds in lib/x.c:1:1
BUG: KCSAN: data-race in f / g
BUG: KFENCE: out-of-bounds read in f+0x1/0x2
BUG kmalloc-64 (Tainted: G           O     ): Poison overwritten
BUG lib_poly1305 (Tainted: G           O     ): Objects remaining on __kmem_cache_shutdown()
FIX kmalloc-64: Restoring Poison 0x0000000000000000-0x0000000000000001=0x6b
kmemleak: 3 new suspicious memory leaks (see /sys/kernel/debug/kmemleak)
refcount_t: underflow; use-after-free.
list_add corruption. prev->next should be next (0), but was 1. (prev=2).
list_del corruption, 0->next is LIST_POISON1 (1)
ODEBUG: free active (active state 0) object: 0000000000000000 object type: rcu_head hint: 0x0
ODEBUG: object 0000000000000000 is on stack 0000000000000000, but NOT annotated.
call_rcu(): Double-freed CB 0000000000000000->f+0x0/0x1()!!!
modprobe: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL), nodemask=(null)
BUG: Bad page state in process modprobe  pfn:00001
BUG: Bad rss-counter state mm:0000000000000000 type:MM_ANONPAGES val:1
usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-64' (offset 0, size 65)!
memcpy: detected buffer overflow: 17 byte write of buffer size 16
Out of memory: Killed process 70 (modprobe)
debugfs: 'implementations' already exists in 'lib_poly1305'
debugfs: Unable to create file 'lib_poly1305', debugfs is not initialized yet
sysfs: cannot create duplicate filename '/module/lib_poly1305'
kmem_cache of name 'lib_poly1305' already exists
kobject: kobject_add_internal failed for lib_poly1305 with -EEXIST, don't try to register things with the same name.
kobject: 'lib_poly1305' (0): is not initialized, yet kobject_put() is being called.
proc_dir_entry 'poly1305' already registered
do_init_module: 'lib_poly1305'->init suspiciously returned 1, it should follow 0/-E convention
lib_poly1305: module_enable_rodata_ro_after_init() returned -1, ro_after_init data might still be writable
rust_kernel: panicked at lib_poly1305/abi.rs:1:1:
modprobe[70]: segfault at 0 ip 0000000000000000 sp 0000000000000000 error 4
END

# guest_says LINE...: reports a guest whose log has these lines, where two tests,
# "one" and "two words", must pass.
guest_says() {
	printf '[    1.000000] guest: %s\n' 'KTAP version 1' "$@" >"$work/guest"
	printf '%s\n' one 'two words' | "$PROJECT/tests/ktap.py" guest "$work/guest" | tee "$work/report"
}

# counts PASSED FAILED SKIPPED LINE...: so much is counted in a step's log of these
# lines, or in the last report if there are none.
counts() {
	local expected="$1 $2 $3" counted
	shift 3
	[ "$#" -eq 0 ] || printf '%s\n' "$@" >"$work/report"
	counted=$("$PROJECT/tests/ktap.py" count "$work/report")
	echo "counted: $counted"
	[ "$counted" = "$expected" ]
}
try 'a guest where all pass' guest_says 'ok 1 one' 'x86_64-avx2 200 active' 'ok 2 two words'
try 'counted' counts 2 0 0
try 'a guest where a test is skipped' guest_says 'ok 1 one' 'ok 2 two words # SKIP not here'
try 'counted as skipped' counts 1 0 1
try 'a failed test' fails guest_says 'ok 1 one' '# why' 'not ok 2 two words'
try 'counted as failed' counts 1 1 0
try 'a test that did not run' fails guest_says 'ok 1 one'
try 'counted as failed, too' counts 1 1 0
try 'one test twice for another' fails guest_says 'ok 1 one' 'ok 2 one'
try 'a test that passed and failed' fails guest_says 'ok 1 one' 'ok 2 two words' 'not ok 3 two words'
try 'a test twice' fails guest_says 'ok 1 one' 'ok 2 two words' 'ok 3 one'
try 'another name' fails guest_says 'ok 1 one' 'ok 2 two'
try 'a test that nobody asked for' fails guest_says 'ok 1 one' 'ok 2 two words' 'ok 3 three'
try 'no tests at all' fails "$PROJECT/tests/ktap.py" guest "$work/clean"
two_of_one_name() {
	"$PROJECT/tests/ktap.py" guest "$work/guest" <<<$'one\none'
}
printf '[    1.000000] guest: %s\n' 'ok 1 one' 'ok 2 one' >"$work/guest"
try 'two tests of one name' fails two_of_one_name

# What the steps of "make test" say.
try 'suites are no tests' counts 3 0 0 'ok 1 a' '  ok 1 b' '  ok 2 c' 'ok 2 suite'
try 'a suite fails with its test' counts 1 1 0 '  ok 1 b' '  not ok 2 c' 'not ok 1 suite'
try 'a suite fails alone' counts 1 1 0 '  ok 1 b' 'not ok 1 suite'
try 'what a test says is no test' counts 0 1 0 '# ok 1 a' '#   not ok 1 b' 'not ok 1 a'
try 'cargo' counts 12 1 3 'test a ... ok' 'test result: ok. 10 passed; 0 failed; 2 ignored; 0 measured; 5 filtered out' \
	'test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s'
try 'kunit.py' counts 8 3 1 'Testing complete. Ran 12 tests: passed: 8, failed: 1, crashed: 2, skipped: 1'
try 'nothing' counts 0 0 0 'a log without results'

# taken COMMANDS: a script that takes what these print as a list of its own.
taken() {
	bash -c '. "$1"; list=$('"$1"'); echo "taken: $list"' taken.sh "$PROJECT/scripts/common.sh"
}
try 'a whole list is taken' taken 'echo one; echo two'
try 'half a list is not' fails taken 'echo one; false; echo two'

# Two steps that want a root of Debian at once, in a cache where there is none.
make_root() {
	sleep 0.5
	mkdir "$1"
	echo made >>"$work/made"
}
# That cache is no one else's.
as_root() {
	command "$@"
}
wanted() (
	CACHE=$work/cache
	monthly a-root make_root
)
made_once() {
	wanted >"$work/first" &
	wanted >"$work/second"
	wait "$!"
	cmp "$work/first" "$work/second" && [ -d "$(cat "$work/first")" ] && [ "$(cat "$work/made")" = made ]
}
try 'a root is made once' made_once
ktap_finished
