# SPDX-License-Identifier: GPL-2.0
"""The vector instructions of x86-64, on registers of up to eight words."""

import re

from capstone import x86 as cs

from . import arithmetic
from .machine import table
from .sums import sum_of
from .values import WORD, Fault, both, differ, either, left, number, right, take

TABLE, instruction = table()


def words(o, i):
    """Words of an operand, in a register or in memory."""
    register = o.register(i)
    if register:
        return register[1] // 8
    return o.ops[i].size * broadcast(o, i) // 8


def broadcast(o, i):
    """How many times an operand in memory is repeated. (Capstone has it in the text only.)"""
    found = re.search(r"\{1to(\d+)\}", o.instruction.op_str)
    return int(found[1]) if found and o.ops[i].type == cs.X86_OP_MEM else 1


def source(o, i, aligned=0):
    """A function that reads the words of an operand."""
    register = o.register(i)
    if register:
        n, count = register[0] - 100, register[1] // 8
        if count == 8:
            return lambda m: m.v[n]
        return lambda m: m.v[n][:count]
    address, size, times = o.address(i), o.ops[i].size, broadcast(o, i)
    if times > 1:
        if size != 8 or times != words(o, 0):
            raise Fault("a broadcast of other sizes")
        return lambda m: [m.load(address(m), size)] * times
    return lambda m: m.load(address(m), size, aligned)


def target(o, i=0):
    """A function that writes a register; what is above is cleared."""
    n, size = o.register(i)
    n, count = n - 100, size // 8
    above = [0] * (8 - count)
    wide = count > 2 and n < 16

    def write(m, value):
        m.v[n] = value + above
        if wide:
            m.upper = True

    return write


def by_words(act):
    """An instruction of two sources that acts on each word."""

    def build(o):
        one, other, write = source(o, 1), source(o, 2), target(o)
        return lambda m: write(m, [act(a, b) for a, b in zip(one(m), other(m))])

    return build


TABLE["vpaddq"] = by_words(arithmetic.plain)
TABLE["vpmuludq"] = by_words(lambda a, b: arithmetic.low_product(a, b, 32)[0])
for name in ("vpand", "vpandq"):
    TABLE[name] = by_words(both)
for name in ("vpor", "vporq"):
    TABLE[name] = by_words(either)


@instruction("vpxor", "vpxorq")
def xor(o):
    if o.register(1) == o.register(2) is not None:
        write, zeroes = target(o), [0] * words(o, 0)
        return lambda m: write(m, list(zeroes))
    return by_words(differ)(o)


@instruction("vpcmpeqd")
def compare(o):
    if o.register(1) != o.register(2):
        raise Fault("a comparison of different registers")
    write, ones = target(o), [WORD] * words(o, 0)
    return lambda m: write(m, list(ones))


@instruction("vpternlogq")
def ternary(o):
    code, write, count = o.ops[3].imm & 0xFF, target(o), words(o, 0)
    if code != 0xFF:
        raise Fault(f"vpternlogq {code:#x}")
    return lambda m: write(m, [WORD] * count)


@instruction("vpmadd52luq", "vpmadd52huq")
def multiply_add(o):
    half = 0 if o.mnemonic == "vpmadd52luq" else 1
    to, one, other, write = source(o, 0), source(o, 1), source(o, 2), target(o)
    return lambda m: write(m, [arithmetic.plain(x, half_52(y, z, half)) for x, y, z in zip(to(m), one(m), other(m))])


def half_52(a, b, high):
    """The low or the high 52 bits of the product of the low 52 bits of words."""
    low, above = arithmetic.low_product(a, b, 52)
    return either(right(low, 52), left(above, 12)) if high else take(low, 0, 52)


@instruction("vpsllq", "vpsrlq")
def shift(o):
    if o.ops[2].type != cs.X86_OP_IMM:
        raise Fault("a shift by a register")
    act, n = left if o.mnemonic == "vpsllq" else right, o.ops[2].imm & 0xFF
    read, write = source(o, 1), target(o)
    return lambda m: write(m, [act(number(a), n) for a in read(m)])


@instruction("vmovdqu", "vmovdqu64", "vmovdqa", "vmovdqa64", "vmovq")
def move(o):
    aligned = o.mnemonic.startswith("vmovdqa")
    register = o.register(0)
    if o.mnemonic == "vmovq":
        return move_word(o)
    if register:
        read, write = source(o, 1, words(o, 0) * 8 if aligned else 0), target(o)
        return lambda m: write(m, list(read(m)))
    return store(o, source(o, 1), words(o, 1) * 8, aligned)


def store(o, read, size, aligned=False):
    """Stores words to the operand in memory."""
    address = o.address(0)
    return lambda m: m.store(address(m), size, read(m), size if aligned else 0)


