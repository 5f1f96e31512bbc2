# SPDX-License-Identifier: GPL-2.0
"""The general instructions of x86-64."""

from capstone import x86 as cs

from . import arithmetic, choices
from .machine import Token, table
from .memory import Pointer
from .sums import difference_of, sum_of, total
from .values import WORD, Fault, Secret, either, left, number, right, take
from .x86_control import flag

TABLE, instruction = table()


@instruction("nop", "endbr64")
def nothing(_):
    return lambda m: None


@instruction("mov", "movabs")
def mov(o):
    place = o.relocated()
    read, write = o.read(1), o.write(0)
    if type(place) is str and o.ops[1].type == cs.X86_OP_IMM:
        outside = Token(f"address of {place}")
        return lambda m: write(m, outside)
    if place is not None:
        raise Fault("a relocated immediate or address")
    return lambda m: write(m, read(m))


@instruction("movzx")
def movzx(o):
    return mov(o)


@instruction("add", "adc")
def add(o):
    size, with_carry = 8 * o.size(0), o.mnemonic == "adc"
    one, other, write = o.read(0), o.read(1), o.write(0)

    def run(m):
        result, carry = total(one(m), other(m), flag(m) if with_carry else 0)
        if size < 64:
            result, carry = take(result, 0, size), take(result, size, size + 1)
        write(m, result)
        m.carry, m.result, m.compared = carry, result, None

    return run


@instruction("sub", "cmp", "sbb")
def sub(o):
    size, with_borrow = 8 * o.size(0), o.mnemonic == "sbb"
    one, other = o.read(0), o.read(1)
    write = o.write(0) if o.mnemonic != "cmp" else None

    def run(m):
        a, b = one(m), other(m)
        result, borrow = difference_of(size, a, b, flag(m) if with_borrow else 0)
        if write:
            write(m, result)
        m.carry, m.result, m.compared = borrow, result, None if with_borrow else (a, b, size)

    return run


@instruction("inc", "dec")
def inc(o):
    size, by = 8 * o.size(0), 1 if o.mnemonic == "inc" else -1
    read, write = o.read(0), o.write(0)

    def run(m):
        a = read(m)
        result = a + by & (1 << size) - 1 if type(a) is int else sum_of(a, by & WORD)
        if type(a) is Secret and (by < 0 or a.most >> size - 1):
            raise Fault(f"{o.mnemonic} of {a!r}")
        write(m, result)
        m.result, m.compared = result, None

    return run


@instruction("and", "or", "xor", "test")
def logic(o):
    act = {"and": choices.both, "test": choices.both, "or": choices.either, "xor": choices.differ}[o.mnemonic]
    one, other, write = o.read(0), o.read(1), o.write(0) if o.mnemonic != "test" else None
    if o.mnemonic == "xor" and o.register(0) == o.register(1) is not None:

        def clear(m):
            write(m, 0)
            m.carry, m.result, m.compared = 0, 0, None

        return clear
    same = o.register(0) == o.register(1) is not None

    def run(m):
        a, b = one(m), other(m)
        if type(a) is Pointer and (same or type(b) is int):
            result = a if same else align(a, b)
        else:
            result = act(a, b)
        if write:
            write(m, result)
        m.carry, m.result, m.compared = 0, result, None

    return run


def align(pointer, mask):
    """`and` of an address and a mask that aligns it."""
    size = -mask & WORD
    if size & size - 1 or not 0 < size <= 64:
        raise Fault("an address is masked")
    return Pointer(pointer.region, pointer.offset - (pointer.region.base + pointer.offset) % size)


@instruction("shl", "shr")
def shift(o):
    size, act = 8 * o.size(0), left if o.mnemonic == "shl" else right
    read, write = o.read(0), o.write(0)
    count = o.read(1) if len(o) > 1 else lambda m: 1

    def run(m):
        n = count(m)
        if type(n) is not int:
            raise Fault("a shift by a secret")
        a, n = number(read(m)), n & (63 if size == 64 else 31)
        if n == 0:
            write(m, a)
            return
        result = left(a, n, size) if act is left else right(a, n)
        write(m, result)
        m.carry, m.result, m.compared = take(a, size - n, size - n + 1) if act is left else take(a, n - 1, n), result, None

    return run


