# SPDX-License-Identifier: GPL-2.0
"""Proves that no limb and no sum overflows, and that blocks of assembly write only
the registers that they declare: `python3 proofs [ARCH=IR...]`.

`IR` is the LLVM IR of a build for `ARCH`, x86 or arm64, as a program, for the
blocks of assembly in it. The Rust code is the same for all.
"""

import sys
from unittest import TestSuite, defaultTestLoader

import ktap
from arm64_tests import Arm64
from scalar_tests import Scalar
from tests import X86


def main():
    classes = [Scalar]
    for argument in sys.argv[1:]:
        architecture, _, path = argument.partition("=")
        classes.append({"x86": X86, "arm64": Arm64}[architecture])
        classes[-1].path = path
    suite = TestSuite(map(defaultTestLoader.loadTestsFromTestCase, classes))
    return ktap.run(suite)


if __name__ == "__main__":
    sys.exit(main())
