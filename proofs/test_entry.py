# SPDX-License-Identifier: GPL-2.0
"""What is shown of the library's entry points, on both architectures."""

import unittest

from . import arm64, code, cpu, cpu_arm64, entry_cases, x86
from .entry import Call
from .shown import FULL, Shown, fault_of_change


class Entry(Shown):
    """What is shown on an architecture."""

    machine = None

    @classmethod
    def subject(cls):
        """The code, the addresses of its functions, and what executes them."""
        library = code.Code.load(code.modules(cls.arch), "lib_poly1305")
        return library, library.object.names, cls.machine

    @staticmethod
    def ways():
        """Calls that go all ways."""
        return entry_cases.ways()

    def test_one_shot(self):
        """Catches a wrong tag or comparison, secrets in addresses or jumps, or left behind, or an access outside."""
        self.prove(entry_cases.one_shot(FULL))

    def test_update(self):
        """Catches bytes that are lost between updates, and all of the above."""
        self.prove(entry_cases.updates(FULL))

    def test_init_and_final(self):
        """Catches a context that is not initialized, or not wiped, and all of the above."""
        self.prove(entry_cases.others(FULL))


class X86(Entry, unittest.TestCase):
    """The library for x86-64."""

    arch, machine, cpu = "x86_64", x86.Machine, cpu


class Arm64(Entry, unittest.TestCase):
    """The library for arm64."""

    arch, machine, cpu = "arm64", arm64.Machine, cpu_arm64


class Faults(unittest.TestCase):
    """Catches checks that do not fail."""

    def fault(self, within, old, new, call):
        """The fault of a call where a function has other bytes in one place."""
        prove = lambda other, _: call.prove(other, other.object.names, x86.Machine)
        return fault_of_change("x86_64", "lib_poly1305", within, old, new, prove)

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
