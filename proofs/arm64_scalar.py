# SPDX-License-Identifier: GPL-2.0
"""The general instructions of arm64."""

from . import arithmetic, choices
from .choices import Unequal
from .machine import Token, table
from .memory import Pointer
from .sums import difference_of, sum_of, total
from .values import WORD, Confidential, Fault, either, left, number, right, take
from .x86_scalar import align

TABLE, instruction = table()


def low_half(value):
    """The low 32 bits of a register."""
    return value if value is None else take(value, 0, 32)


def second(o, i):
    """A function that reads the last operand: a register, perhaps shifted, or a number."""
    if o.is_immediate(i):
        value = o.immediate(i) << (o.shift[1] if o.shift else 0)
        return lambda m: value & WORD
    n, bits = o.register(i)
    if not o.shift:
        return lambda m: m.get(n, bits)
    act, count = left if o.shift[0] == "lsl" else right, o.shift[1]
    if act is left:
        return lambda m: left(m.get(n, bits), count, bits)
    return lambda m: right(m.get(n, bits), count)


def set_flags(m, result, carry=None, borrow=None, compared=None):
    """Sets the flags: of a sum by its carry, of a difference by its borrow."""
    m.result, m.carry, m.borrow, m.compared = result, carry, borrow, compared


def carry_of(m):
    """The carry flag as a number."""
    if m.carry is None and m.borrow is None:
        raise Fault("the carry flag is not known")
    return choices.subtract(1, m.borrow)[0] if m.carry is None else m.carry


def borrow_of(m):
    """The opposite of the carry flag as a number."""
    if m.carry is None and m.borrow is None:
        raise Fault("the borrow is not known")
    return choices.subtract(1, m.carry)[0] if m.borrow is None else m.borrow


@instruction("add", "adds", "adc", "adcs", "cmn")
def add(o):
    if o.mnemonic == "cmn":
        o.ops.insert(0, "xzr" if o.ops[0][0] == "x" else "wzr")
    (to, bits), one, other = o.register(0), o.register(1), second(o, 2)
    flags, with_carry = o.mnemonic in ("adds", "adcs", "cmn"), o.mnemonic.startswith("adc")

    def run(m):
        result, carry = total(m.get(*one), other(m), carry_of(m) if with_carry else 0)
        if bits == 32:
            result, carry = take(result, 0, 32), take(result, 32, 33)
        m.set(to, result)
        if flags:
            set_flags(m, result, carry=carry)

    return run


@instruction("sub", "subs", "cmp", "neg", "negs", "sbc", "sbcs", "ngc")
def sub(o):
    zero = "xzr" if o.ops[0][0] in "xs" else "wzr"
    if o.mnemonic in ("cmp", "neg", "negs", "ngc"):
        o.ops.insert(0 if o.mnemonic == "cmp" else 1, zero)
    (to, bits), one, other = o.register(0), o.register(1), second(o, 2)
    flags, with_borrow = o.mnemonic in ("subs", "cmp", "negs", "sbcs"), o.mnemonic in ("sbc", "sbcs", "ngc")

    def run(m):
        a, b = m.get(*one), other(m)
        result, borrow = difference_of(bits, a, b, borrow_of(m) if with_borrow else 0)
        m.set(to, result)
        if flags:
            set_flags(m, result, borrow=borrow, compared=None if with_borrow else (a, b, bits))

    return run


@instruction("and", "ands", "orr", "eor", "tst")
def logic(o):
    if o.mnemonic == "tst":
        o.ops.insert(0, "xzr" if o.ops[0][0] == "x" else "wzr")
    act = {"orr": choices.either, "eor": choices.differ}.get(o.mnemonic, choices.both)
    (to, _), one, other = o.register(0), o.register(1), second(o, 2)

    def run(m):
        a, b = m.get(*one), other(m)
        result = align(a, b) if type(a) is Pointer and o.mnemonic == "and" and type(b) is int else act(a, b)
        m.set(to, result)
        if o.mnemonic in ("ands", "tst"):
            set_flags(m, result, carry=0)

    return run


