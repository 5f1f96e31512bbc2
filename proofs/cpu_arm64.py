# SPDX-License-Identifier: GPL-2.0
"""Compares arm64 instructions with QEMU's, in unicorn: all that the proofs execute, as `cpu.py` does."""

import random

import unicorn
from unicorn import arm64_const as uc

from .arm64 import Machine, compile_at
from .arm64_decode import MEMORY, general
from .cpu import Inside, compare_all, difference, word, words
from .memory import Pointer, Region
from .values import Number, whole

# The stack pointer is at STACK in the buffer, which has room for offsets of both signs.
SIZE, STACK, CODE, BUFFER = 2560, 512, 0x10000, 0x20000
CONTROL = ("b", "bl", "ret", "cbz", "cbnz", "tbz", "tbnz", "paciasp", "autiasp", "bti")
GENERAL = [getattr(uc, f"UC_ARM64_REG_X{i}") for i in range(31)] + [uc.UC_ARM64_REG_SP]
VECTORS = [getattr(uc, f"UC_ARM64_REG_Q{i}") for i in range(32)]
CARRY, ZERO = 1 << 29, 1 << 30


def able(_):
    """Whether this CPU has these instructions."""
    return True


class Processor:
    """An emulated CPU."""

    def __init__(self):
        self.uc = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        self.uc.mem_map(CODE, 4096)
        self.uc.mem_map(BUFFER, 4096)
        # Vector registers may be used.
        self.uc.reg_write(uc.UC_ARM64_REG_CPACR_EL1, 3 << 20)

    def run(self, code, general_, vectors, flags, memory):
        """Registers, flags and memory after an instruction."""
        self.uc.mem_write(CODE, code)
        self.uc.ctl_remove_cache(CODE, CODE + 4)
        self.uc.mem_write(BUFFER, memory)
        for register, value in zip(GENERAL, general_):
            self.uc.reg_write(register, value)
        for i, register in enumerate(VECTORS):
            self.uc.reg_write(register, vectors[2 * i] | vectors[2 * i + 1] << 64)
        self.uc.reg_write(uc.UC_ARM64_REG_NZCV, flags)
        self.uc.emu_start(CODE, CODE + 4, count=1)
        after = [self.uc.reg_read(register) for register in GENERAL]
        wide = [self.uc.reg_read(register) for register in VECTORS]
        split = [half for value in wide for half in (value & (1 << 64) - 1, value >> 64)]
        return after, split, self.uc.reg_read(uc.UC_ARM64_REG_NZCV), bytes(self.uc.mem_read(BUFFER, SIZE))


def trial(processor, obj, instruction, secret):
    """What differs in one execution, or None; a `Fault` if the machine does not compute it."""
    Number.table.clear()
    sizes = random.choice([(64,), (63, 26, 1), (32, 26), (28, 20), (60, 52, 44), (1,)])
    value = lambda n: whole(Number(n, (1 << max(sizes)) - 1)) if secret and (n or sizes == (1,)) else n
    numbers, vectors = [word(sizes) for _ in range(31)] + [BUFFER + STACK], [word(sizes) for _ in range(64)]
    if max(sizes) < 32:
        vectors = [n | word(sizes) << 32 for n in vectors]
    memory = b"".join(word(sizes).to_bytes(8, "little") for _ in range(SIZE // 8))
    flags = random.choice((0, CARRY, ZERO, CARRY | ZERO))
    machine, buffer = Machine(obj, {}, Inside), Region("buffer", SIZE)
    buffer.fill(0, [value(n) for n in words(memory)])
    machine.stack = None
    machine.r = [value(n) for n in numbers[:31]] + [Pointer(buffer, STACK), 0]
    lane = value if max(sizes) >= 32 else lambda n: n
    machine.v = [[lane(vectors[2 * i]), lane(vectors[2 * i + 1])] for i in range(32)]
    machine.carry, machine.result = int(flags & CARRY != 0), int(not flags & ZERO)
    found = MEMORY.search(instruction.op_str)
    if found:
        base = general(found[1])[0]
        offset = STACK if base == 31 else SIZE // 2 - (int(found[2], 0) & -64 if found[2] else 0)
        machine.r[base], numbers[base] = Pointer(buffer, offset), BUFFER + offset
    if instruction.op_str.endswith("x12") and "[" in instruction.op_str:
        machine.r[12] = numbers[12] = 64
    compile_at(obj, instruction.address)[0](machine)
    after, wide, out, memory = processor.run(bytes(instruction.bytes), numbers, vectors, flags, memory)
    pairs = list(zip(machine.r, after)) + list(zip((w for v in machine.v for w in v), wide))
    pairs += [(buffer.words[i], n) for i, n in enumerate(words(memory))]
    carry = int(out & CARRY != 0)
    pairs += [(machine.carry, carry)] if machine.carry is not None else []
    pairs += [(machine.borrow, 1 - carry)] if machine.borrow is not None else []
    return difference(pairs, BUFFER, machine.result, bool(out & ZERO))


def check(obj, addresses, trials):
    """Compares the instructions at these addresses, as `compare_all()` says."""
    processor, found = Processor(), [obj.code[address] for address in sorted(addresses)]
    found = [i for i in found if i.mnemonic not in CONTROL and not i.mnemonic.startswith("b.")]
    return compare_all(found, trials, lambda instruction, secret: trial(processor, obj, instruction, secret))
