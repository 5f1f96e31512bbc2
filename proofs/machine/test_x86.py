# SPDX-License-Identifier: GPL-2.0
"""Proofs about the implementations for x86-64; `test_full` ones take minutes.

    MODULES_x86_64=FOLDER python3 -m unittest machine.test_x86
"""

import os
import unittest

from . import cases, code, cpu, decoder, x86_check
from .mutants import Mutants, Trace
from .values import Fault

FULL = "PROOFS_FULL" in os.environ
WITH_AID = [name for name, (_, _, aid) in x86_check.IMPLEMENTATIONS.items() if aid]
# Instructions that are left out in `make test`: one in so many.
SAMPLE = 1 if FULL else 97


def mutant_cases(name, aid):
    """Calls that go all ways through an implementation."""
    if not aid:
        return [cases.Case(n, None, base=8 * n) for n in (1, 2, 3, 4, 7)]
    own = (name, *code.implementation(name)[:2], 128)
    few = [cases.Case(n, p, base=8 * (n % 8)) for n, p in ((1, None), (3, None), (19, 0), (20, 0), (21, 5), (25, 3), (28, 4))]
    many = (64, 0), (68, 3), (72, 4), (76, 5), (128, 0), (132, 3), (136, 4), (140, 5), (129, 0), (192, 5), (200, 0), (256, 0)
    few += [cases.Case(n, p, base=8 * (n % 8)) for n, p in many]
    few += [cases.Case(n, 3, section=False) for n in (2, 22)] + [cases.Case(n, 3, left=5) for n in (64, 129)]
    return few + [cases.Case(n, 0, before=own) for n in (20, 21, 64, 68, 132, 200)]


class Implementation:
    """What is shown of each implementation."""

    name = None

    def prove(self, found):
        code_, entry, _ = code.implementation(self.name)
        for case in found:
            with self.subTest(case=case):
                case.prove(code_, entry, x86_check.prove)

    def test_every_length(self):
        """Catches a wrong result, a lost carry, an access outside, secrets in addresses or left behind."""
        self.prove(cases.single(FULL, code.implementation(self.name)[2]))

    def test_after_others(self):
        """Catches a call that goes wrong after what another one left in scratch memory."""
        if code.implementation(self.name)[2]:
            self.prove(cases.following(FULL, [(name, *code.implementation(name)[:2]) for name in WITH_AID]))

    def test_mutants(self):
        """Catches a proof that does not look at an instruction."""
        code_, entry, aid = code.implementation(self.name)
        mutants = Mutants(code_, entry, x86_check.prove, mutant_cases(self.name, aid))
        for address in sorted(mutants.through)[::SAMPLE]:
            if not mutants.seen(address) and not mutants.reason(address):
                self.fail(f"{address:#x}: {mutants.text(address)} can be left out")

    def test_instructions(self):
        """Catches an instruction that does something else on a CPU."""
        code_, entry, aid = code.implementation(self.name)
        trace = Trace()
        for blocks, count in ((3, None), (20, 0), (80, 0), (135, 0), (256, 0)):
            cases.Case(blocks, count if aid else None).prove(code_, entry, x86_check.prove, trace=trace)
        done, wrong = cpu.check(code_.object, trace.did, 100 if FULL else 4)
        self.assertEqual(wrong, [])
        self.assertGreater(sum(done.values()), 50)


for name_ in x86_check.IMPLEMENTATIONS:
    class_ = name_.replace("-", "_").title()
    globals()[class_] = type(class_, (Implementation, unittest.TestCase), {"name": name_})


class Decoder(unittest.TestCase):
    """Catches instructions that capstone reads differently from llvm-objdump."""

    def test_objects(self):
        for module in ("lib_poly1305", "lib_poly1305_x86"):
            path = code.path(code.modules("x86_64"), module)
            found, count = decoder.differences(code.Code.load(code.modules("x86_64"), module).object, path)
            self.assertEqual(found, [])
            self.assertGreater(count, 5000)


class Faults(unittest.TestCase):
    """Catches checks that do not fail."""

    def change(self, name, changes, blocks, count=None, **options):
        """The fault of a call in code with other bytes."""
        module, part, _ = x86_check.IMPLEMENTATIONS[name]
        other = code.Code(code.path(code.modules("x86_64"), module))
        entry = other.object.find(part)
        text = bytearray(other.object.text)
        for old, new in changes:
            at = text.index(old, entry)
            text[at : at + len(old)] = new
        other.object.text = bytes(text)
        with self.assertRaises(Fault) as fault:
            cases.Case(blocks, count, **options).prove(other, entry, x86_check.prove)
        return str(fault.exception)

    def test_lost_carry(self):
        # adc rbx, 1 -> adc rbx, 0
        self.assertEqual(self.change("portable", [(b"\x48\x83\xd3\x01", b"\x48\x83\xd3\x00")], 1), "h is wrong")

    def test_dropped_mask(self):
        # and ebp, 3 -> and ebp, 7
        self.assertIn("h", self.change("portable", [(b"\x83\xe5\x03", b"\x83\xe5\x07")], 2))


if __name__ == "__main__":
    unittest.main()
