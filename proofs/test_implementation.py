# SPDX-License-Identifier: GPL-2.0
"""What is shown of each implementation, on both architectures.

With PROOFS_FULL set, of all lengths, and with all mutants. PROOFS_SEED chooses the mutants.
"""

import os
import random
import sys
import time
from collections import Counter
from functools import lru_cache

from . import cases, code
from .mutants import Mutants, Trace, text
from .values import Fault

FULL = "PROOFS_FULL" in os.environ
SEED = int(os.environ.get("PROOFS_SEED", random.getrandbits(32) if FULL else 0))
# How many instructions are left out, of how many the operands are changed, and how many other mutants there are.
LEFT_OUT, CHANGED, OTHERS = (None, 500, None) if FULL else (25, 10, 10)


def with_aid(arch):
    """The implementations that use aids."""
    return [name for name, (_, _, aid) in code.CHECKS[arch].IMPLEMENTATIONS.items() if aid]


def mutant_cases(arch, aid):
    """Calls that go all ways through an implementation."""
    if not aid:
        return [cases.Case(n, None, base=8 * n) for n in (1, 2, 3, 4, 7)]
    before = [(other, *code.implementation(other, arch)[:2], 128) for other in with_aid(arch)]
    few = (1, None), (3, None), (19, 0), (20, 0), (21, 5), (25, 3), (28, 4), (33, 0), (40, 3)
    many = (64, 0), (68, 3), (72, 4), (76, 5), (128, 0), (132, 3), (136, 4), (140, 5), (129, 0), (192, 5), (200, 0), (256, 0)
    # First batches of all sizes, before full ones.
    sizes = tuple((n, 0) for n in range(144, 185, 8))
    found = [cases.Case(n, p, base=8 * (n % 8)) for n, p in few + many + sizes]
    found += [cases.Case(n, p, section=False) for n in (2, 22, 64, 65) for p in cases.POWERS]
    found += [cases.Case(n, 3, left=5) for n in (64, 129)]
    found += [cases.Case(n, 0, before=call) for call in before for n in (20, 68, 132)]
    return found + [cases.Case(n, 0, left=7, before=call) for call in before for n in (21, 64)]


def some(found, most):
    """So many of what was found, in its order, or all."""
    chosen = range(len(found)) if most is None else random.Random(SEED).sample(range(len(found)), min(most, len(found)))
    return [found[i] for i in sorted(chosen)]


@lru_cache(None)
def mutants_of(name, arch):
    """The mutants of an implementation."""
    module, entry, aid = code.implementation(name, arch)
    return Mutants(module, entry, code.CHECKS[arch].prove, mutant_cases(arch, aid))


