# SPDX-License-Identifier: GPL-2.0
"""What is shown of each function in the same way.

With PROOFS_FULL set, of all lengths, and with more mutants. Where not all are taken, PROOFS_SEED chooses which.
"""

import math
import os
import random
import sys
import time
from collections import Counter
from functools import lru_cache

from . import code
from .arithmetic import Peak
from .mutants import Mutants, Trace, text
from .values import Fault

FULL = "PROOFS_FULL" in os.environ
SEED = int(os.environ.get("PROOFS_SEED", 0))
# How many instructions are left out, of how many the operands are changed, and how many other mutants there are.
LEFT_OUT, CHANGED, OTHERS = (None, 500, None) if FULL else (6, 2, 3)


def some(found, most):
    """So many of what was found, in its order, or all."""
    chosen = range(len(found)) if most is None else random.Random(SEED).sample(range(len(found)), min(most, len(found)))
    return [found[i] for i in sorted(chosen)]


class Shown:
    """Functions of an object, and tests that calls of them pass.

    `subject()` has the code, the address of the function or functions, and what proves calls; `ways()` calls that
    go all ways.
    """

    arch = cpu = None

    def setUp(self):
        self.begun = time.process_time()

    @classmethod
    @lru_cache(None)
    def mutants(cls):
        """The mutants of the functions."""
        return Mutants(*cls.subject(), list(cls.ways()))

    def say(self, what):
        """Shows progress."""
        print(f"==> {type(self).__name__}: {what}, {time.process_time() - self.begun:.1f} s", file=sys.stderr, flush=True)

    def prove(self, calls):
        """Proves calls, which must go no way that those of mutants do not go."""
        trace, wrong, count, Peak.most = Trace(), [], 0, 0
        for count, call in enumerate(calls, 1):
            try:
                call.prove(*self.subject(), trace=trace)
            except Fault as fault:
                wrong.append(f"{call}: {fault}")
        lanes = f"; sums of lanes are at most 2^{math.log2(Peak.most):.2f}" if Peak.most else ""
        self.say(f"{count} calls, {len(wrong)} wrong{lanes}")
        self.assertEqual(wrong, [])
        missed = trace.addresses - set(self.mutants().through)
        self.assertEqual([hex(address) for address in sorted(missed)], [], "no call of mutants goes there")

    def mutate(self, what, changes):
        """Proves calls with changes, (address, another instruction or None): each must be a fault, or equal."""
        mutants, outcomes, unexplained = self.mutants(), Counter(), []
        for address, other in changes:
            outcome = mutants.outcome(address, other)
            outcomes["seen" if isinstance(outcome, Fault) else outcome] += 1
            if outcome is None:
                unexplained.append(f"{address:#x}: {mutants.text(address)}: {text(other) if other else 'left out'}")
        self.say(f"{what}, PROOFS_SEED={SEED}: " + ", ".join(f"{n} {outcome}" for outcome, n in outcomes.items()))
        if unexplained:
            self.fail("nothing explains " + "; ".join(unexplained))
        self.assertGreater(outcomes["seen"], 0)

    def addresses(self, most=None):
        """The instructions, or that many of them."""
        return some(sorted(self.mutants().through), most)

    def test_left_out(self):
        """Catches a proof that does not look at an instruction."""
        self.mutate("left out", [(address, None) for address in self.addresses(LEFT_OUT)])

    def test_changed(self):
        """Catches a proof that does not look at an operand."""
        mutants, choice = self.mutants(), random.Random(SEED)
        self.mutate("changed", [(a, other) for a in self.addresses(CHANGED) for other in mutants.changed(a, choice)])

    def test_instructions(self):
        """Catches an instruction that does something else on a CPU."""
        obj, through = self.subject()[0].object, self.mutants().through
        if not self.cpu.able({obj.code[address].mnemonic for address in through}):
            self.skipTest("this CPU lacks some of them")
        done, wrong = self.cpu.check(obj, through, 100 if FULL else 2)
        self.say(f"{sum(done.values())} instructions compared")
        self.assertEqual(wrong, [])
        self.assertGreater(sum(done.values()), 50)


def fault_of_change(arch, module, function, old, new, prove):
    """The fault of `prove(code, address)` in code where a function has other bytes in one place; "" if there is none."""
    other = code.Code(code.path(code.modules(arch), module))
    entry, data = other.object.find(function), other.object.text
    at = data.index(old, entry)
    other.object.text = data[:at] + new + data[at + len(old) :]
    try:
        prove(other, entry)
    except Fault as fault:
        return str(fault)
    return ""
