# SPDX-License-Identifier: GPL-2.0
"""What the machines of both architectures have: a thread that runs functions of an object."""

from .memory import Pointer
from .values import Fault


class Token:
    """What may be moved only: a caller's register, or a return address."""

    def __init__(self, name, address=None):
        self.name, self.address = name, address

    def __repr__(self):
        return self.name


class Thread:
    """Registers are in `r` and `v`, the stack pointer in `r[sp]`; `compile_at` makes functions of instructions."""

    FRAMES = 4096
    SP = None
    LANDINGS = ()
    compile_at = None

    def __init__(self, obj, compiled, section):
        self.object, self.compiled, self.section = obj, compiled, section
        self.carry = self.result = self.compared = None
        self.steps, self.left_out = 0, None
        self.trace, self.written, self.limit = None, [], 1000000

    def run(self, address, end):
        """Runs instructions until the return address `end` is taken."""
        compiled, obj = self.compiled, self.object
        while True:
            step = compiled.get(address)
            if step is None:
                step = compiled[address] = self.compile_at(obj, address)
            self.steps += 1
            try:
                if self.trace is not None:
                    following = self.trace.step(self, address, step)
                else:
                    following = step[0](self) if address != self.left_out else None
            except Fault as fault:
                if not hasattr(fault, "at"):
                    fault.at = address
                raise
            if following is None:
                address = step[1]
            elif type(following) is int:
                address = following
            elif following is end:
                return
            else:
                raise Fault(f"returns to {following!r}")
            if self.steps > self.limit:
                raise Fault("does not end")

    def enter(self, address, end):
        """Calls a function through a pointer, which the kernel allows at an instruction that says so."""
        self.object.function(address)
        if self.object.code[address].mnemonic not in self.LANDINGS or self.left_out == address:
            raise Fault("is entered where no call may go")
        self.run(address, end)

    def load(self, pointer, size, aligned=0):
        """A read of memory; of the stack only above the stack pointer."""
        if type(pointer) is not Pointer:
            raise Fault(f"an address that is {pointer!r}")
        if pointer.region is self.stack and pointer.offset < self.r[self.SP].offset:
            raise Fault("reads below the stack pointer")
        return pointer.region.load(pointer.offset, size, aligned)

    def store(self, pointer, size, value, aligned=0):
        """A write to memory; below the stack pointer only of constants, which wipe it."""
        if type(pointer) is not Pointer:
            raise Fault(f"an address that is {pointer!r}")
        if pointer.region is self.stack and pointer.offset < self.r[self.SP].offset:
            if any(type(v) is not int for v in (value if size > 8 else [value])):
                raise Fault("writes below the stack pointer")
        if self.trace is not None:
            self.note(pointer, size, value)
        pointer.region.store(pointer.offset, size, value, aligned)

    def note(self, pointer, size, value):
        """Keeps where a word is overwritten, what was there, and by what."""
        for i in range(0, size, 8):
            words, at = pointer.region.words, (pointer.offset + i) // 8
            self.written.append((words, at, words.get(at), value[i // 8] if size > 8 else value))
