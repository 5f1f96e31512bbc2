# SPDX-License-Identifier: GPL-2.0
"""Proofs about the implementations for x86-64."""

import unittest

from . import code, cpu, decoder, x86_check
from .test_implementation import Implementation, fault_of_change


class X86(Implementation):
    """What an implementation for x86-64 is compared with."""

    arch, cpu = "x86_64", cpu

    @unittest.skipUnless(cpu.able(), "this CPU has no AVX-512 IFMA")
    def test_instructions(self):
        super().test_instructions()


for name_ in x86_check.IMPLEMENTATIONS:
    class_ = name_.replace("-", "_").title()
    globals()[class_] = type(class_, (X86, unittest.TestCase), {"name": name_})


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

    def test_lost_carry(self):
        # adc rbx, 1 -> adc rbx, 0
        self.assertEqual(fault_of_change("portable", "x86_64", [(b"\x48\x83\xd3\x01", b"\x48\x83\xd3\x00")], 1), "h is wrong")

    def test_dropped_mask(self):
        # and ebp, 3 -> and ebp, 7
        self.assertIn("h", fault_of_change("portable", "x86_64", [(b"\x83\xe5\x03", b"\x83\xe5\x07")], 2))


if __name__ == "__main__":
    unittest.main()
