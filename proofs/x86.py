# SPDX-License-Identifier: GPL-2.0
"""x86-64: registers, operands and control flow. An instruction becomes a function of the machine."""

import re

from capstone import x86 as cs

from . import sums, x86_control, x86_scalar, x86_vector
from .machine import Thread, Token
from .memory import Pointer, Region
from .values import Confidential, Fault, Secret, both, either, left, take

GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI = range(8)
CALLEE_SAVED = (RBX, RBP, 12, 13, 14, 15)


def register_names():
    """(number, bytes) of the names of registers; vector registers have numbers from 100 on."""
    names = {}
    for i, name in enumerate(GENERAL):
        names[name] = (i, 8)
        if i < 8:
            short = name[1:]
            names["e" + short], names[short] = (i, 4), (i, 2)
            names[short[0] + "l" if short[1] == "x" else short + "l"] = (i, 1)
        else:
            names[name + "d"], names[name + "w"], names[name + "b"] = (i, 4), (i, 2), (i, 1)
    for i in range(32):
        names[f"xmm{i}"], names[f"ymm{i}"], names[f"zmm{i}"] = (100 + i, 16), (100 + i, 32), (100 + i, 64)
    return names


REGISTERS = register_names()


class Partial:
    """A register of which only the low byte is known, and what that is."""

    def __init__(self, low):
        self.low = low

    def __repr__(self):
        return f"register with {self.low!r} in its low byte"


class Machine(Thread):
    """A thread on x86-64."""

    SP = RSP
    LANDINGS = ("endbr64",)
    ARGUMENTS = (RDI, RSI, RDX, RCX)
    NOT_PRESERVED = (RAX, RCX, RDX, RSI, RDI, 8, 9, 10, 11)

    def __init__(self, obj, compiled, section, base=0):
        super().__init__(obj, compiled, section)
        self.stack = Region("stack", self.FRAMES + 8, -self.FRAMES, base)
        self.saved = {i: Token("caller's " + GENERAL[i]) for i in CALLEE_SAVED}
        self.r = [self.saved.get(i) for i in range(16)]
        self.v = [[None] * 8 for _ in range(32)]
        self.masks, self.upper = [None] * 8, False

    def call(self, address, arguments):
        """Calls a function as the kernel does, and checks what the calling convention asks for."""
        end = Token("return address")
        self.stack.put(0, 8, end)
        self.r[RSP] = Pointer(self.stack, 0)
        for i, value in zip(self.ARGUMENTS, arguments):
            self.r[i] = value
        self.enter(address, end)
        if self.top().offset != 8:
            raise Fault("the stack pointer is not restored")
        for i, token in self.saved.items():
            if self.r[i] is not token:
                raise Fault(f"{GENERAL[i]} is not restored")
        if self.upper:
            raise Fault("no vzeroupper")

    def push(self, value):
        """Pushes a word."""
        top = self.top()
        self.r[RSP] = Pointer(top.region, top.offset - 8)
        self.store(self.r[RSP], 8, value)

    def pop(self):
        """Pops a word."""
        top = self.top()
        value = self.load(top, 8)
        self.r[RSP] = Pointer(top.region, top.offset + 8)
        return value

    @staticmethod
    def code_address(address):
        """A return address."""
        return Token(f"return to {address:#x}", address)

    def return_(self):
        """Takes the return address."""
        token = self.pop()
        if type(token) is not Token:
            raise Fault(f"returns to {token!r}")
        return token if token.address is None else token.address

    def call_external(self, name):
        """Calls a function that is not in the object. What it may spill has no secrets."""
        if name not in self.section.functions:
            raise Fault(f"calls {name}")
        if self.upper:
            raise Fault(f"no vzeroupper before {name}")
        self.no_secrets(f"at the call of {name}")
        result = self.section.functions[name](self)
        for i in self.NOT_PRESERVED:
            self.r[i] = None
        self.v = [[None] * 8 for _ in range(32)]
        self.r[RAX] = result
        self.carry = self.result = self.compared = None

    def no_secrets(self, when, registers=range(16)):
        """That registers that functions need not preserve have no secrets."""
        for i in registers:
            value = self.r[i].low if type(self.r[i]) is Partial else self.r[i]
            if isinstance(value, Confidential):
                raise Fault(f"{GENERAL[i]} has a secret {when}")
        if isinstance(self.carry, Confidential) or isinstance(self.result, Confidential):
            raise Fault(f"the flags have a secret {when}")


