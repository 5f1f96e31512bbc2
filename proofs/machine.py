# SPDX-License-Identifier: GPL-2.0
"""What the machines of both architectures have: a thread that runs functions of an object."""

from .memory import Pointer
from .values import Fault


def table():
    """A table of what makes functions of instructions, by mnemonic, and what registers it there."""
    found = {}

    def instruction(*mnemonics):
        def register(build):
            found.update(dict.fromkeys(mnemonics, build))
            return build

        return register

    return found, instruction


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
        self.steps, self.limit = 0, 1000000
        # What runs instructions instead, and the words that were written since it last looked: (region, number,
        # what was there).
        self.trace, self.written = None, []

    def compile(self, address):
        """The function for an instruction: a fault, if it is not known, or has an operand that no table has."""
        try:
            return self.compile_at(self.object, address)
        except (LookupError, TypeError, ValueError) as error:
            raise Fault(f"operands that are not known, at {address:#x}") from error

    def run(self, address, end):
        """Runs instructions until the return address `end` is taken."""
        compiled = self.compiled
        while True:
            step = compiled.get(address)
            if step is None:
                step = compiled[address] = self.compile(address)
            self.steps += 1
            try:
                if self.trace is not None:
                    following = self.trace.step(self, address, step)
                else:
                    following = step[0](self)
            except Fault as fault:
                raise Fault(f"{fault}, at {address:#x}") from fault
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
        if self.object.code[address].mnemonic not in self.LANDINGS:
            raise Fault("is entered where no call may go")
        self.run(address, end)

    def top(self):
        """The stack pointer."""
        pointer = self.r[self.SP]
        if type(pointer) is not Pointer or pointer.region is not self.stack:
            raise Fault(f"the stack pointer is {pointer!r}")
        return pointer

    def load(self, pointer, size, aligned=0):
        """A read of memory; of the stack only above the stack pointer."""
        if type(pointer) is not Pointer:
            raise Fault(f"an address that is {pointer!r}")
        if pointer.region is self.stack and pointer.offset < self.top().offset:
            raise Fault("reads below the stack pointer")
        return pointer.region.load(pointer.offset, size, aligned)

    def store(self, pointer, size, value, aligned=0):
        """A write to memory; below the stack pointer only of constants, which wipe it."""
        if type(pointer) is not Pointer:
            raise Fault(f"an address that is {pointer!r}")
        if pointer.region is self.stack and pointer.offset < self.top().offset:
            if any(type(v) is not int for v in (value if size > 8 else [value])):
                raise Fault("writes below the stack pointer")
        if self.trace is not None:
            words = range(pointer.offset // 8, (pointer.offset + size + 7) // 8)
            self.written += [(pointer.region, at, pointer.region.words.get(at)) for at in words]
        pointer.region.store(pointer.offset, size, value, aligned)
