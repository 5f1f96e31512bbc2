# SPDX-License-Identifier: GPL-2.0
"""The operands of arm64 instructions, read from capstone's text."""

import re

from .values import Fault

MEMORY = re.compile(r"\[(x\d+|sp)(?:, #(-?\w+)|, (x\d+))?\](!)?")


class Texts(list):
    """Operands as text. `seen` are those that were looked at."""

    def __init__(self, texts):
        super().__init__(texts)
        self.seen = set()

    def __getitem__(self, i):
        self.seen.add(i % len(self))
        return super().__getitem__(i)


class Operands:
    """An instruction: its mnemonic and operands. Shifts of the last register are `shift`."""

    def __init__(self, obj, instruction):
        self.object, self.address, self.next = obj, instruction.address, instruction.address + 4
        self.mnemonic = instruction.mnemonic
        texts = [op.strip() for op in re.split(r",\s*(?![^\[{]*[\]}])", instruction.op_str) if op.strip()]
        self.kept = self.looked = None
        if texts and re.match(r"(lsl|lsr) #", texts[-1]):
            kind, _, count = texts.pop().partition(" #")
            self.kept = kind, int(count, 0)
        self.ops = Texts(texts)

    @property
    def shift(self):
        """The shift of the last register, or None."""
        self.looked = True
        return self.kept

    def check(self):
        """That what was made of the instruction did not leave out an operand."""
        if len(self.ops.seen) < len(self.ops) or self.kept and not self.looked:
            raise Fault(f"an operand of {self.mnemonic} that is not known")

    def immediate(self, i):
        """A number."""
        return int(self.ops[i].lstrip("#"), 0)

    def is_immediate(self, i):
        """Whether an operand is a number."""
        return self.ops[i].startswith("#")

    def register(self, i):
        """The number of a general register, with 31 for sp and 32 for zero, and its bits."""
        return general(self.ops[i])

    def vector(self, i):
        """The number of a vector register, its arrangement, and the index of an element."""
        found = re.fullmatch(r"v(\d+)\.(\d*[bhsd])(?:\[(\d+)\])?", self.ops[i])
        if not found:
            raise Fault(f"the operand {self.ops[i]}")
        return int(found[1]), found[2], None if found[3] is None else int(found[3])

    def list(self, i):
        """The numbers of vector registers in braces."""
        return [int(n) for n in re.findall(r"v(\d+)\.", self.ops[i])]

    def target(self):
        """What a branch goes to: an address, or a name."""
        field = self.immediate(-1)
        if self.address in self.object.refers:
            _, name, offset = self.object.refers[self.address]
            if offset is None:
                return name
            if name != ".text":
                raise Fault(f"jumps to {name}")
            return self.object.oracles.get(offset, offset)
        return field

    def memory(self, i):
        """(base, offset or register, whether it is written back, and by how much afterwards)."""
        found = MEMORY.fullmatch(self.ops[i])
        if not found:
            raise Fault(f"the address {self.ops[i]}")
        base = general(found[1])[0]
        offset = int(found[2], 0) if found[2] else 0
        if found[3]:
            raise Fault("an address with an index")
        after = None
        if i + 1 < len(self.ops):
            after = self.immediate(i + 1) if self.is_immediate(i + 1) else general(self.ops[i + 1])[0:1]
        return base, offset, bool(found[4]), after


def general(name):
    """A general register."""
    if name in ("sp", "wsp"):
        return 31, 64 if name == "sp" else 32
    if name in ("xzr", "wzr"):
        return 32, 64 if name[0] == "x" else 32
    if not re.fullmatch(r"[xw]\d+", name):
        raise Fault(f"the register {name}")
    return int(name[1:]), 64 if name[0] == "x" else 32
