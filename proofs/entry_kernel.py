# SPDX-License-Identifier: GPL-2.0
"""What the library's entry points call: the target, as its definition says, and the kernel."""

from .arithmetic import same
from .inputs import EXPONENTS, P, SCRATCH_WORDS, element, interchange, most
from .memory import Pointer
from .values import WORD, Fault, fresh
from .x86 import Partial

MOST_BLOCKS = 256
# A run of so many blocks has an aid.
AID_BLOCKS = 20


def after_blocks(h, r, region, offset, blocks):
    """The accumulator after whole blocks in memory (RFC 8439 section 2.5.1)."""
    for i in range(offset, offset + 16 * blocks, 16):
        h = (h + element(region.load(i, 16)) + (1 << 128)) * r % P
    return h


class Kernel:
    """Functions outside of the library during a call that passes a run of `run` blocks to the target.

    Of the target it is known only what its description says: it leaves the accumulator in interchange form,
    in any of the forms of that element; in the aid any powers, at least those that were there, and any data.
    `leaves` has, for its calls in turn, how many powers it leaves, and what identifies the data; the last of
    them is for all further calls.
    """

    open = False
    # On arm64, registers that calls need not preserve have secrets at calls. The implementations clear them.
    residue, clearing = True, ("__SCT__lib_poly1305_target",)

    def __init__(self, run, r, leaves, lockdep):
        self.run, self.left, self.r_words, self.r = run, run, r, element(r)
        self.leaves, self.calls, self.cached, self.reading, self.scratch = leaves, 0, 0, False, None
        self.functions = {
            "__rcu_read_lock": lambda machine: self.read_section(True),
            "__rcu_read_unlock": lambda machine: self.read_section(False),
            "__SCT__lib_poly1305_target": self.target,
            "memset": self.memset,
            "memcpy": self.memcpy,
            # Of debug kernels: they have no effect on the caller.
            "lock_acquire": lambda machine: None,
            "lock_release": lambda machine: None,
            "debug_lockdep_rcu_enabled": lambda machine: int(lockdep),
            "rcu_is_watching": lambda machine: Partial(1),
        }

    def read_section(self, begin):
        """Begins or ends a read-side critical section of RCU."""
        if self.reading == begin:
            raise Fault("begins or ends no read-side critical section")
        self.reading = begin

    def check(self):
        """That nothing is missing when the call returns."""
        if self.reading:
            raise Fault("a read-side critical section is not ended")
        if self.left:
            raise Fault(f"{self.left} blocks are not passed to the target")

    @staticmethod
    def memset(machine):
        """Wipes whole words."""
        to, value, size = (machine.r[i] for i in machine.ARGUMENTS[:3])
        if not is_size(size) or type(value) is not int or value & 0xFF:
            raise Fault(f"memset of {size!r} bytes to {value!r}")
        machine.store(to, size, [0] * (size // 8))
        return to

    @staticmethod
    def memcpy(machine):
        """Copies whole words."""
        to, source, size = (machine.r[i] for i in machine.ARGUMENTS[:3])
        if not is_size(size):
            raise Fault(f"memcpy of {size!r} bytes")
        machine.store(to, size, machine.load(source, size))
        return to

    def target(self, machine):
        """Checks the arguments, and does what the definition says."""
        state, aid, data, blocks = (machine.r[i] for i in machine.ARGUMENTS[:4])
        if not self.reading:
            raise Fault("calls the target outside of a read-side critical section")
        if type(blocks) is not int or blocks != min(self.left, MOST_BLOCKS) or not blocks:
            raise Fault(f"calls the target for {blocks!r} blocks where {self.left} are left")
        self.left -= blocks
        count, cached = self.leaves[min(self.calls, len(self.leaves) - 1)]
        self.calls += 1
        h, r = machine.load(state, 24, 8), machine.load(Pointer(state.region, state.offset + 24), 16)
        if most(h[2]) > 4:
            raise Fault(f"h[2] may be {most(h[2])}")
        if not all(same(now, right) for now, right in zip(r, self.r_words)):
            raise Fault("r is wrong")
        if type(data) is not Pointer:
            raise Fault(f"a message at {data!r}")
        machine.store(state, 24, interchange(after_blocks(element(h), self.r, data.region, data.offset, blocks)))
        if self.run >= AID_BLOCKS:
            self.check_powers(machine, machine.load(aid, 8, 8), count)
            self.check_scratch(machine, machine.load(Pointer(aid.region, aid.offset + 8), 8), cached)
        elif aid != 0:
            raise Fault(f"an aid of a run of {self.run} blocks")

    def check_powers(self, machine, powers, count):
        """That the powers are those of r; leaves more of them."""
        there = machine.load(powers, 8, 8)
        if type(there) is not int or there > len(EXPONENTS):
            raise Fault(f"the number of powers is {there!r}")
        place = lambda i: Pointer(powers.region, powers.offset + 8 + 24 * i)
        check_powers(self.r, [machine.load(place(i), 24) for i in range(there)])
        for i in range(there, count):
            machine.store(place(i), 24, interchange(pow(self.r, EXPONENTS[i], P)))
        machine.store(powers, 8, max(there, count))
        # The others are inside, too.
        powers.region.check(powers.offset, 8 + 24 * len(EXPONENTS), 0)

    def check_scratch(self, machine, scratch, cached):
        """That the scratch memory is what the run has, with what was left there; leaves any data, or wipes it."""
        size = 64 + 8 * SCRATCH_WORDS
        if machine.load(scratch, 16) != [self.cached, self.left]:
            raise Fault("the fields of the scratch memory are wrong")
        if self.scratch not in (None, (scratch.region, scratch.offset)):
            raise Fault("another scratch memory than that of the call before")
        self.scratch = scratch.region, scratch.offset
        scratch.region.check(scratch.offset, size, 64)
        if cached or self.cached:
            memory = [fresh(WORD) if cached else 0 for _ in range(SCRATCH_WORDS)]
            machine.store(Pointer(scratch.region, scratch.offset + 64), 8 * SCRATCH_WORDS, memory)
        machine.store(scratch, 8, cached)
        self.cached = cached


def is_size(size):
    """Whether a number of bytes is that of some words, but not of more than any memory here has."""
    return type(size) is int and 8 < size <= 1 << 16 and size % 8 == 0


def check_powers(r, powers):
    """That powers, each of three words, are those of r in interchange form."""
    for exponent, words in zip(EXPONENTS, powers):
        if element(words) != pow(r, exponent, P) or most(words[2]) > 4:
            raise Fault(f"power {exponent} is wrong")
