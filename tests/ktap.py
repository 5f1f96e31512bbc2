#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Reads results of tests, and writes them as KTAP.

ktap.py count LOG    prints how many tests passed, failed and were skipped by a log in KTAP, of
                     cargo, or of kunit.py
ktap.py guest LOG    prints the results in a guest's log, and fails unless they are of the tests whose
                     names are the lines of the input, each of them once, and none failed
"""

import re
import sys
import traceback
import unittest
from collections import Counter
from pathlib import Path

RESULT = re.compile(r"(?P<indent> *)(?P<status>not ok|ok) \d+ (?:- )?(?P<name>.*?)(?P<skip> # SKIP.*)?$")
# Totals: "test result: ok. 8 passed; 0 failed; 1 ignored; ..." by cargo's harness and that of
# tests/host, "Testing complete. Ran 9 tests: passed: 8, skipped: 1" by kunit.py.
CARGO = re.compile(r"(?P<number>\d+) (?P<word>passed|failed|ignored);")
KUNIT = re.compile(r"(?P<word>passed|failed|crashed|errors|skipped): (?P<number>\d+)")
WORDS = {"ignored": "skipped", "crashed": "failed", "errors": "failed"}


def status(match):
    """Of a line that matches RESULT."""
    if match["status"] != "ok":
        return "failed"
    return "skipped" if match["skip"] else "passed"


def count(lines):
    """How many tests passed, failed and were skipped. The result of a suite, which follows those of
    its tests, is none of a test, unless it failed and they did not."""
    counts = Counter()
    inner = failed_inside = 0
    for line in lines:
        if result := RESULT.match(line):
            indent = len(result["indent"])
            if indent >= inner:
                counts[status(result)] += 1
                failed_inside |= status(result) == "failed" and indent > 0
            else:
                counts["failed"] += status(result) == "failed" and not failed_inside
                failed_inside &= indent > 0
            inner = indent
        elif line.startswith("test result: ") or "Testing complete." in line:
            for total in (CARGO if line.startswith("test") else KUNIT).finditer(line):
                counts[WORDS.get(total["word"], total["word"])] += int(total["number"])
    return counts


def guest(lines, names):
    """The results of a guest as those of a subtest, and whether they are all right."""
    names = [name for name in names if name]
    good = bool(names) and len(names) == len(set(names))
    yield "KTAP version 1"
    yield f"1..{len(names)}"
    seen = Counter()
    for line in lines:
        said = re.search(r"guest: ((?:not ok|ok|#) .*?)\s*$", line)
        if not said:
            continue
        if not (result := RESULT.match(said[1])):
            yield said[1]
            continue
        name = result["name"]
        seen[name] += 1
        known = name in names and seen[name] == 1
        good &= known and status(result) != "failed"
        if not known:
            yield f"# {name}: unknown, or not the first of its name"
        yield f"{'not ok' if not known else result['status']} {seen.total()} {name}{result['skip'] or ''}"
    for name in names:
        if not seen[name]:
            good = False
            yield f"not ok {seen.total() + 1} {name} # did not run"
            seen[name] += 1
    return good


class Results(unittest.TestResult):
    """Those of Python's unittest. What a test found is an attribute of it."""

    def say(self, result, test, why):
        self.testsRun += not isinstance(test, unittest.TestCase)
        print(f"{result} {self.testsRun} {test}" + (f" # {why}" if why else ""), flush=True)

    def addSuccess(self, test):
        self.say("ok", test, getattr(test, "found", ""))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say("ok", test, f"SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        for line in "".join(traceback.format_exception(*err)).splitlines():
            print(f"# {line}")
        self.say("not ok", test, str(err[1]).partition("\n")[0])

    addError = addFailure


def main():
    lines = Path(sys.argv[2]).read_text(errors="replace").splitlines()
    if sys.argv[1] == "count":
        counts = count(lines)
        print(counts["passed"], counts["failed"], counts["skipped"])
        return 0
    results = guest(lines, sys.stdin.read().splitlines())
    while True:
        try:
            print("  " + next(results))
        except StopIteration as end:
            return not end.value


if __name__ == "__main__":
    sys.exit(main())
