# SPDX-License-Identifier: GPL-2.0
"""What registers and memory hold while code runs for all input at once.

A value of 64 bits is one of

- an `int`: public, and the same in every run (lengths, constants);
- a `Pointer` into a region of memory: public;
- a `Secret`: it depends on a key or on a message (`choices.py` has more of these);
- anything else may be moved, but not computed with: `None` for what is undefined, and tokens for
  the caller's registers.

A `Secret` is a concatenation of bit slices of `Number`s. A number is a natural number below
p = 2^130 - 5, of which is known: an upper bound, and an element of the field with p elements. Input
is drawn from the field at random, and so is every high part `number >> k` that comes up: they are
the indeterminates of polynomials, and the elements are values of these polynomials. Sums and
products of slices make numbers; shifts, masks and `or` of disjoint parts move slices, exactly.

If the result has the value of the definition, for indeterminates that were drawn after the
polynomials were fixed, then both are the same polynomial, but for a probability of about
degree / 2^130. As every instruction is an equation of natural numbers, with `x = low + 2^k high` for
all that is cut off, the result is then right modulo p for all input. What is lost, such as the carry
of a sum, is an indeterminate that the definition does not have.

Numbers with the same element are the same number: they are congruent modulo p, and below p. So a high
part that is computed twice, in whatever way, is one indeterminate.
"""

from functools import lru_cache
from hashlib import blake2b
from random import Random, SystemRandom

P = (1 << 130) - 5
WORD = (1 << 64) - 1
# Where random numbers come from: those of input, and those of memory that was not written. They are apart, so
# that two runs to be compared have the same input if only one of them reads such memory.
SOURCES = [SystemRandom(), SystemRandom()]
INPUT, UNWRITTEN = range(2)


def draw(source=INPUT):
    """A random element of the field."""
    return SOURCES[source].randrange(P)


def repeatable():
    """Has the same random numbers again, to compare two runs."""
    SOURCES[:] = Random(0), Random(1)


def comparing():
    """Whether two runs are to be compared."""
    return not isinstance(SOURCES[INPUT], SystemRandom)


def repeated(seed):
    """A random element that is the same in both."""
    return int.from_bytes(blake2b(b"%x" % seed).digest(), "little") % P


def unpredictable():
    """Has random numbers that nothing depends on, as proofs need them."""
    SOURCES[:] = SystemRandom(), SystemRandom()


class Fault(Exception):
    """The code does, or may do, what it must not."""


class Number:
    """A natural number below p: `element` modulo p, at most `most`. A constant is `exact`."""

    __slots__ = ("element", "most", "exact", "highs", "sum_of", "low_of", "whether")
    table = {}
    # Whether elements are the numbers themselves, as when instructions are compared with a CPU.
    known = False

    def __new__(cls, element, most):
        """The number with this element."""
        element %= P
        self = cls.table.get(element)
        if self is None:
            if most >= P:
                raise Fault("a number that may reach p")
            self = cls.table[element] = object.__new__(cls)
            self.element, self.most, self.exact, self.highs = element, most, None, {}
            self.sum_of = self.low_of = self.whether = None
        elif most < self.most:
            self.most = most
        return self

    @classmethod
    def constant(cls, n):
        """A number that is known."""
        self = cls(n, n)
        self.exact = n
        return self

    def high(self, k):
        """The element of what is above the low `k` bits."""
        if k == 0:
            return self.element
        if self.exact is not None:
            return self.exact >> k
        if not self.most >> k:
            return 0
        if self.known:
            return self.element >> k
        if k not in self.highs:
            self.highs[k] = self.repeatable_high(k) if comparing() else draw()
        return self.highs[k]

    def repeatable_high(self, k):
        """To compare two runs, one that does not depend on how many others there are: of a word, by the word alone."""
        above = self.high(64) if k < 64 else 0
        word = (self.element - (above << 64)) % P
        return (repeated(word << 8 | k) + (above << 64 - k if above else 0)) % P

    @classmethod
    def forget(cls):
        """Begins another run."""
        cls.table.clear()


def largest(part):
    """The largest value of a slice, which is (begin, end, number, from which bit of the number)."""
    begin, end, number, low = part
    value = number.most >> low
    if value >> (end - begin):
        mask = (1 << (end - begin)) - 1
        return value & mask if number.exact is not None else mask
    return value


class Confidential:
    """A value that depends on secrets."""

    __slots__ = ()


