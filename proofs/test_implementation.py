# SPDX-License-Identifier: GPL-2.0
"""What is shown of each implementation, on both architectures."""

import re
import unittest

from . import cases, code, cpu, cpu_arm64, decoder, x86_check
from .shown import FULL, OTHERS, Shown, fault_of_change, some

ARCHITECTURES = {"x86_64": cpu, "arm64": cpu_arm64}


def with_aid(arch):
    """The implementations that use aids: (name, code, address)."""
    found = [name for name, (_, _, aid) in code.CHECKS[arch].IMPLEMENTATIONS.items() if aid]
    return [(name, *code.implementation(name, arch)[:2]) for name in found]


def mutant_cases(arch, aid):
    """Calls that go all ways through an implementation."""
    if not aid:
        return [cases.Case(n, None, base=8 * n) for n in (1, 2, 3, 4, 7, 10, 11, 12)]
    before = [(*other, 128) for other in with_aid(arch)]
    few = (1, None), (3, None), (10, None), (12, None), (19, 0), (20, 0), (21, 5), (25, 3), (28, 4), (33, 0), (40, 3)
    many = (64, 0), (68, 3), (72, 4), (76, 5), (128, 0), (132, 3), (136, 4), (140, 5), (129, 0), (192, 5), (200, 0), (256, 0)
    # First batches of all sizes, before full ones.
    sizes = tuple((n, 0) for n in range(144, 185, 8))
    found = [cases.Case(n, p, base=8 * (n % 8)) for n, p in few + many + sizes]
    found += [cases.Case(n, p, section=False) for n in (2, 22, 64, 65) for p in cases.POWERS]
    found += [cases.Case(n, 3, left=5) for n in (64, 129)]
    found += [cases.Case(n, 0, before=call) for call in before for n in (20, 68, 132)]
    found += [cases.Case(n, 0, before=call, forgotten=True) for call in before for n in (20, 68)]
    return found + [cases.Case(n, 0, left=7, before=call) for call in before for n in (21, 64)]


class Implementation(Shown):
    """What is shown of each implementation."""

    name = None

    @classmethod
    def subject(cls):
        """The code, the address of the function, and what proves calls."""
        return *code.implementation(cls.name, cls.arch)[:2], code.CHECKS[cls.arch].prove

    @classmethod
    def aid(cls):
        """Whether it uses aids."""
        return code.implementation(cls.name, cls.arch)[2]

    @classmethod
    def ways(cls):
        """Calls that go all ways."""
        return mutant_cases(cls.arch, cls.aid())

    def test_every_length(self):
        """Catches a wrong result, a lost carry, an access outside, secrets in addresses or left behind."""
        self.prove(cases.single(FULL, self.aid()))

    def test_after_others(self):
        """Catches a call that goes wrong after what another one left in scratch memory."""
        if not self.aid():
            self.skipTest("it uses no scratch memory")
        self.prove(cases.following(FULL, with_aid(self.arch)))

    def test_no_dead_code(self):
        """Catches instructions that no call executes, so that nothing is shown of them."""
        self.assertEqual([f"{address:#x}" for address in self.mutants().never()], [])

    def mutate_all(self, what, changed):
        """Proves calls with what `changed(address)` makes of each instruction, or of some last ones and some others."""
        changes = [(address, other) for address in self.addresses() for other in changed(address)]
        ending = self.mutants().ending()
        last, others = ([change for change in changes if (change[0] in ending) == at_end] for at_end in (True, False))
        self.mutate(what, some(others, OTHERS) + some(last, OTHERS))

    def test_lost_carries(self):
        """Catches a proof that does not see that a sum leaves out a carry.

        So did Linux's NEON code when it went on from the limbs 0, 0, 0, 2^26 and 2^24 - 1, which come to 2^128
        (mended by 24f07e8c07a0), and code of Botan with a probability near 2^-85. Here such sums are the last
        ones of a call.
        """
        self.mutate_all("without a carry", self.mutants().without_carry)

    def test_narrow(self):
        """Catches a proof that does not see that a sum or a shift has too few bits.

        So it was in Linux's AVX2 code with what is carried from the last limb to the first one (mended by
        678cce4019d7), and in code for RISC-V with the word above 128 bits (dot-asm/cryptogams#16). Here such
        sums are the last ones of a call.
        """
        self.mutate_all("of 32 bits", self.mutants().narrow)


for arch_, cpu_ in ARCHITECTURES.items():
    for name_ in code.CHECKS[arch_].IMPLEMENTATIONS:
        class_ = (name_ if name_.startswith(arch_) else f"{arch_}-{name_}").replace("-", "_").title()
        globals()[class_] = type(class_, (Implementation, unittest.TestCase), {"name": name_, "arch": arch_, "cpu": cpu_})


class Objects(unittest.TestCase):
    """What is read from the objects."""

    def test_decoder(self):
        """Catches instructions that capstone reads differently from llvm-objdump."""
        for arch in ARCHITECTURES:
            for module in ("lib_poly1305", code.PROVIDERS[arch]):
                path = code.path(code.modules(arch), module)
                found, count = decoder.differences(code.Code.load(code.modules(arch), module).object, path)
                self.assertEqual(found, [])
                self.assertGreater(count, 2500)

    def test_all_implementations(self):
        """Catches an implementation that nothing is shown of."""
        for arch in ARCHITECTURES:
            names = code.Code.load(code.modules(arch), code.PROVIDERS[arch]).object.names
            there = {name for name in names if re.match("_R.*8provider6blocks", name)}
            parts = [part for module, part, _ in code.CHECKS[arch].IMPLEMENTATIONS.values() if module == code.PROVIDERS[arch]]
            self.assertEqual({name for name in there if any(part in name for part in parts)}, there)
            self.assertEqual(len(there), len(parts))


class Faults(unittest.TestCase):
    """Catches checks that do not fail."""

    def fault(self, old, new, blocks):
        """The fault of a call of the portable implementation with other bytes."""
        prove = lambda other, entry: cases.Case(blocks, None).prove(other, entry, x86_check.prove)
        return fault_of_change("x86_64", "lib_poly1305", "lib_poly1305_generic_blocks", old, new, prove)

    def test_lost_carry(self):
        # adc rbx, 1 -> adc rbx, 0
        self.assertEqual(self.fault(b"\x48\x83\xd3\x01", b"\x48\x83\xd3\x00", 1), "h is wrong")

    def test_dropped_mask(self):
        # and ebp, 3 -> and ebp, 7
        self.assertIn("h", self.fault(b"\x83\xe5\x03", b"\x83\xe5\x07", 2))


if __name__ == "__main__":
    unittest.main()
