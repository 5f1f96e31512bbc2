# SPDX-License-Identifier: GPL-2.0
"""What is shown of the library's entry points, on both architectures. With PROOFS_FULL set, of more lengths and all mutants."""

import unittest

from . import arm64, code, cpu, cpu_arm64, entry_cases, x86
from .entry import Call
from .mutants import Mutants, Trace, text
from .test_implementation import FULL, some
from .values import Fault

# How many instructions are left out.
LEFT_OUT = None if FULL else 25


class Entry:
    """What is shown on an architecture."""

    arch = machine = cpu = None

    def setUp(self):
        self.code = code.Code.load(code.modules(self.arch), "lib_poly1305")
        self.names = self.code.object.names

    def prove(self, calls):
        wrong = []
        for call in calls:
            try:
                call.prove(self.code, self.names, self.machine)
            except Fault as fault:
                wrong.append(f"{call}: {fault}")
        self.assertEqual(wrong, [])

    def test_one_shot(self):
        """Catches a wrong tag or comparison, secrets in addresses or jumps, or left behind, or an access outside."""
        self.prove(entry_cases.one_shot(FULL))

    def test_update(self):
        """Catches bytes that are lost between updates, and all of the above."""
        self.prove(entry_cases.updates(FULL))

    def test_init_and_final(self):
        """Catches a context that is not initialized, or not wiped, and all of the above."""
        self.prove(entry_cases.others(FULL))

    def test_mutants(self):
        """Catches a proof that does not look at an instruction."""
        mutants = Mutants(self.code, self.names, self.machine, list(entry_cases.ways()))
        outcomes = {address: mutants.outcome(address) for address in some(sorted(mutants.through), LEFT_OUT)}
        unexplained = [f"{at:#x}: {text(self.code.object.code[at])}" for at, outcome in outcomes.items() if outcome is None]
        self.assertEqual(unexplained, [])
        self.assertTrue(any(isinstance(outcome, Fault) for outcome in outcomes.values()))

    def test_instructions(self):
        """Catches an instruction that does something else on a CPU."""
        trace = Trace()
        for call in entry_cases.ways():
            call.prove(self.code, self.names, self.machine, trace=trace)
        done, wrong = self.cpu.check(self.code.object, trace.addresses, 100 if FULL else 4)
        self.assertEqual(wrong, [])
        self.assertGreater(sum(done.values()), 300)


class X86(Entry, unittest.TestCase):
    """The library for x86-64."""

    arch, machine, cpu = "x86_64", x86.Machine, cpu

    @unittest.skipUnless(cpu.able(), "this CPU has no AVX-512 IFMA")
    def test_instructions(self):
        super().test_instructions()


class Arm64(Entry, unittest.TestCase):
    """The library for arm64."""

    arch, machine, cpu = "arm64", arm64.Machine, cpu_arm64


class Faults(unittest.TestCase):
    """Catches checks that do not fail."""

    def fault(self, within, old, new, call):
        """The fault of a call where a function has other bytes in one place."""
        other = code.Code(code.path(code.modules("x86_64"), "lib_poly1305"))
        at = other.object.text.index(old, other.object.find(within))
        other.object.text = other.object.text[:at] + new + other.object.text[at + len(old) :]
        with self.assertRaises(Fault) as caught:
            call.prove(other, other.object.names, x86.Machine)
        return str(caught.exception)

    def test_compared_with_another_number(self):
        # mov rdi, -6 -> mov rdi, -5: h + 4 is compared with 2^130.
        found = self.fault("oneshot5short", b"\x48\xc7\xc7\xfa\xff\xff\xff", b"\x48\xc7\xc7\xfb\xff\xff\xff", Call("mac", 40))
        self.assertEqual(found, "h is not compared with p")

    def test_another_number_is_subtracted(self):
        # add rcx, 5 -> add rcx, 4
        found = self.fault("oneshot5short", b"\x48\x83\xc1\x05", b"\x48\x83\xc1\x04", Call("mac", 40))
        self.assertIn(found, ("h is not compared with p", "the tag is wrong"))

    def test_half_of_the_tag_is_compared(self):
        # or rcx, rax -> or rcx, rcx
        found = self.fault("lib_poly1305_verify", b"\x48\x09\xc1\x48\x85\xc9", b"\x48\x09\xc9\x48\x85\xc9", Call("verify", 40))
        self.assertEqual(found, "compares something else than the tag")

    def test_jump_depends_on_the_tag(self):
        # sete bl -> je
        found = self.fault("lib_poly1305_verify", b"\x0f\x94\xc3", b"\x74\x00\x90", Call("verify", 40))
        self.assertIn("the zero flag depends on a secret", found)


if __name__ == "__main__":
    unittest.main()