class Operands:
    """The operands of an instruction, as functions that read or write them."""

    def __init__(self, obj, instruction):
        self.object, self.instruction = obj, instruction
        self.ops = list(instruction.operands)
        self.mnemonic = instruction.mnemonic
        self.next = instruction.address + instruction.size

    def __len__(self):
        return len(self.ops)

    def register(self, i):
        """The number and size of a register, or None."""
        return self.named(self.ops[i].reg) if self.ops[i].type == cs.X86_OP_REG else None

    def named(self, register):
        """The number and size of a register."""
        name = self.instruction.reg_name(register)
        if name not in REGISTERS:
            raise Fault(f"the register {name} is not known")
        return REGISTERS[name]

    def size(self, i):
        """Bytes of an operand."""
        register = self.register(i)
        return register[1] if register else self.ops[i].size

    def relocated(self, size=4):
        """What a relocation of this instruction refers to: a name, (section, offset), or None."""
        start = self.instruction.address
        for at in range(start + 1, self.next - size + 1):
            if at in self.object.refers:
                _, name, offset = self.object.refers[at]
                return name if offset is None else (name, offset + self.next - at)
        return None

    def address(self, i):
        """A function that computes the address, or sum, of a memory operand."""
        mem = self.ops[i].mem
        if mem.segment:
            raise Fault("a segment")
        if mem.base == cs.X86_REG_RIP:
            place = self.relocated()
            if place is None:
                token = Token("address of code")
                return lambda m: token
            if type(place) is not tuple or place[0] not in self.object.constants:
                raise Fault(f"an address relative to rip: {place}")
            pointer = Pointer(self.object.constants[place[0]], place[1])
            return lambda m: pointer
        base = self.named(mem.base)[0] if mem.base else None
        index = self.named(mem.index)[0] if mem.index else None
        displacement, scale = mem.disp & (1 << 64) - 1, mem.scale.bit_length() - 1
        signed = mem.disp

        def address(m):
            a = m.r[base] if base is not None else 0
            if type(a) is Pointer:
                b = m.r[index] if index is not None else 0
                if type(b) is not int:
                    raise Fault(f"an address that is {a!r} + {b!r}")
                b = (b << scale) + signed & (1 << 64) - 1
                return Pointer(a.region, a.offset + (b if b < 1 << 63 else b - (1 << 64)))
            if index is not None:
                b = m.r[index]
                if type(b) is Pointer and scale == 0:
                    a, b = b, a
                else:
                    b = left(b, scale)
                a = sums.sum_of(a, b)
            return sums.sum_of(a, displacement)

        return address

    def read(self, i, aligned=0):
        """A function that reads an operand of up to 8 bytes."""
        op, size = self.ops[i], self.size(i)
        if op.type == cs.X86_OP_IMM:
            value = op.imm & (1 << 8 * size) - 1
            return lambda m: value
        if op.type == cs.X86_OP_MEM:
            address = self.address(i)
            return lambda m: m.load(address(m), size, aligned)
        number = self.register(i)[0]
        if size == 8:
            return lambda m: m.r[number]
        return lambda m: low_bytes(m.r[number], size)

    def write(self, i):
        """A function that writes an operand of up to 8 bytes."""
        op, size = self.ops[i], self.size(i)
        if op.type == cs.X86_OP_MEM:
            address = self.address(i)
            return lambda m, value: m.store(address(m), size, value)
        number = self.register(i)[0]
        if size >= 4:

            def write(m, value):
                m.r[number] = value

            return write
        if size != 1:
            raise Fault("a register of 2 bytes")

        def write_byte(m, value):
            old = m.r[number]
            known = type(old) is int or type(old) is Secret
            m.r[number] = either(both(old, (1 << 64) - 256), value) if known else Partial(value)

        return write_byte


def low_bytes(value, size):
    """The low bytes of a register."""
    if type(value) is Partial:
        return value.low if size == 1 else value
    return take(value, 0, 8 * size)


def outside_section():
    raise Fault("a vector instruction outside of a section")


def compile_at(obj, address):
    """The function for the instruction at an address, and the address after it."""
    if address not in obj.code:
        if address not in obj.sizes:
            raise Fault(f"{address:#x} is no function")
        obj.function(address)
    instruction = obj.code[address]
    if instruction.addr_size != 8:
        raise Fault(f"an address size: {instruction.op_str}")
    operands = Operands(obj, instruction)
    if "{" in re.sub(r"\{k\d\} \{z\}|\{1to\d\}", "", instruction.op_str):
        raise Fault(f"a mask that keeps words, or the like: {instruction.op_str}")
    if "{k" in instruction.op_str:
        act = x86_vector.masked(operands)
        return lambda m: act(m) if m.section.open else outside_section(), operands.next
    for table in (x86_scalar.TABLE, x86_control.TABLE):
        if operands.mnemonic in table:
            return table[operands.mnemonic](operands), operands.next
    if operands.mnemonic in x86_vector.TABLE:
        act = x86_vector.TABLE[operands.mnemonic](operands)
        return lambda m: act(m) if m.section.open else outside_section(), operands.next
    raise Fault(f"the instruction {operands.mnemonic} is not known")


Machine.compile_at = staticmethod(compile_at)
