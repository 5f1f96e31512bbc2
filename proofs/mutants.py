# SPDX-License-Identifier: GPL-2.0
"""Changes instructions of an implementation, one at a time: the proofs must fail.

An instruction is left out, or another one by a bit or two. A mutant that survives has to be equal for one
of these reasons:

- same: all calls execute the same instructions, and leave the same in the caller's memory, scratch memory
  that caches nothing aside;
- way: some calls execute other instructions, which are proved to do what they must as well, and all other
  calls are the same. Such are thresholds, and copies of code for special cases;
- never: no call executes it.
"""

import random
import re
from contextlib import contextmanager
from itertools import combinations

from .values import Confidential, Fault, repeatable, unpredictable

WITHOUT_CARRY = {"adc": "add", "adcs": "adds", "sbb": "sub", "sbcs": "subs"}
SUMS = ("add", "adds", "adc", "adcs", "lea", "shl", "shr", "lsl", "lsr")


class Trace:
    """The addresses of the instructions that calls execute."""

    def __init__(self):
        self.addresses = set()

    def step(self, machine, address, step):
        """Runs an instruction."""
        self.addresses.add(address)
        return step[0](machine)


class Record:
    """What a call does: the instructions that it executes, and what it changes in the caller's memory."""

    def __init__(self):
        self.path, self.before, self.after, self.scratch = [], {}, {}, None

    def step(self, machine, address, step):
        """Runs an instruction."""
        self.path.append(address)
        machine.written = []
        following = step[0](machine)
        for region, at, value in machine.written:
            if region is not machine.stack:
                self.before.setdefault((region.name, at), key(value))
                self.after[region.name, at] = key(region.words.get(at))
            if region.name == "scratch":
                self.scratch = region
        return following

    def leaves(self):
        """What is changed; not in scratch memory that caches nothing: it is no secret then, and nobody reads it."""
        kept = self.scratch is None or self.scratch.words[0] != 0
        changed = {place: value for place, value in self.after.items() if value != self.before[place]}
        return {place: value for place, value in changed.items() if kept or place[0] != "scratch"}


def differing(one, other):
    """The regions in which two calls leave different values."""
    return {place[0] for place in one.keys() | other.keys() if one.get(place) != other.get(place)}


def key(value):
    """What identifies a value in two runs with the same random numbers."""
    return value.key() if isinstance(value, Confidential) else value if type(value) is int else repr(value)


class Nothing:
    """In place of an instruction that is left out."""

    mnemonic, op_str = "nothing", ""