class Secret(Confidential):
    """A value that depends on secrets: slices in order; and if it is a sum, how many times 2^64 it lost."""

    __slots__ = ("parts", "_element", "_most", "lost")

    def __init__(self, parts, element=None, most=None):
        self.parts, self._element, self._most, self.lost = parts, element, most, 0

    @property
    def element(self):
        """The value as an element of the field."""
        if self._element is None:
            self._element = sum(element_of(part) for part in self.parts) % P
        return self._element

    @property
    def most(self):
        """An upper bound of the value."""
        if self._most is None:
            self._most = sum(largest(part) << part[0] for part in self.parts)
        return self._most

    def key(self):
        """What identifies the value in two runs with the same random numbers."""
        return self.element

    def __repr__(self):
        return "<" + " ".join(f"{e - 1}:{b}" for b, e, _, _ in reversed(self.parts)) + f" at most {self.most:#x}>"


def element_of(part):
    """A slice, at its position, as an element."""
    begin, end, number, low = part
    return (number.high(low) - (number.high(low + end - begin) << (end - begin))) << begin


def whole(number, end=64):
    """A number, or its low bits, as a value."""
    size = number.most.bit_length()
    if size <= end:
        return Secret(((0, size, number, 0),), number.element, number.most) if size else 0
    return Secret(((0, end, number, 0),))


def fresh(most, source=INPUT):
    """Any number up to a bound."""
    return whole(Number(draw(source), most))


def make(parts):
    """A value of slices in order: leaves out what is zero, and joins what belongs together."""
    out, known = [], True
    for begin, end, number, low in parts:
        above = begin + number.most.bit_length() - low
        if above < end:
            end = above
        if begin >= end:
            continue
        known &= number.exact is not None
        if out:
            first, last, before, from_ = out[-1]
            if last == begin and before is number and from_ + begin - first == low:
                out[-1] = (first, end, number, from_)
                continue
        out.append((begin, end, number, low))
    if known:
        return sum(largest(part) << part[0] for part in out)
    return Secret(tuple(out))


@lru_cache(None)
def ones(mask):
    """The runs of ones in a mask."""
    runs, k = [], 0
    while mask >> k:
        if mask >> k & 1:
            end = k
            while mask >> end & 1:
                end += 1
            runs.append((k, end))
            k = end
        k += 1
    return runs


def parts_of(a):
    """The slices of a value."""
    if type(a) is Secret:
        return a.parts
    number(a)
    return tuple((begin, end, Number.constant((1 << (end - begin)) - 1), 0) for begin, end in ones(a))


def number(a):
    """A value that may be computed with."""
    if type(a) is not int and type(a) is not Secret:
        raise Fault(f"computes with {a!r}")
    return a


def take(a, begin, end, to=0):
    """The bits `begin` to `end` of a value, moved to bit `to`."""
    if type(a) is int:
        return (a & ((1 << end) - 1)) >> begin << to
    number(a)
    if begin == to == 0 and a.parts[-1][1] <= end:
        return a
    by, out = to - begin, []
    for first, last, root, low in a.parts:
        if first < begin:
            first, low = begin, low + begin - first
        if last > end:
            last = end
        if first < last:
            out.append((first + by, last + by, root, low))
    return make(out)


def left(a, n, width=64):
    """A left shift, which cuts off what goes beyond the width."""
    return take(a, 0, width - n, n) if n < width else 0


def right(a, n):
    """A right shift."""
    return take(a, n, 64) if n < 64 else 0


def both(a, b):
    """`and`: one of the two has to be public."""
    if type(a) is int:
        if type(b) is int:
            return a & b
        a, b = b, a
    number(a)
    if a is b:
        return a
    if type(b) is not int:
        if type(b) is Secret and b.parts == a.parts:
            return a
        raise Fault("and of two secrets")
    out = []
    for begin, end in ones(b):
        for first, last, root, low in a.parts:
            low -= first
            first, last = max(first, begin), min(last, end)
            if first < last:
                out.append((first, last, root, low + first))
    return make(out)


def disjoint(parts):
    """Whether slices in order do not overlap."""
    return all(one[1] <= other[0] for one, other in zip(parts, parts[1:]))


def either(a, b):
    """`or` of parts that are disjoint, or the same bits where they overlap."""
    if type(a) is int and type(b) is int:
        return a | b
    parts = sorted(parts_of(a) + parts_of(b), key=lambda part: part[0])
    return make(parts if disjoint(parts) else united(parts))


def united(parts):
    """Parts that may overlap where both have the same bits of the same number, without the repetition."""
    cuts = sorted({bit for part in parts for bit in part[:2]})
    pieces = {}
    for begin, end, root, low in parts:
        for first, last in zip(cuts, cuts[1:]):
            if begin <= first < end and pieces.setdefault(first, (first, last, root, low + first - begin))[2:] != (root, low + first - begin):
                raise Fault("or of parts that overlap")
    return [pieces[first] for first in sorted(pieces)]


def differ(a, b):
    """`xor`: of a value with itself, or of parts that are disjoint."""
    if type(a) is int and type(b) is int:
        return a ^ b
    if type(a) is Secret and type(b) is Secret and a.parts == b.parts:
        return 0
    return either(a, b)