def move_word(o):
    """vmovq: the low word, from or to a general register or memory."""
    to, origin = o.register(0), o.register(1)
    if to and to[0] >= 100:
        write = target(o)
        if origin and origin[0] >= 100:
            read = source(o, 1)
            return lambda m: write(m, [read(m)[0], 0])
        read = o.read(1)
        return lambda m: write(m, [read(m), 0])
    read, write_word = source(o, 1), o.write(0)
    return lambda m: write_word(m, read(m)[0])


@instruction("kmovw")
def move_mask(o):
    mask, read = mask_number(o, 0), o.read(1)

    def run(m):
        value = read(m)
        if type(value) is not int:
            raise Fault(f"a mask that is {value!r}")
        m.masks[mask] = value & 0xFFFF

    return run


def mask_number(o, i):
    """The number of a mask register."""
    return int(re.fullmatch(r"k([0-7])", o.instruction.reg_name(o.ops[i].reg))[1])


def masked(o):
    """An instruction that writes the words of a mask, and clears the others. Only words of the mask are loaded."""
    if o.mnemonic not in ("vmovdqu64", "vmovdqa64", "vpbroadcastq"):
        raise Fault(f"a mask of {o.mnemonic}")
    mask = mask_number(o, 1)
    del o.ops[1]
    count, write = words(o, 0), target(o)
    if o.mnemonic == "vpbroadcastq":
        one = o.read(1)
        read = lambda m, there: [one(m)] * count
    elif o.register(1):
        all_ = source(o, 1)
        read = lambda m, there: all_(m)
    elif o.mnemonic == "vmovdqu64":
        address = o.address(1)
        word = lambda m, i: m.load(sum_of(address(m), 8 * i), 8)
        read = lambda m, there: [word(m, i) if there >> i & 1 else None for i in range(count)]
    else:
        raise Fault("a mask of an aligned load")

    def run(m):
        there = m.masks[mask]
        if there is None:
            raise Fault("a mask that is not defined")
        value = read(m, there)
        write(m, [value[i] if there >> i & 1 else 0 for i in range(count)])

    return run


@instruction("vpinsrq")
def insert_word(o):
    base, word, write, at = source(o, 1), o.read(2), target(o), o.ops[3].imm & 1

    def run(m):
        value = list(base(m))
        value[at] = word(m)
        write(m, value)

    return run


@instruction("vinserti128", "vinserti64x4")
def insert_half(o):
    size = 2 if o.mnemonic == "vinserti128" else 4
    base, half, write, at = source(o, 1), source(o, 2), target(o), (o.ops[3].imm & 1) * size

    def run(m):
        value = list(base(m))
        value[at : at + size] = half(m)[:size]
        write(m, value)

    return run


@instruction("vextracti128", "vextracti64x4")
def extract(o):
    count = 2 if o.mnemonic == "vextracti128" else 4
    read, at = source(o, 1), (o.ops[2].imm & 1) * count
    if o.register(0):
        write = target(o)
        return lambda m: write(m, read(m)[at : at + count])
    return store(o, lambda m: read(m)[at : at + count], count * 8)


@instruction("vpbroadcastd", "vpbroadcastq")
def repeat(o):
    count, write, size = words(o, 0), target(o), 4 if o.mnemonic == "vpbroadcastd" else 8
    register = o.register(1)
    if register:
        read = (lambda m: m.v[register[0] - 100][0]) if register[0] >= 100 else o.read(1)
    else:
        address = o.address(1)
        read = lambda m: m.load(address(m), size)

    def run(m):
        word = take(read(m), 0, 8 * size)
        write(m, [word if size == 8 else either(word, left(word, 32))] * count)

    return run


@instruction("vpermq")
def permute(o):
    if o.ops[2].type != cs.X86_OP_IMM:
        raise Fault("a permutation by a register")
    read, write, code = source(o, 1), target(o), o.ops[2].imm
    order = [code >> 2 * i & 3 for i in range(4)]

    def run(m):
        value = read(m)
        write(m, [value[4 * (i // 4) + order[i % 4]] for i in range(len(value))])

    return run


@instruction("vpunpcklqdq", "vpunpckhqdq")
def unpack(o):
    half = 0 if o.mnemonic == "vpunpcklqdq" else 1
    one, other, write = source(o, 1), source(o, 2), target(o)

    def run(m):
        a, b = one(m), other(m)
        write(m, [x for i in range(half, len(a), 2) for x in (a[i], b[i])])

    return run


@instruction("vzeroupper")
def clear_upper(_):
    def run(m):
        for i in range(16):
            m.v[i] = m.v[i][:2] + [0] * 6
        m.upper = False

    return run
