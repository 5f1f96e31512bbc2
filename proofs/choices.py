# SPDX-License-Identifier: GPL-2.0
"""Values of two cases, and comparisons of secrets, for code that selects and compares without a jump.

A `Choice` is one of two values, depending on a secret bit. An operation on it is done in both cases,
which is exact: `and` with a mask that is `Choice(bit, WORD, 0)` is `Choice(bit, x, 0)`, and the `or`
of it and of `Choice(bit, 0, y)` is `Choice(bit, x, y)`. When it is added to a secret, it becomes the
number `zero + bit (one - zero)`: an equation of natural numbers, as those of all other sums and products.

An `Unequal` is the `or` of differences `a ^ b`. What is known of it is whether it is zero: when in each
of its pairs both are the same. A single difference is `a` again after `xor` with `b`.
"""

from . import arithmetic, values
from .arithmetic import same
from .values import P, WORD, Confidential, Fault, Number, Secret, draw, number, parts_of, whole


class Choice(Confidential):
    """A word that is `one` if a secret bit is set, and `zero` if not."""

    __slots__ = ("bit", "one", "zero")

    def __init__(self, bit, one, zero):
        self.bit, self.one, self.zero = bit, one, zero

    @property
    def element(self):
        """The value as an element of the field."""
        one, zero = element_of(self.one), element_of(self.zero)
        return (zero + self.bit.element * (one - zero)) % P

    @property
    def most(self):
        """An upper bound of the value."""
        return max(v if type(v) is int else v.most for v in (self.one, self.zero))

    def key(self):
        """What identifies the value in two runs with the same random numbers."""
        return self.bit.key(), *(v if type(v) is int else v.key() for v in (self.one, self.zero))

    def __repr__(self):
        return f"({self.one!r} or {self.zero!r})"


class Unequal(Confidential):
    """A word that is zero if in each pair both values are the same, and not zero otherwise."""

    __slots__ = ("pairs",)

    def __init__(self, pairs):
        self.pairs = pairs

    @property
    def element(self):
        """The value, when values are known, as when instructions are compared with a CPU."""
        if not Number.known:
            raise Fault("computes with a difference of secrets")
        total = 0
        for a, b in self.pairs:
            total |= element_of(a) ^ element_of(b)
        return total

    most = WORD

    def key(self):
        """What identifies the value in two runs with the same random numbers."""
        return tuple(element_of(v) for pair in self.pairs for v in pair)

    def __repr__(self):
        return f"(whether {self.pairs!r} differ)"


def element_of(value):
    """A value as an element of the field."""
    return value if type(value) is int else value.element


def choose(bit, one, zero):
    """A value of two cases in its simplest form."""
    if type(one) is int and type(zero) is int:
        if one == zero:
            return one
        if (one, zero) == (1, 0):
            return bit
    return Choice(bit, one, zero)


def is_bit(value):
    """Whether a value is a secret bit."""
    return type(value) is Secret and value.most == 1 and len(value.parts) == 1 and value.parts[0][0] == 0


def bit_of(*operands, plain=False):
    """The one bit that operands are choices of, or None. With `plain`, bits themselves are choices."""
    bits = [v.bit if type(v) is Choice else v for v in operands if type(v) is Choice or plain and is_bit(v)]
    return bits[0] if bits and all(bit.parts == bits[0].parts for bit in bits) else None


def case(bit, value, is_set):
    """A value in the case that a bit is set, or that it is not."""
    if type(value) is Choice:
        return value.one if is_set else value.zero
    if type(value) is Secret and value.parts == bit.parts:
        return int(is_set)
    return value


def settled(value):
    """A choice as one number."""
    return whole(Number(value.element, value.most)) if type(value) is Choice else number(value)


def in_both(act, a, b):
    """An operation in both cases of the bit that an operand depends on, or None if it depends on none."""
    bit = bit_of(a, b)
    if bit is None:
        return None
    return choose(bit, *(act(case(bit, a, is_set), case(bit, b, is_set)) for is_set in (True, False)))


def both(a, b):
    """`and`."""
    found = in_both(both, a, b)
    if found is not None:
        return found
    for one, other in ((a, b), (b, a)):
        if type(one) is Unequal and (one is other or other == WORD):
            return one
        if type(one) is Unequal and other == 0:
            return 0
    return values.both(number(a), number(b))


def either(a, b):
    """`or`."""
    found = in_both(either, a, b)
    if found is not None:
        return found
    if type(a) is type(b) is Unequal:
        return Unequal(a.pairs + b.pairs)
    return values.either(number(a), number(b))


def differ(a, b):
    """`xor`."""
    found = in_both(differ, a, b)
    if found is not None:
        return found
    for one, other in ((a, b), (b, a)):
        if type(one) is Unequal and len(one.pairs) == 1:
            for i in (0, 1):
                if same(one.pairs[0][i], number(other)):
                    return one.pairs[0][1 - i]
    a, b = number(a), number(b)
    if type(a) is type(b) is int or type(a) is type(b) is Secret and same(a, b):
        return values.differ(a, b)
    parts = sorted(parts_of(a) + parts_of(b), key=lambda part: part[0])
    return values.differ(a, b) if values.disjoint(parts) else Unequal([(a, b)])


def public_in_both(bit, *operands):
    """Operands in each of the two cases of a bit, if there is one and they are public then, or None."""
    if bit is None:
        return None
    cases = [[case(bit, v, is_set) for v in operands] for is_set in (True, False)]
    return cases if all(type(v) is int for found in cases for v in found) else None


def add(a, b, carry=0):
    """The sum of two words and a carry, and its carry. A bit is a choice if it decides whether the sum wraps."""
    bit = bit_of(a, b, carry, plain=True)
    cases = public_in_both(bit, a, b, carry)
    if cases:
        sums = [arithmetic.add(*found) for found in cases]
        if bit_of(a, b, carry) or sums[0][1] != sums[1][1]:
            return tuple(choose(bit, one, zero) for one, zero in zip(*sums))
    return arithmetic.add(*map(settled, (a, b, carry)))


def subtract(a, b, borrow=0):
    """`a - b - borrow` and its borrow.

    For a public `a`, this is the complement of `(2^64 - 1 - a) + b + borrow`: as both come to
    2^64 - 1 modulo 2^64, and one carries exactly if the other one borrows.
    """
    bit = bit_of(a, b, borrow, plain=True)
    cases = public_in_both(bit, a, b, borrow)
    if cases:
        results = [(x - y - z & WORD, int(x < y + z)) for x, y, z in cases]
        return tuple(choose(bit, one, zero) for one, zero in zip(*results))
    a, b, borrow = map(settled, (a, b, borrow))
    if type(a) is not int:
        return arithmetic.subtract(a, b, borrow)
    low, carry = arithmetic.add(a ^ WORD, b, borrow)
    return WORD ^ low if type(low) is int else whole(Number(WORD - low.element, WORD)), carry


def zero_bit(unequal):
    """Whether an `Unequal` is zero, as a secret bit."""
    if Number.known:
        return whole(Number(int(unequal.element == 0), 1))
    found = Number(draw(), 1)
    found.whether = unequal.pairs
    return whole(found)
