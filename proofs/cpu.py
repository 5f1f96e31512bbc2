# SPDX-License-Identifier: GPL-2.0
"""Compares instructions with the CPU: all that the proofs execute, with random and extreme operands.

Numbers have themselves as elements here, and their high parts are what they are. So the same code that
the proofs run on indeterminates computes results, which have to be those of the CPU.
"""

import ctypes
import mmap
import os
import random
import subprocess
import tempfile
from pathlib import Path

from capstone import x86 as cs

from .memory import Pointer, Region
from .objects import Vex
from .values import WORD, Confidential, Fault, Number, whole
from .x86 import REGISTERS, RSP, Machine, compile_at

SIZE = 1024
EXTREMES = (0, 1, 3, WORD, WORD - 1, 1 << 63, (1 << 63) - 1, 1 << 32, (1 << 32) - 1, (1 << 52) - 1, 1 << 52, (1 << 26) - 1)
CONTROL = ("call", "jmp", "ret", "push", "pop")


def able(mnemonics):
    """Whether this CPU has these instructions. (Its registers are kept by those of AVX-512.)"""
    has = Path("/proc/cpuinfo").read_text().split()
    return "avx512vl" in has and ("avx512ifma" in has or not any(name.startswith("vpmadd52") for name in mnemonics))


def native(instruction):
    """The bytes of an instruction, in the encoding of AVX-512 if it has another one: this CPU may not have that."""
    return bytes(instruction.evex.bytes if isinstance(instruction, Vex) else instruction.bytes)


class Inside:
    """A section that is always open."""

    open, functions = True, {}


