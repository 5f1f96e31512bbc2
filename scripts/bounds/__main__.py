# SPDX-License-Identifier: GPL-2.0
"""Proves that no limb and no sum overflows: `python3 scripts/bounds [IR]`.

`IR` is the LLVM IR of the host build, for the blocks of assembly in it. Without
one, the proofs are those for the Rust code alone.
"""

import sys
from pathlib import Path

import blocks
import scalar_tests
import tests
from domains import Fault
from rust import Syntax

PROJECT = Path(__file__).resolve().parents[2]


def source(name):
    return (PROJECT / name).read_text()


def all_tests():
    yield from scalar_tests.tests(source)
    if len(sys.argv) == 1:
        return
    found = {}

    def find():
        ir = Path(sys.argv[1]).read_text()
        found.update(blocks.blocks(ir, lambda name: source("arch_x86/" + name)))
        return f"{len(found)} blocks"

    yield "assembly", find
    if found:
        yield from tests.tests(found)


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
