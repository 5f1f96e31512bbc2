# SPDX-License-Identifier: GPL-2.0
"""The vector instructions of arm64, on registers of two words."""

from . import arithmetic
from .arm64_scalar import Address
from .machine import table
from .memory import Pointer
from .values import Fault, both, either, left, number, right, take

TABLE, instruction = table()
LOW = (1 << 32) - 1


def is_vector(o):
    """Whether an instruction that exists for both kinds of registers has a vector register."""
    return any(op[0] in "vqd{" for op in o.ops)


def quarters(value):
    """The four numbers of 32 bits in two words."""
    return [part for word in value for part in (take(word, 0, 32), take(word, 32, 64))]


def joined(parts):
    """Words of numbers of 32 bits."""
    return [either(low, left(high, 32)) for low, high in zip(parts[::2], parts[1::2])]


def sum_32(a, b):
    """A sum of 32 bits, which must not wrap."""
    total = arithmetic.plain(a, b)
    if (total if type(total) is int else total.most) > LOW:
        raise Fault("a sum of 32 bits may wrap")
    return total


def product_32(a, b):
    """The low 32 bits of a product of numbers of 32 bits."""
    return take(arithmetic.product(a, b)[0], 0, 32)


def scalar_register(name):
    """The number and the bytes of d0 or q0, or None."""
    return (int(name[1:]), 8 if name[0] == "d" else 16) if name[0] in "dq" else None


def lanes(o, act_64, act_32):
    """An instruction on lanes of 64 or of 32 bits: the target's, and two sources'."""
    (to, kind, _), one, other = o.vector(0), o.vector(1)[0], o.vector(2)[0]
    if kind == "2d":

        def run(m):
            m.v[to] = [act_64(x, a, b) for x, a, b in zip(m.v[to], m.v[one], m.v[other])]

        return run
    if kind != "4s":
        raise Fault(f"{o.mnemonic} of {kind}")

    def run_32(m):
        parts = zip(quarters_or_none(m.v[to]), quarters(m.v[one]), quarters(m.v[other]))
        m.v[to] = joined([act_32(x, a, b) for x, a, b in parts])

    return run_32


def quarters_or_none(value):
    """As `quarters()`, of a register that may be undefined."""
    return [None] * 4 if None in value else quarters(value)


@instruction("add")
def add(o):
    return lanes(o, lambda x, a, b: arithmetic.plain(a, b), lambda x, a, b: sum_32(a, b))


@instruction("mul")
def mul(o):
    return lanes(o, None, lambda x, a, b: product_32(a, b))


@instruction("mla")
def multiply_add(o):
    return lanes(o, None, lambda x, a, b: sum_32(x, product_32(a, b)))


@instruction("and")
def logical_and(o):
    (to, kind, _), one, other = o.vector(0), o.vector(1)[0], o.vector(2)[0]
    if kind != "16b":
        raise Fault(f"and of {kind}")

    def run(m):
        m.v[to] = [both(a, b) for a, b in zip(m.v[one], m.v[other])]

    return run


@instruction("umull", "umull2", "umlal", "umlal2")
def long_product(o):
    (to, kind, _), (one, _, _), (other, _, index) = (o.vector(i) for i in range(3))
    if kind != "2d":
        raise Fault(f"{o.mnemonic} to {kind}")
    half, plus = 2 if o.mnemonic.endswith("2") else 0, o.mnemonic.startswith("umlal")

    def run(m):
        a, b = quarters(m.v[one])[half : half + 2], quarters(m.v[other])
        b = b[half : half + 2] if index is None else [b[index]] * 2
        products = [arithmetic.product(x, y)[0] for x, y in zip(a, b)]
        m.v[to] = [arithmetic.plain(x, y) for x, y in zip(m.v[to], products)] if plus else products

    return run


@instruction("shl", "ushr", "usra", "sli")
def shift(o):
    (to, kind, _), one, n = o.vector(0), o.vector(1)[0], o.immediate(2)
    size = {"2d": 64, "4s": 32}[kind]
    plus = arithmetic.plain if size == 64 else sum_32
    act = {
        "shl": lambda x, a: left(number(a), n, size),
        "ushr": lambda x, a: right(number(a), n),
        "usra": lambda x, a: plus(x, right(number(a), n)),
        "sli": lambda x, a: either(take(x, 0, n), left(number(a), n, size)),
    }[o.mnemonic]

    def run(m):
        if size == 64:
            m.v[to] = [act(x, a) for x, a in zip(m.v[to], m.v[one])]
        else:
            m.v[to] = joined([act(x, a) for x, a in zip(quarters_or_none(m.v[to]), quarters(m.v[one]))])

    return run


