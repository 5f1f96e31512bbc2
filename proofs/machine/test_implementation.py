# SPDX-License-Identifier: GPL-2.0
"""What is shown of each implementation, on both architectures. With PROOFS_FULL set, of all lengths and mutants."""

import os

from . import cases, code
from .mutants import Mutants, Trace
from .values import Fault

FULL = "PROOFS_FULL" in os.environ
# Instructions that are left out in `make test`: one in so many.
SAMPLE = 1 if FULL else 97


def with_aid(arch):
    """The implementations that use aids."""
    return [name for name, (_, _, aid) in code.CHECKS[arch].IMPLEMENTATIONS.items() if aid]


def mutant_cases(name, arch, aid):
    """Calls that go all ways through an implementation."""
    if not aid:
        return [cases.Case(n, None, base=8 * n) for n in (1, 2, 3, 4, 7)]
    own = (name, *code.implementation(name, arch)[:2], 128)
    few = (1, None), (3, None), (19, 0), (20, 0), (21, 5), (25, 3), (28, 4), (33, 0), (40, 3)
    many = (64, 0), (68, 3), (72, 4), (76, 5), (128, 0), (132, 3), (136, 4), (140, 5), (129, 0), (192, 5), (200, 0), (256, 0)
    found = [cases.Case(n, p, base=8 * (n % 8)) for n, p in few + many]
    found += [cases.Case(n, p, section=False) for n in (2, 22, 64) for p in cases.POWERS]
    found += [cases.Case(n, 3, left=5) for n in (64, 129)]
    return found + [cases.Case(n, 0, before=own) for n in (20, 21, 64, 68, 132, 200)]


class Implementation:
    """What is shown of each implementation."""

    name = arch = cpu = None

    def setUp(self):
        self.code, self.entry, self.aid = code.implementation(self.name, self.arch)
        self.check = code.CHECKS[self.arch].prove

    def prove(self, found):
        for case in found:
            with self.subTest(case=case):
                case.prove(self.code, self.entry, self.check)

    def test_every_length(self):
        """Catches a wrong result, a lost carry, an access outside, secrets in addresses or left behind."""
        self.prove(cases.single(FULL, self.aid))

    def test_after_others(self):
        """Catches a call that goes wrong after what another one left in scratch memory."""
        if self.aid:
            before = [(name, *code.implementation(name, self.arch)[:2]) for name in with_aid(self.arch)]
            self.prove(cases.following(FULL, before))

    def test_mutants(self):
        """Catches a proof that does not look at an instruction."""
        mutants = Mutants(self.code, self.entry, self.check, mutant_cases(self.name, self.arch, self.aid))
        for address in sorted(mutants.through)[::SAMPLE]:
            if not mutants.seen(address) and not mutants.reason(address):
                self.fail(f"{address:#x}: {mutants.text(address)} can be left out")

    def test_instructions(self):
        """Catches an instruction that does something else on a CPU."""
        trace = Trace()
        for blocks in (3, 20, 33, 80, 135, 256):
            cases.Case(blocks, 0 if self.aid else None).prove(self.code, self.entry, self.check, trace=trace)
        done, wrong = self.cpu.check(self.code.object, trace.did, 100 if FULL else 4)
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
