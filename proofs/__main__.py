# SPDX-License-Identifier: GPL-2.0
"""Proves that no limb and no sum overflows, and that blocks of assembly write only
the registers that they declare: `python3 proofs [ARCH=IR...]`.

`IR` is the LLVM IR of a build for `ARCH`, x86 or arm64, as a program, for the
blocks of assembly in it. The Rust code is the same for all.
"""

import sys
from pathlib import Path

import arm64_blocks
import arm64_tests
import blocks
import operands
import scalar_tests
import tests
from domains import Fault
from rust import Syntax

PROJECT = Path(__file__).resolve().parents[1]
# Where blocks are, what an operand looks like, and all tests of the blocks.
ARCHITECTURES = {
    "x86": (blocks.PLACES, blocks.operand, tests.tests),
    "arm64": (arm64_blocks.PLACES, arm64_blocks.operand, arm64_tests.tests),
}


def source(name):
    return (PROJECT / name).read_text()


def assembly(architecture, path):
    """The tests of the blocks that the IR has."""
    places, operand, tests_of_it = ARCHITECTURES[architecture]
    found = {}
    ir = Path(path).read_text()
    yield from operands.tests(ir, architecture)

    def find():
        folder = f"arch_{architecture}/"
        found.update(blocks.blocks(ir, lambda name: source(folder + name), places, operand))
        return f"{len(found)} blocks"

    yield "assembly", find
    if found:
        yield from tests_of_it(found)


def all_tests():
    yield from scalar_tests.tests(source)
    for argument in sys.argv[1:]:
        architecture, _, path = argument.partition("=")
        for name, test in assembly(architecture, path):
            yield f"{architecture}: {name}", test


def main():
    passed = failed = 0
    for name, test in all_tests():
        try:
            print(f"ok      {name}: {test()}")
            passed += 1
        except (Fault, Syntax, blocks.Unknown) as fault:
            print(f"FAILED  {name}: {fault}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