class Implementation:
    """What is shown of each implementation."""

    name = arch = cpu = None

    def setUp(self):
        self.code, self.entry, self.aid = code.implementation(self.name, self.arch)
        self.check = code.CHECKS[self.arch].prove
        self.begun = time.process_time()

    def say(self, what):
        """Shows progress."""
        print(f"==> {self.arch}, {self.name}: {what}, {time.process_time() - self.begun:.1f} s", file=sys.stderr, flush=True)

    def prove(self, found):
        trace, wrong, count = Trace(), [], 0
        for count, case in enumerate(found, 1):
            try:
                case.prove(self.code, self.entry, self.check, trace=trace)
            except Fault as fault:
                wrong.append(f"{case}: {fault}")
        self.say(f"{count} calls proved" if not wrong else f"{len(wrong)} of {count} calls wrong")
        self.assertEqual(wrong, [])
        missed = trace.addresses - set(mutants_of(self.name, self.arch).through)
        self.assertEqual([hex(address) for address in sorted(missed)], [], "no call of mutants goes there")

    def test_every_length(self):
        """Catches a wrong result, a lost carry, an access outside, secrets in addresses or left behind."""
        self.prove(cases.single(FULL, self.aid))

    def test_after_others(self):
        """Catches a call that goes wrong after what another one left in scratch memory."""
        if not self.aid:
            self.skipTest("it uses no scratch memory")
        before = [(name, *code.implementation(name, self.arch)[:2]) for name in with_aid(self.arch)]
        self.prove(cases.following(FULL, before))

    def addresses(self, most=None):
        """The instructions, or that many of them."""
        return some(sorted(mutants_of(self.name, self.arch).through), most)

    def mutate(self, what, changes):
        """Proves calls with changes, (address, another instruction or None): each must be a fault, or equal."""
        mutants = mutants_of(self.name, self.arch)
        outcomes, unexplained = Counter(), []
        for address, other in changes:
            outcome = mutants.outcome(address, other)
            outcomes["seen" if isinstance(outcome, Fault) else outcome] += 1
            if outcome is None:
                unexplained.append(f"{address:#x}: {mutants.text(address)}: {text(other) if other else 'left out'}")
        self.say(f"{what}: " + ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items()))
        self.assertEqual(unexplained, [])
        self.assertGreater(outcomes["seen"], 0)

    def test_left_out(self):
        """Catches a proof that does not look at an instruction."""
        never = len(mutants_of(self.name, self.arch).never())
        changes = [(address, None) for address in self.addresses(LEFT_OUT)]
        self.mutate(f"left out, PROOFS_SEED={SEED}, {never} that no call executes", changes)

    def test_changed(self):
        """Catches a proof that does not look at an operand."""
        mutants, choice = mutants_of(self.name, self.arch), random.Random(SEED)
        changes = [(address, other) for address in self.addresses(CHANGED) for other in mutants.changed(address, choice)]
        self.mutate(f"changed, PROOFS_SEED={SEED}", changes)

    def mutate_all(self, what, changed):
        """Proves calls with what `changed(address)` makes of each instruction, or of the last ones and some others."""
        mutants = mutants_of(self.name, self.arch)
        changes = [(address, other) for address in self.addresses() for other in changed(address)]
        ending = mutants.ending()
        others = some([change for change in changes if change[0] not in ending], OTHERS)
        self.mutate(f"{what}, PROOFS_SEED={SEED}", others + [change for change in changes if change[0] in ending])

    def test_lost_carries(self):
        """Catches a proof that does not see that a sum leaves out a carry.

        So did Linux's NEON code when it went on from the limbs 0, 0, 0, 2^26 and 2^24 - 1, which come to 2^128
        (mended by 24f07e8c07a0), and code of Botan with a probability near 2^-85. Here such sums are the last
        ones of a call.
        """
        self.mutate_all("without a carry", mutants_of(self.name, self.arch).without_carry)

    def test_narrow(self):
        """Catches a proof that does not see that a sum or a shift has too few bits.

        So it was in Linux's AVX2 code with what is carried from the last limb to the first one (mended by
        678cce4019d7), and in code for RISC-V with the word above 128 bits (dot-asm/cryptogams#16). Here such
        sums are the last ones of a call.
        """
        self.mutate_all("of 32 bits", mutants_of(self.name, self.arch).narrow)

    def test_instructions(self):
        """Catches an instruction that does something else on a CPU."""
        trace = Trace()
        for blocks in (3, 20, 33, 80, 135, 256):
            cases.Case(blocks, 0 if self.aid else None).prove(self.code, self.entry, self.check, trace=trace)
        done, wrong = self.cpu.check(self.code.object, trace.addresses, 100 if FULL else 4)
        self.say(f"{sum(done.values())} instructions compared")
        self.assertEqual(wrong, [])
        self.assertGreater(sum(done.values()), 50)


def fault_of_change(name, arch, changes, blocks, count=None):
    """The fault of a call in code with other bytes."""
    module, part, _ = code.CHECKS[arch].IMPLEMENTATIONS[name]
    other = code.Code(code.path(code.modules(arch), module))
    entry = other.object.find(part)
    text = bytearray(other.object.text)
    for old, new in changes:
        at = text.index(old, entry)
        text[at : at + len(old)] = new
    other.object.text = bytes(text)
    try:
        cases.Case(blocks, count).prove(other, entry, code.CHECKS[arch].prove)
    except Fault as fault:
        return str(fault)
    return None
