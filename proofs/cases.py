# SPDX-License-Identifier: GPL-2.0
"""Test cases of unittest, where one method may stand for several tests."""

import unittest
from functools import partialmethod
from pathlib import Path

import blocks
import operands

PROJECT = Path(__file__).resolve().parents[1]


def source(name):
    return (PROJECT / name).read_text()


def each(cases):
    """The function is a test for each of these names, with these arguments."""

    def mark(function):
        function.cases = cases
        return function

    return mark


def numbered(kind, cases):
    """Names for cases that begin with what they are of."""
    return {f"{kind} {i} in {case[0]}": case for i, case in enumerate(cases)}


class Cases(unittest.TestCase):
    """Functions of `subject` that are tests. What they return goes into the report."""

    prefix = ""

    def __init_subclass__(cls, tests=()):
        for function in tests:
            for name, arguments in function.cases.items():
                setattr(cls, f"test {name}", partialmethod(cls.case, function, *arguments))

    def case(self, function, *arguments):
        self.found = function(self.subject, *arguments)

    def __str__(self):
        return self.prefix + self._testMethodName.removeprefix("test ")


class Assembly(Cases):
    """Of the blocks in the LLVM IR of a build for an architecture: the file `path` has it, and
    `syntax` says where blocks are and takes an operand apart."""

    def __init_subclass__(cls, architecture, syntax, tests):
        cls.prefix = f"{architecture}: "
        cls.architecture, cls.syntax = architecture, syntax

        @each({"assembly": ()})
        def number(subject):
            return f"{len(subject)} blocks"

        @each({"operands": ()})
        def declared(_):
            return operands.check(cls.ir, architecture)

        @each(numbered("fault", [("operands", *f) for f in operands.FAULTS[architecture]]))
        def not_declared(_, __, *fault):
            return operands.found(cls.ir, architecture, *fault)

        super().__init_subclass__([*tests, number, declared, not_declared])

    @classmethod
    def setUpClass(cls):
        cls.ir = Path(cls.path).read_text()
        folder = f"arch_{cls.architecture}/"
        cls.subject = blocks.blocks(
            cls.ir, lambda name: source(folder + name), cls.syntax.PLACES, cls.syntax.operand
        )