@instruction("sar")
def shift_signed(o):
    size, read, write = 8 * o.size(0), o.read(0), o.write(0)
    count = o.read(1) if len(o) > 1 else lambda m: 1

    def run(m):
        a, n = read(m), count(m)
        if type(a) is not int or type(n) is not int:
            raise Fault(f"sar of {a!r}")
        write(m, a)
        a, n = a - (a >> size - 1 << size), n & (63 if size == 64 else 31)
        if n == 0:
            return
        result = (a >> n) & (1 << size) - 1
        write(m, result)
        m.carry, m.result, m.compared = a >> n - 1 & 1, result, None

    return run


@instruction("shld", "shrd")
def double_shift(o):
    size = 8 * o.size(0)
    to, other, write, count = o.read(0), o.read(1), o.write(0), o.read(2)

    def run(m):
        n = count(m)
        if type(n) is not int:
            raise Fault("a shift by a secret")
        n &= 63 if size == 64 else 31
        a, b = number(to(m)), number(other(m))
        if n == 0:
            write(m, a)
            return
        if o.mnemonic == "shld":
            result = either(left(a, n, size), right(b, size - n))
        else:
            result = either(right(a, n), left(b, size - n, size))
        write(m, result)
        m.carry, m.result, m.compared = None, result, None

    return run


@instruction("not", "neg")
def negate(o):
    read, write, size = o.read(0), o.write(0), 8 * o.size(0)

    def run(m):
        a = read(m)
        if o.mnemonic == "not":
            if type(a) is not int:
                raise Fault(f"not of {a!r}")
            write(m, a ^ (1 << size) - 1)
            return
        result, borrow = difference_of(size, 0, a)
        write(m, result)
        m.carry, m.result, m.compared = borrow, result, None

    return run


@instruction("mul", "mulx")
def mul(o):
    if o.size(0) != 8:
        raise Fault("mul of less than 64 bits")
    if o.mnemonic == "mul":
        read = o.read(0)

        def run(m):
            m.r[0], m.r[2] = arithmetic.product(m.r[0], read(m))
            m.carry = m.result = m.compared = None

        return run
    high, low, source = o.write(0), o.write(1), o.read(2)

    def run_x(m):
        words = arithmetic.product(m.r[2], source(m))
        low(m, words[0])
        high(m, words[1])

    return run_x


@instruction("imul")
def imul(o):
    size, write = 8 * o.size(0), o.write(0)
    one, other = o.read(len(o) - 2), o.read(len(o) - 1)
    if len(o) == 1:
        raise Fault("imul of one operand")

    def run(m):
        write(m, take(arithmetic.product(one(m), other(m))[0], 0, size))
        m.carry = m.result = m.compared = None

    return run


@instruction("lea")
def lea(o):
    address, write, size = o.address(1), o.write(0), 8 * o.size(0)

    def run(m):
        a = address(m)
        write(m, a if size == 64 else take(a, 0, size))

    return run


@instruction("bt")
def bit_test(o):
    one, other, size = o.read(0), o.read(1), 8 * o.size(0)

    def run(m):
        a, b = one(m), other(m)
        if type(b) is not int:
            raise Fault("a bit whose number is secret")
        m.carry = take(number(a), b % size, b % size + 1)
        m.result = m.compared = None

    return run


@instruction("tzcnt")
def trailing_zeroes(o):
    read, write, size = o.read(1), o.write(0), 8 * o.size(0)

    def run(m):
        a = read(m)
        if type(a) is not int:
            raise Fault(f"tzcnt of {a!r}")
        n = (a & -a).bit_length() - 1 if a else size
        write(m, n)
        m.carry, m.result, m.compared = int(a == 0), n, None

    return run
