# SPDX-License-Identifier: GPL-2.0
"""Proofs about the implementations for arm64, as `test_x86.py` has them for x86-64."""

import unittest

from . import arm64_check, code, cpu_arm64, decoder
from .test_implementation import Implementation


class Arm64(Implementation):
    """What an implementation for arm64 is compared with."""

    arch, cpu = "arm64", cpu_arm64


for name_ in arm64_check.IMPLEMENTATIONS:
    class_ = name_.replace("-", "_").title()
    globals()[class_] = type(class_, (Arm64, unittest.TestCase), {"name": name_})


class Decoder(unittest.TestCase):
    """Catches instructions that capstone reads differently from llvm-objdump."""

    def test_objects(self):
        for module in ("lib_poly1305", "lib_poly1305_arm64"):
            found, count = decoder.differences(code.Code.load(code.modules("arm64"), module).object, code.path(code.modules("arm64"), module))
            self.assertEqual(found, [])
            self.assertGreater(count, 2500)


if __name__ == "__main__":
    unittest.main()