class Processor:
    """This machine's CPU."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder) / "cpu_state.so"
            source = Path(__file__).with_name("cpu_state.S")
            subprocess.run(["clang" + os.environ.get("LLVM_TOOL_SUFFIX", "-19"), "-shared", "-nostdlib", "-o", library, source], check=True)
            self.library = ctypes.CDLL(str(library))
        self.end = ctypes.cast(self.library.run_on_end, ctypes.c_void_p).value
        self.page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        self.code = ctypes.addressof(ctypes.c_char.from_buffer(self.page))
        # 64 bytes more, to align what is inside.
        self.raw = ctypes.create_string_buffer(SIZE + 64)
        self.skip = -ctypes.addressof(self.raw) % 64
        self.buffer = ctypes.addressof(self.raw) + self.skip

    def run(self, code, general, vectors, flags, masks, memory):
        """Registers, flags, masks and memory after an instruction."""
        state = (ctypes.c_uint64 * (24 + 256))(*general, flags, *masks, *vectors)
        ctypes.memmove(self.buffer, memory, SIZE)
        jump = b"\xff\x25\0\0\0\0" + self.end.to_bytes(8, "little")
        self.page[: len(code) + len(jump)] = code + jump
        self.library.run_on(state, ctypes.c_void_p(self.code))
        return state[:16], state[24:], state[16], state[17:24], ctypes.string_at(self.buffer, SIZE)


def word(sizes):
    """A random or extreme number."""
    value = random.choice(EXTREMES) if random.random() < 0.3 else random.getrandbits(64)
    return value & (1 << random.choice(sizes)) - 1


class Trial:
    """One execution of an instruction, by the machine and by the CPU."""

    def __init__(self, obj, instruction, secret):
        self.object, self.instruction, self.secret = obj, instruction, secret
        sizes = random.choice([(64,), (63, 26, 1), (32, 26), (60, 52, 44), (1,)])
        self.general = [word(sizes) for _ in range(16)]
        self.vectors = [word(sizes) for _ in range(256)]
        self.memory = b"".join(word(sizes).to_bytes(8, "little") for _ in range(SIZE // 8))
        self.masks = [random.getrandbits(16) for _ in range(7)]
        self.flags = 0x202 | random.choice((0, 1, 0x40, 0x41))
        self.sizes = max(sizes)

    def value(self, n):
        """A number as the machine has it."""
        return whole(Number(n, (1 << self.sizes) - 1)) if self.secret and (n or self.sizes == 1) else n

    def run(self, processor):
        """Returns what differs, or None; a `Fault` if the machine does not compute it."""
        Number.table.clear()
        machine = Machine(self.object, {}, Inside)
        buffer = Region("buffer", SIZE)
        buffer.fill(0, [self.value(n) for n in words(self.memory)])
        machine.r = [self.value(n) for n in self.general]
        machine.r[RSP] = Pointer(buffer, SIZE // 2)
        machine.v = [[self.value(n) for n in self.vectors[8 * i : 8 * i + 8]] for i in range(32)]
        machine.carry, machine.result = self.flags & 1, int(not self.flags & 0x40)
        machine.stack, machine.masks[1:] = None, self.masks
        self.general[RSP] = processor.buffer + SIZE // 2
        for operand in self.instruction.operands:
            if operand.type == cs.X86_OP_MEM and operand.mem.base:
                self.point(machine, buffer, operand, processor)
        compile_at(self.object, self.instruction.address)[0](machine)
        general, vectors, flags, masks, memory = processor.run(
            native(self.instruction), self.general, self.vectors, self.flags, self.masks, self.memory
        )
        pairs = list(zip(machine.r, general)) + list(zip(machine.masks[1:], masks)) + list(zip((w for v in machine.v for w in v), vectors))
        pairs += [(buffer.words[i], n) for i, n in enumerate(words(memory))]
        pairs += [(machine.carry, flags & 1)] if machine.carry is not None else []
        return difference(pairs, processor.buffer, machine.result, bool(flags & 0x40))

    def point(self, machine, buffer, operand, processor):
        """Makes the base of an operand point to the middle of the buffer."""
        name = self.instruction.reg_name
        offset = SIZE // 2 - operand.mem.disp & -64
        if self.instruction.mnemonic == "lea" and random.random() < 0.7:
            return
        base = REGISTERS[name(operand.mem.base)][0]
        machine.r[base], self.general[base] = Pointer(buffer, offset), processor.buffer + offset
        if operand.mem.index:
            index = REGISTERS[name(operand.mem.index)][0]
            machine.r[index] = self.general[index] = 8 * random.randrange(4)


def difference(pairs, buffer, result, zero):
    """What is not as it must be, or None: of pairs what the machine has and the CPU has, and the flag for a zero result."""
    for mine, right in pairs:
        if type(mine) is Pointer:
            mine = buffer + mine.offset
        if isinstance(mine, Confidential):
            if mine.most < right:
                return f"a bound {mine.most:#x} of {right:#x}"
            mine = mine.element
        if mine != right:
            return f"{mine!r} for {right:#x}"
    result = result.element if isinstance(result, Confidential) else result
    return "the zero flag" if type(result) is int and (result == 0) != zero else None


def words(data):
    """The words of bytes."""
    return [int.from_bytes(data[i : i + 8], "little") for i in range(0, len(data), 8)]


def comparable(obj, instruction):
    """Whether an instruction computes by itself: without control flow, and without what a linker fills in."""
    rip = any(op.type == cs.X86_OP_MEM and op.mem.base == cs.X86_REG_RIP for op in instruction.operands)
    linked = rip or any(instruction.address + i in obj.refers for i in range(instruction.size))
    return not linked and instruction.mnemonic not in CONTROL and not instruction.mnemonic.startswith("j")


def compare_all(found, trials, trial):
    """Compares instructions by `trial(instruction, secret)`; returns how many different ones were, by mnemonic, and what differs."""
    seen, done, wrong = set(), {}, []
    Number.known = True
    try:
        for instruction in found:
            if bytes(instruction.bytes) in seen:
                continue
            seen.add(bytes(instruction.bytes))
            computed = 0
            for i in range(20 * trials):
                if computed == trials:
                    break
                try:
                    difference = trial(instruction, i % 2)
                    computed += 1
                except Fault:
                    continue
                if difference:
                    wrong.append(f"{instruction.mnemonic} {instruction.op_str}: {difference}")
                    break
            if not computed:
                wrong.append(f"{instruction.mnemonic} {instruction.op_str}: never computed")
            done[instruction.mnemonic] = done.get(instruction.mnemonic, 0) + 1
    finally:
        Number.known = False
        Number.table.clear()
    return done, wrong


def check(obj, addresses, trials):
    """Compares the instructions at these addresses, as `compare_all()` says."""
    processor, found = Processor(), [obj.code[address] for address in sorted(addresses)]
    found = [instruction for instruction in found if comparable(obj, instruction)]
    return compare_all(found, trials, lambda instruction, secret: Trial(obj, instruction, secret).run(processor))