@instruction("mvn")
def complement(o):
    (to, bits), one = o.register(0), second(o, 1)

    def run(m):
        a = one(m)
        if type(a) is not int:
            raise Fault(f"mvn of {a!r}")
        m.set(to, a ^ (1 << bits) - 1)

    return run


@instruction("mul", "umulh", "umull", "madd")
def multiply(o):
    to, one, other = o.register(0)[0], o.register(1), o.register(2)
    if o.register(0)[1] != 64:
        raise Fault("a product of 32 bits")
    half = 1 if o.mnemonic == "umulh" else 0
    if o.mnemonic != "madd":
        return lambda m: m.set(to, arithmetic.product(m.get(*one), m.get(*other))[half])
    plus = o.register(3)
    return lambda m: m.set(to, sum_of(arithmetic.product(m.get(*one), m.get(*other))[0], m.get(*plus)))


@instruction("lsl", "lsr")
def shift(o):
    (to, bits), one, by = o.register(0), o.register(1), second(o, 2)

    def run(m):
        n = by(m)
        if type(n) is not int:
            raise Fault("a shift by a secret")
        a, n = number(m.get(*one)), n % bits
        m.set(to, left(a, n, bits) if o.mnemonic == "lsl" else right(a, n))

    return run


@instruction("extr")
def extract(o):
    (to, bits), high, low, n = o.register(0), o.register(1), o.register(2), o.immediate(3)
    return lambda m: m.set(to, either(right(number(m.get(*low)), n), left(number(m.get(*high)), bits - n, bits)))


@instruction("ubfx")
def field(o):
    to, one, low, size = o.register(0)[0], o.register(1), o.immediate(2), o.immediate(3)
    return lambda m: m.set(to, take(m.get(*one), low, low + size))


@instruction("ubfiz")
def field_above(o):
    (to, bits), one, low, size = o.register(0), o.register(1), o.immediate(2), o.immediate(3)
    return lambda m: m.set(to, left(take(m.get(*one), 0, size), low, bits))


@instruction("mov")
def mov(o):
    to, bits = o.register(0)
    if o.is_immediate(1):
        value = o.immediate(1) & (1 << bits) - 1
        return lambda m: m.set(to, value)
    one = o.register(1)
    return lambda m: m.set(to, m.get(*one))


class Signed:
    """A return address that was signed with the stack pointer."""

    def __init__(self, token, offset):
        self.token, self.offset = token, offset


@instruction("paciasp")
def sign(_):
    def run(m):
        m.r[30] = Signed(m.r[30], m.top().offset)

    return run


@instruction("autiasp")
def authenticate(_):
    def run(m):
        signed = m.r[30]
        if type(signed) is not Signed or signed.offset != m.top().offset:
            raise Fault(f"authenticates {signed!r}")
        m.r[30] = signed.token

    return run


@instruction("nop", "bti")
def nothing(_):
    return lambda m: None


def zero(m):
    """The zero flag."""
    if m.result is None or isinstance(m.result, Confidential):
        raise Fault("the zero flag is not known, or depends on a secret")
    return type(m.result) is int and m.result == 0


def public(value):
    """A flag, which must not depend on a secret."""
    if type(value) is not int:
        raise Fault("a condition depends on a secret")
    return bool(value)


CONDITIONS = {
    "eq": zero,
    "ne": lambda m: not zero(m),
    "hs": lambda m: public(carry_of(m)),
    "lo": lambda m: public(borrow_of(m)),
    "hi": lambda m: public(carry_of(m)) and not zero(m),
    "ls": lambda m: public(borrow_of(m)) or zero(m),
}


def condition(name):
    """A function that says whether a condition holds."""
    if name not in CONDITIONS:
        raise Fault(f"the condition {name}")
    return CONDITIONS[name]


