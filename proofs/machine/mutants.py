# SPDX-License-Identifier: GPL-2.0
"""Leaves out each instruction of an implementation in turn: the proofs must fail.

What survives has to have one of these reasons:

- nothing: it does nothing (`nop`, `endbr64`), or writes what is there already, in all calls;
- unused: all proofs hold if what it writes is undefined, so that nothing may compute with it, or if it is any
  secret, on which no result depends then; and it overwrites no secret: it wipes where none was, or serves a way
  that no call takes;
- way: it only decides between two ways that give the same result: a jump, a comparison, or a public number that
  is first used by a comparison;
- same: without it, all calls go the same way, and write the same to memory: it makes bits that are masked anyway;
- upper: it is a `vzeroupper` that another one follows before the section ends.
"""

import random

from .arithmetic import same
from .values import WORD, Fault, Secret, fresh, repeatable, unpredictable

EXPLAINED = {
    "lea rax, [r11 + 4]": "the groups of a short run are multiplied one by one, to the same sum",
}
MARKS = ("endbr", "bti", "paciasp", "autiasp")
COMPARES = ("cmp", "test", "tst", "cbz", "cbnz")


class Trace:
    """What instructions did, by address: a set of `value`, `jump` and `flags`."""

    def __init__(self):
        self.did = {}

    def step(self, machine, address, step):
        """Runs an instruction."""
        did = self.did.setdefault(address, set())
        registers, vectors = list(machine.r), [list(v) for v in machine.v]
        flags = machine.carry, machine.result
        machine.written = []
        following = step[0](machine)
        pairs = list(zip(registers, machine.r))
        pairs += [pair for before, after in zip(vectors, machine.v) for pair in zip(before, after)]
        pairs += [(before, after) for _, _, before, after in machine.written]
        if any(before is not after and not equal(before, after) for before, after in pairs):
            did.add("value")
        if following not in (None, step[1]):
            did.add("jump")
        if flags != (machine.carry, machine.result):
            did.add("flags")
        return following


class Poison:
    """Makes what one instruction writes undefined, or any secret."""

    def __init__(self, address, value=lambda: None):
        self.address, self.value = address, value

    def step(self, machine, address, step):
        """Runs an instruction."""
        if address != self.address:
            return step[0](machine)
        registers, vectors, flags = list(machine.r), list(machine.v), (machine.carry, machine.result, machine.compared)
        machine.written = []
        following = step[0](machine)
        machine.r = [after if before is after else self.value() for before, after in zip(registers, machine.r)]
        machine.v = [after if before is after else [self.value() for _ in after] for before, after in zip(vectors, machine.v)]
        for words, at, _, _ in machine.written:
            words[at] = self.value()
        if flags != (machine.carry, machine.result, machine.compared):
            machine.carry = machine.result = machine.compared = None
        return following


class Record:
    """What a run does: its instructions, and all that they write to memory."""

    def __init__(self, left_out=None):
        self.left_out, self.events = left_out, []

    def step(self, machine, address, step):
        """Runs an instruction."""
        machine.written = []
        following = step[0](machine) if address != self.left_out else None
        self.events.append((address, [(at, key(after)) for _, at, _, after in machine.written]))
        return following


def key(value):
    """What identifies a value in two runs with the same random numbers."""
    return value.element if type(value) is Secret else value if type(value) is int else repr(value)


def equal(a, b):
    """Whether two values are the same."""
    return type(a) is type(b) and type(a) in (int, Secret) and same(a, b)


class Mutants:
    """The instructions that an implementation executes in some cases, by address."""

    def __init__(self, code, entry, prove, cases):
        self.code, self.entry, self.prove = code, entry, prove
        self.steps, self.through, self.did = {}, {}, {}
        for case in cases:
            trace = Trace()
            self.steps[case] = self.run(case, trace=trace).steps
            for address, did in trace.did.items():
                self.through.setdefault(address, []).append(case)
                self.did.setdefault(address, set()).update(did)
        for found in self.through.values():
            found.sort(key=self.steps.get)

    def run(self, case, **options):
        """Proves a case."""
        return case.prove(self.code, self.entry, self.prove, **options)

    def seen(self, address):
        """The fault that shows if an instruction is left out, or None: if it changes nothing anyway, or else."""
        if not self.did[address] and not self.text(address).startswith(MARKS):
            return None
        for case in self.through[address]:
            try:
                self.run(case, left_out=address, limit=2 * self.steps[case] + 1000)
            except Fault as fault:
                return fault
        return None

    def changed(self, address):
        """The instruction with another operand: another register, number or displacement."""
        obj = self.code.object
        instruction = obj.code[address]
        while True:
            data = bytearray(instruction.bytes)
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
            other = next(obj.decoder().disasm(bytes(data), address), None)
            same_kind = other and (other.mnemonic, other.size) == (instruction.mnemonic, instruction.size)
            if same_kind and other.op_str != instruction.op_str:
                return other

    def seen_changed(self, address, other):
        """The fault that shows with another instruction in place of one, or None."""
        code, instruction = self.code, self.code.object.code[address]
        code.object.code[address] = other
        kept = code.compiled.pop(address)
        try:
            for case in self.through[address]:
                try:
                    self.run(case, limit=2 * self.steps[case] + 1000)
                except Fault as fault:
                    return fault
            return None
        finally:
            code.object.code[address], code.compiled[address] = instruction, kept

    def reason(self, address):
        """Why an instruction can be left out, or None."""
        did, text = self.did[address], self.text(address)
        if not did:
            return "nothing"
        if text.startswith("vzeroupper"):
            return "upper"
        if did in ({"jump"}, {"flags"}):
            return "way"
        if text in EXPLAINED:
            return EXPLAINED[text]
        found = self.faults(address, trace=Poison(address))
        if not found or not self.faults(address, trace=Poison(address, lambda: fresh(WORD))):
            return "unused"
        if all(self.record(case, None) == self.record(case, address) for case in self.through[address]):
            return "same"
        return "way" if all(self.text(fault.at).startswith(COMPARES) for fault in found) else None

    def record(self, case, left_out):
        """What a run does, with or without an instruction."""
        record = Record(left_out)
        repeatable()
        try:
            self.run(case, trace=record)
        finally:
            unpredictable()
        return record.events

    def faults(self, address, **options):
        """The faults of all calls that execute an instruction."""
        found = []
        for case in self.through[address]:
            try:
                self.run(case, limit=2 * self.steps[case] + 1000, **options)
            except Fault as fault:
                fault.at = getattr(fault, "at", address)
                found.append(fault)
        return found

    def text(self, address):
        """An instruction as text."""
        instruction = self.code.object.code[address]
        return f"{instruction.mnemonic} {instruction.op_str}"