class Mutants:
    """The instructions that an implementation executes in some cases, by address."""

    def __init__(self, code, entry, prove, cases):
        self.code, self.entry, self.prove = code, entry, prove
        self.steps, self.through, self.records = {}, {}, {}
        for case in cases:
            trace = Trace()
            self.steps[case] = self.run(case, trace=trace).steps
            for address in trace.addresses:
                self.through.setdefault(address, []).append(case)
        for found in self.through.values():
            found.sort(key=self.steps.get)

    def run(self, case, **options):
        """Proves a case."""
        return case.prove(self.code, self.entry, self.prove, **options)

    @contextmanager
    def put(self, address, other):
        """Has another instruction at an address, or none."""
        instructions, compiled = self.code.object.code, self.code.compiled
        kept = instructions[address], compiled.pop(address)
        if other:
            instructions[address] = other
        else:
            instructions[address], compiled[address] = Nothing, (lambda machine: None, kept[1][1])
        try:
            yield
        finally:
            instructions[address], compiled[address] = kept

    def outcome(self, address, other=None):
        """The fault that shows if an instruction is left out, or is another one; or why calls are right; or None."""
        ways = differ = cached = False
        for case in self.through[address]:
            with self.put(address, other):
                try:
                    mutant = self.record(case)
                except Fault as fault:
                    return fault
            if case not in self.records:
                self.records[case] = self.record(case)
            if mutant.path != self.records[case].path:
                ways = True
            else:
                regions = differing(mutant.leaves(), self.records[case].leaves())
                cached |= "scratch" in regions
                differ |= bool(regions - {"scratch"})
        if differ:
            return None
        if cached:
            return self.fault_later(address, other) or "later"
        return "way" if ways else "same"

    def fault_later(self, address, other):
        """The fault of a call after one of the same code, both with a change, or None."""
        with self.put(address, other):
            for case in self.steps:
                if case.before and case.before[2] == self.entry:
                    try:
                        self.run(case)
                    except Fault as fault:
                        return fault
        return None

    def record(self, case):
        """What a call does, always with the same random numbers."""
        record = Record()
        repeatable()
        try:
            self.run(case, trace=record, limit=2 * self.steps[case] + 1000)
        finally:
            unpredictable()
        return record

    def never(self):
        """The instructions of the functions that calls go through, which no call executes."""
        obj = self.code.object
        inside = [range(start, start + size) for start, size in obj.sizes.items()]
        inside = [place for place in inside if any(address in place for address in self.through)]
        return [a for a in sorted(obj.code) if a not in self.through and any(a in place for place in inside)]

    def others(self, address, accept, bits=1):
        """Instructions of the same size that differ in so many bits: those that `accept(instruction, other)` takes.

        What a relocation fills in stays.
        """
        obj, found = self.code.object, []
        instruction = obj.code[address]
        filled = {at + i for at in obj.refers if obj.x86 for i in range(4)}
        places = [n for n in range(8 * instruction.size) if address + n // 8 not in filled]
        for chosen in combinations(places, bits):
            data = bytearray(instruction.bytes)
            for n in chosen:
                data[n // 8] ^= 1 << n % 8
            other = next(obj.disassemble(bytes(data), address), None)
            if other and other.size == instruction.size and accept(instruction, other):
                found.append(other)
        return found

    def changed(self, address, choice=random):
        """For each operand, each register of an address, and so on, one instruction in which only that differs."""
        found = {}
        for other in self.others(address, lambda one, other: one.mnemonic == other.mnemonic):
            here, there = words(self.code.object.code[address]), words(other)
            differ = tuple(i for i, pair in enumerate(zip(here, there)) if pair[0] != pair[1])
            if differ and len(here) == len(there):
                found.setdefault(differ, []).append(other)
        return [choice.choice(others) for _, others in sorted(found.items())]

    def without_carry(self, address):
        """Of a sum with a carry, that without it; of what makes a number of a carry, nothing."""
        mnemonic = self.code.object.code[address].mnemonic
        if mnemonic in ("cinc", "cset", "setb"):
            return [None]
        if mnemonic not in WITHOUT_CARRY:
            return []
        plain, bits = WITHOUT_CARRY[mnemonic], 1 if self.code.object.x86 else 2
        return self.others(address, lambda one, other: (other.mnemonic, other.op_str) == (plain, one.op_str), bits)

    def narrow(self, address):
        """Of a sum or a shift of 64 bits, that of 32 bits."""
        return self.others(address, halved) if self.code.object.code[address].mnemonic in SUMS else []

    def ending(self):
        """The instructions of the longest call after its last product, which make limbs the accumulator."""
        path = self.record(max(self.steps, key=self.steps.get)).path
        products = [i for i, a in enumerate(path) if re.search("mul|mla|madd", self.code.object.code[a].mnemonic)]
        return set(path[products[-1] :])

    def text(self, address):
        """An instruction as text."""
        return text(self.code.object.code[address])


def halved(one, other):
    """Whether an instruction is one of 64 bits, with 32 bits instead."""
    first, half = (re.match(r"\w*", instruction.op_str)[0] for instruction in (one, other))
    wide = re.fullmatch(r"x\d+|r[a-ds]\w|r\d+", first) and re.fullmatch(r"w\d+|e\w\w|r\d+d", half)
    return one.mnemonic == other.mnemonic and bool(wide)


def words(instruction):
    """The registers, numbers and the like of an instruction."""
    return re.findall(r"[\w.]+", instruction.op_str)


def text(instruction):
    """An instruction as text."""
    return f"{instruction.mnemonic} {instruction.op_str}".strip()
