# SPDX-License-Identifier: GPL-2.0
"""Runs these tests, JOBS at a time, and reports KTAP: `python3 -m proofs [NAME...]`, with names as unittest has them."""

import io
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path
from unittest import TestSuite
from unittest import defaultTestLoader as loader

import ktap

HERE = Path(__file__).parent


def tests_of(suite):
    """The single tests of a suite."""
    return [test for part in suite for test in tests_of(part)] if isinstance(suite, TestSuite) else [suite]


def run(numbered):
    """Runs a test: what it reports, and whether it passed."""
    number, test = numbered
    results, said = ktap.Results(), io.StringIO()
    results.testsRun = number
    with redirect_stdout(said):
        test.run(results)
    return said.getvalue(), results.wasSuccessful()


def main(names):
    """The status of the program."""
    tests = tests_of(loader.loadTestsFromNames(names) if names else loader.discover(HERE, top_level_dir=HERE.parent))
    print(f"KTAP version 1\n1..{len(tests)}", flush=True)
    passed = bool(tests)
    with ProcessPoolExecutor(int(os.environ.get("JOBS", 1)), multiprocessing.get_context("fork")) as pool:
        for said, good in pool.map(run, enumerate(tests)):
            print(said, end="", flush=True)
            passed &= good
    return not passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
