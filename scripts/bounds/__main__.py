# SPDX-License-Identifier: GPL-2.0
"""Proves that no limb and no sum overflows: `python3 scripts/bounds IR`.

`IR` is the LLVM IR of the host build, for the blocks of assembly in it.
"""

import sys
from pathlib import Path

import blocks
import tests
from domains import Fault

PROJECT = Path(__file__).resolve().parents[2]


def main():
    code = blocks.blocks(
        Path(sys.argv[1]).read_text(),
        lambda name: (PROJECT / "arch_x86" / name).read_text(),
    )
    passed = failed = 0
    for name, test in tests.tests(code):
        try:
            print(f"ok      {name}: {test()}")
            passed += 1
        except (Fault, blocks.Unknown) as fault:
            print(f"FAILED  {name}: {fault}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