@instruction("cinc", "cset")
def increment(o):
    to, name = o.register(0)[0], o.ops[-1]
    one = o.register(1) if o.mnemonic == "cinc" else (32, 64)
    test = condition(name)
    equal = lambda m: choices.zero_bit(m.result) if type(m.result) is Unequal else int(test(m))
    by = {"hs": carry_of, "lo": borrow_of, "eq": equal}.get(name, lambda m: int(test(m)))
    return lambda m: m.set(to, sum_of(m.get(*one), by(m)))


@instruction("csel", "csinc")
def select(o):
    (to, bits), one, other, test = o.register(0), o.register(1), o.register(2), condition(o.ops[3])
    by = int(o.mnemonic == "csinc")

    def run(m):
        value = m.get(*one) if test(m) else m.get(*other)
        if by and not test(m):
            value = take(sum_of(value, by), 0, bits)
        m.set(to, value)

    return run


@instruction("b", "bl")
def branch(o):
    target, following = o.target(), o.next

    def run(m):
        if o.mnemonic == "bl":
            m.r[30] = Token(f"return to {following:#x}", following)
        if type(target) is int:
            return target
        m.call_external(target)
        return m.return_()

    return run


def branch_if(o):
    target, test = o.target(), CONDITIONS[o.mnemonic[2:]]
    return lambda m: target if test(m) else None


for name in CONDITIONS:
    TABLE["b." + name] = branch_if


@instruction("cbz", "cbnz")
def compare_branch(o):
    one, target = o.register(0), o.target()

    def run(m):
        value = m.get(*one)
        if type(value) not in (int, Pointer):
            raise Fault(f"a jump depends on {value!r}")
        return target if (value == 0) == (o.mnemonic == "cbz") else None

    return run


@instruction("tbz", "tbnz")
def bit_branch(o):
    one, bit, target = o.register(0), o.immediate(1), o.target()

    def run(m):
        value = m.get(*one)
        if type(value) is not int:
            raise Fault(f"a jump depends on {value!r}")
        return target if (value >> bit & 1) == (o.mnemonic == "tbnz") else None

    return run


@instruction("ret")
def ret(_):
    return lambda m: m.return_()


class Address:
    """The address of an access, and what is written back: to be done after the access, if it is added after it."""

    def __init__(self, o, i):
        self.base, self.offset, self.before, self.after = o.memory(i)

    def __call__(self, m):
        """The address."""
        pointer = m.get(self.base)
        if type(pointer) is not Pointer:
            raise Fault(f"an address that is {pointer!r}")
        there = Pointer(pointer.region, pointer.offset + self.offset)
        if self.before:
            m.set(self.base, there)
        return there

    def finish(self, m):
        """Writes the base back after the access."""
        if self.after is not None:
            by = self.after if type(self.after) is int else m.get(*self.after)
            if type(by) is not int:
                raise Fault(f"adds {by!r} to an address")
            m.set(self.base, sum_of(m.get(self.base), by & WORD))


@instruction("ldr", "ldur", "ldrb", "ldurb", "ldp")
def load(o):
    registers = [o.register(i) for i in range(2 if o.mnemonic == "ldp" else 1)]
    where, size = Address(o, len(registers)), 1 if o.mnemonic in ("ldrb", "ldurb") else registers[0][1] // 8

    def run(m):
        there = where(m)
        for i, (n, _) in enumerate(registers):
            m.set(n, m.load(Pointer(there.region, there.offset + size * i), size))
        where.finish(m)

    return run


@instruction("str", "stur", "strb", "stp")
def store(o):
    registers = [o.register(i) for i in range(2 if o.mnemonic == "stp" else 1)]
    where, size = Address(o, len(registers)), 1 if o.mnemonic == "strb" else registers[0][1] // 8

    def run(m):
        values = [m.get(n) for n, _ in registers]
        there = where(m)
        for i, value in enumerate(values):
            m.store(Pointer(there.region, there.offset + size * i), size, value if size == 8 else take(value, 0, 8 * size))
        where.finish(m)

    return run