@instruction("ushll", "ushll2")
def widen(o):
    (to, kind, _), one, n = o.vector(0), o.vector(1)[0], o.immediate(2)
    if kind != "2d":
        raise Fault(f"{o.mnemonic} to {kind}")
    half = 2 if o.mnemonic == "ushll2" else 0

    def run(m):
        m.v[to] = [left(a, n) for a in quarters(m.v[one])[half : half + 2]]

    return run


@instruction("uzp1")
def unzip(o):
    (to, kind, _), one, other = o.vector(0), o.vector(1)[0], o.vector(2)[0]
    if kind != "4s":
        raise Fault(f"uzp1 of {kind}")

    def run(m):
        m.v[to] = joined((quarters(m.v[one]) + quarters(m.v[other]))[::2])

    return run


@instruction("addp")
def add_pairs(o):
    one = o.vector(1)[0]
    if scalar_register(o.ops[0]):
        to = scalar_register(o.ops[0])[0]

        def run_scalar(m):
            m.v[to] = [arithmetic.plain(*m.v[one]), 0]

        return run_scalar
    (to, kind, _), other = o.vector(0), o.vector(2)[0]
    if kind != "2d":
        raise Fault(f"addp of {kind}")

    def run(m):
        m.v[to] = [arithmetic.plain(*m.v[one]), arithmetic.plain(*m.v[other])]

    return run


@instruction("uaddlv")
def add_across(o):
    to, one = scalar_register(o.ops[0])[0], o.vector(1)[0]

    def run(m):
        total = 0
        for part in quarters(m.v[one]):
            total = arithmetic.plain(total, part)
        m.v[to] = [total, 0]

    return run


@instruction("movi", "mvni")
def immediate(o):
    to, kind, _ = o.vector(0)
    value = o.immediate(1) << (o.shift[1] if o.shift else 0)
    if kind == "4s":
        value = value if o.mnemonic == "movi" else ~value & LOW
        value |= value << 32
    elif kind != "2d" or o.mnemonic != "movi":
        raise Fault(f"{o.mnemonic} of {kind}")

    def run(m):
        m.v[to] = [value, value]

    return run


@instruction("mov", "fmov")
def move(o):
    to, source = scalar_register(o.ops[0]), scalar_register(o.ops[1])
    if to:
        n = o.register(1)[0]

        def run(m):
            m.v[to[0]] = [m.get(n), 0]

    elif source:
        n = o.register(0)[0]

        def run(m):
            m.set(n, m.v[source[0]][0])

    elif o.ops[0][0] == "v":
        into, at = double_word(o, 0)
        read = element(o, 1)

        def run(m):
            value = list(m.v[into])
            value[at] = read(m)
            m.v[into] = value

    else:
        n, read = o.register(0)[0], element(o, 1)

        def run(m):
            m.set(n, read(m))

    return run


def element(o, i):
    """A function that reads a word: a general register, or an element of a vector register."""
    if o.ops[i][0] != "v":
        n = o.register(i)[0]
        return lambda m: m.get(n)
    source, index = double_word(o, i)
    return lambda m: m.v[source][index]


def double_word(o, i):
    """The number of a vector register, and which of its two words."""
    register, kind, index = o.vector(i)
    if kind != "d" or index is None:
        raise Fault(f"the element {o.ops[i]}")
    return register, index


@instruction("ldr", "ldp", "ldur")
def load(o):
    registers = [scalar_register(o.ops[i]) for i in range(2 if o.mnemonic == "ldp" else 1)]
    where = Address(o, len(registers))

    def run(m):
        there = where(m)
        for i, (n, size) in enumerate(registers):
            value = m.load(Pointer(there.region, there.offset + size * i), size)
            m.v[n] = value if size == 16 else [value, 0]
        where.finish(m)

    return run


@instruction("str", "stp", "stur")
def store(o):
    registers = [scalar_register(o.ops[i]) for i in range(2 if o.mnemonic == "stp" else 1)]
    where = Address(o, len(registers))

    def run(m):
        there = where(m)
        for i, (n, size) in enumerate(registers):
            m.store(Pointer(there.region, there.offset + size * i), size, m.v[n] if size == 16 else m.v[n][0])
        where.finish(m)

    return run


@instruction("ld4")
def load_structures(o):
    registers, where = o.list(0), Address(o, 1)

    def run(m):
        parts = quarters(m.load(where(m), 64))
        for i, n in enumerate(registers):
            m.v[n] = joined(parts[i::4])
        where.finish(m)

    return run


@instruction("st4")
def store_structures(o):
    registers, where = o.list(0), Address(o, 1)

    def run(m):
        columns = [quarters(m.v[n]) for n in registers]
        m.store(where(m), 64, joined([column[i] for i in range(4) for column in columns]))
        where.finish(m)

    return run
