# SPDX-License-Identifier: GPL-2.0
"""arm64: registers, control flow and memory."""

from . import arm64_scalar, arm64_vector
from .arm64_decode import Operands
from .machine import Thread, Token
from .memory import Pointer, Region
from .values import WORD, Confidential, Fault, fresh

SAVED = range(19, 31)
# Functions of the kernel that are assembly without a stack frame, so they spill nothing. Afterwards, registers have
# any secrets: those of before, and what was copied. (A kernel with KASAN has C around them.)
LEAVES = ("memset", "memcpy")


class Machine(Thread):
    """A thread on arm64. Register 31 is the stack pointer, and 32 is zero."""

    SP = 31
    LANDINGS = ("bti", "paciasp")
    ARGUMENTS = range(8)
    NOT_PRESERVED = range(19)

    def __init__(self, obj, compiled, section, base=0):
        super().__init__(obj, compiled, section)
        self.stack = Region("stack", self.FRAMES, -self.FRAMES, base & -16)
        self.saved = {i: Token(f"caller's x{i}") for i in SAVED}
        self.r = [self.saved.get(i) for i in range(31)] + [Pointer(self.stack, 0), 0]
        self.v = [[None, None] for _ in range(32)]
        # Of a difference, what is known is the borrow; it is the opposite of the carry flag.
        self.borrow = None

    def call(self, address, arguments):
        """Calls a function as the kernel does, and checks what the calling convention asks for."""
        end = self.saved[30]
        for i, value in zip(self.ARGUMENTS, arguments):
            self.r[i] = value
        self.enter(address, end)
        if self.top().offset != 0:
            raise Fault("the stack pointer is not restored")
        for i, token in self.saved.items():
            if self.r[i] is not token:
                raise Fault(f"x{i} is not restored")

    def get(self, i, bits=64):
        """A general register."""
        value = self.r[i]
        return value if bits == 64 else arm64_scalar.low_half(value)

    def set(self, i, value):
        """Writes a general register."""
        if i != 32:
            self.r[i] = value

    def return_(self):
        """Where the return address points."""
        token = self.r[30]
        if type(token) is not Token:
            raise Fault(f"returns to {token!r}")
        return token if token.address is None else token.address

    def call_external(self, name):
        """Calls a function that is not in the object, or is not executed. What it may spill has no secrets.

        It may spill what it preserves. What it need not preserve, it does not know; so secrets may be there if the
        section says so, and stay there, unless the function clears these registers.
        """
        if name not in self.section.functions:
            raise Fault(f"calls {name}")
        if name not in LEAVES:
            self.no_secrets(f"at the call of {name}", SAVED if self.section.residue else range(31))
        left = [i for i in self.NOT_PRESERVED if name in LEAVES or isinstance(self.r[i], Confidential)]
        result = self.section.functions[name](self)
        for i in self.NOT_PRESERVED:
            # Drawn for all of them, so that two runs have the same random numbers.
            anything = fresh(WORD)
            self.r[i] = anything if i in left and name not in self.section.clearing else None
        self.r[0] = result
        self.carry = self.borrow = self.result = self.compared = None

    def no_secrets(self, when, registers):
        """That registers that functions need not preserve have no secrets."""
        for i in registers:
            if isinstance(self.r[i], Confidential):
                raise Fault(f"x{i} has a secret {when}")


def compile_at(obj, address):
    """The function for the instruction at an address, and the address after it."""
    if address not in obj.code:
        if address not in obj.sizes:
            raise Fault(f"{address:#x} is no function")
        obj.function(address)
    if address not in obj.code:
        raise Fault(f"{address:#x} is no instruction")
    o = Operands(obj, obj.code[address])
    vector = o.mnemonic in arm64_vector.TABLE and (o.mnemonic not in arm64_scalar.TABLE or arm64_vector.is_vector(o))
    table = arm64_vector.TABLE if vector else arm64_scalar.TABLE
    if o.mnemonic not in table:
        raise Fault(f"the instruction {o.mnemonic} is not known")
    act = table[o.mnemonic](o)
    if o.mnemonic not in ("nop", "bti"):
        o.check()
    if vector:
        return lambda m: act(m) if m.section.open else outside_section(), o.next
    return act, o.next


def outside_section():
    raise Fault("a vector instruction outside of a section")


Machine.compile_at = staticmethod(compile_at)
