# SPDX-License-Identifier: GPL-2.0
"""What a 64-bit number is: a bound, or a number.

Both kinds have the same operations, so that one machine computes with either.
Bounds are for proofs: they hold for all numbers that there may be, and what
would make the arithmetic inexact is a `Fault`. Numbers compute what the CPU
would.
"""

WORD = (1 << 64) - 1
HALF = (1 << 32) - 1
IFMA = (1 << 52) - 1


class Fault(Exception):
    """What must not be."""


def need(holds, what):
    if not holds:
        raise Fault(what)


def ones(most):
    """All bits that numbers up to this one may have."""
    return (1 << most.bit_length()) - 1


class Bound:
    """All numbers up to `most`, of which the lower halves are up to `low`, with
    no other bits than `bits`. `exact` is the number, if there is only one.

    The kind says what they are meant as: "pair" is two numbers of 32 bits, of
    which a multiplication takes the lower one; "raw" is words of a message or a
    power, of which shifts cut out limbs, and pairs of numbers of 32 bits as
    well; "cut" is what such a shift has lost bits of, and has to be masked.
    """

    __slots__ = ("most", "low", "bits", "kind", "exact")

    def __init__(self, most, low=HALF, bits=WORD, kind="", exact=None):
        self.bits = bits & ones(most)
        self.most = min(most, self.bits)
        self.low = min(low, self.most, self.bits & HALF)
        self.kind = kind
        self.exact = exact

    def covers(self, other):
        return (
            other.most <= self.most
            and other.low <= self.low
            and not other.bits & ~self.bits
            and other.kind == self.kind
            and (self.exact is None or self.exact == other.exact)
        )

    def holds(self, number):
        return number <= self.most and number & HALF <= self.low and not number & ~self.bits


class Bounds:
    """Operations on bounds."""

    # The largest sum so far.
    peak = 0

    @staticmethod
    def exact(number):
        return Bound(number, number & HALF, number, "", number)

    @staticmethod
    def plain(*values):
        for value in values:
            need(value.kind != "cut", "bits were lost, and no mask takes away what is left of them")

    @classmethod
    def add(cls, a, b):
        cls.plain(a, b)
        most = a.most + b.most
        need(most <= WORD, f"a sum may be {most / 2**64:.3f} * 2^64")
        cls.peak = max(cls.peak, most)
        if a.exact is not None and b.exact is not None:
            return cls.exact(most)
        both = a.bits | b.bits
        # Below the lowest bit that there may be, there is none.
        bits = both if not a.bits & b.bits else ones(most) & -(both & -both)
        low = a.low + b.low
        return Bound(most, low if low <= HALF else HALF, bits)

    @classmethod
    def fit(cls, a, width):
        """A result, in a lane of as many bits."""
        need(a.most >> width == 0, f"a lane may be {a.most / 2**width:.3f} * 2^{width}")
        return a

    @classmethod
    def loses(cls, a, n, width=64):
        """Whether a shift left may lose bits that no mask is going to account for."""
        return a.most << n >> width != 0 and a.kind != "raw"

    @classmethod
    def left(cls, a, n, width=64, lossy=False):
        cls.plain(a)
        most = a.most << n
        if most >> width:
            need(
                a.kind == "raw" or lossy,
                f"a shift left may lose bits: up to {most / 2**width:.3f} * 2^{width}",
            )
            all_bits = (1 << width) - 1
            kind = "cut" if a.kind == "raw" else ""
            return Bound(all_bits, HALF, a.bits << n & all_bits, kind)
        if a.exact is not None:
            return cls.exact(most)
        return Bound(most, HALF, a.bits << n)

    @classmethod
    def right(cls, a, n):
        cls.plain(a)
        if a.exact is not None:
            return cls.exact(a.exact >> n)
        return Bound(a.most >> n, HALF, a.bits >> n)

    @classmethod
    def both(cls, a, b):
        """The bits that are in both."""
        if a.exact is not None and b.exact is not None:
            return cls.exact(a.exact & b.exact)
        return Bound(min(a.most, b.most), HALF, a.bits & b.bits)

    @classmethod
    def either(cls, a, b):
        """The bits that are in one of them: the sum."""
        need(not a.bits & b.bits, "two numbers that are put together overlap")
        kind = "cut" if "cut" in (a.kind, b.kind) else ""
        return Bound(a.most + b.most, a.low + b.low, a.bits | b.bits, kind)

    @classmethod
    def insert(cls, a, b, n):
        """`b`, with `a` in its low `n` bits."""
        need(not a.bits >> n, "bits are written over")
        return cls.either(a, b)

    @classmethod
    def split(cls, a):
        """Both halves."""
        cls.plain(a)
        kind = a.kind if a.kind == "raw" else ""
        high = Bound(a.most >> 32, HALF, a.bits >> 32, kind)
        return Bound(a.low, HALF, a.bits & HALF, kind), high

    @classmethod
    def join(cls, low, high):
        """Two halves as one."""
        cls.plain(low)
        return cls.either(low, cls.left(high, 32))

    @classmethod
    def narrow(cls, a):
        """The lower half; if there may be more, that is cut off."""
        cls.plain(a)
        return Bound(a.low, HALF, a.bits, "cut" if a.most > HALF else "")

    @classmethod
    def product(cls, a, b):
        """Of the lower halves, which must be all there is."""
        cls.plain(a, b)
        for value in (a, b):
            need(
                value.most <= HALF or value.kind in ("pair", "raw"),
                f"a factor of 32 bits may be {value.most / 2**32:.3f} * 2^32",
            )
        return Bound(a.low * b.low)

    @classmethod
    def factors_52(cls, a, b):
        cls.plain(a, b)
        for value in (a, b):
            need(value.most <= IFMA, f"a factor of 52 bits may be {value.most / 2**52:.3f} * 2^52")
        return a.most * b.most

    @classmethod
    def add_low_52(cls, to, a, b):
        return cls.add(to, Bound(min(cls.factors_52(a, b), IFMA)))

    @classmethod
    def add_high_52(cls, to, a, b):
        return cls.add(to, Bound(cls.factors_52(a, b) >> 52))

    @classmethod
    def lower(cls, a):
        """The lower half, as a number of its own."""
        return Bound(a.low)

    @classmethod
    def halves(cls, low, high):
        """The upper half of one and the lower one of another, which may be unknown."""
        upper = HALF if high is None else high.low
        return Bound(low.most >> 32 | upper << 32, low.most >> 32, WORD, "pair")

    @staticmethod
    def as_kind(a, kind):
        return Bound(a.most, a.low, a.bits, kind, a.exact) if kind else a

    @classmethod
    def add_carry(cls, a, b, carry):
        """A sum, and what is carried out of it."""
        most = a.most + b.most + carry.most
        out = cls.exact(0) if most <= WORD else Bound(1)
        return Bound(min(most, WORD)), out

    @classmethod
    def wide_product(cls, a, b):
        most = a.most * b.most
        return Bound(min(most, WORD)), Bound(most >> 64)

    @classmethod
    def is_wide(cls, a, b):
        """Whether a product may be more than a word."""
        return a.most * b.most > WORD

    @classmethod
    def small_product(cls, a, b):
        need(not cls.is_wide(a, b), "a product of one word may be more than a word")
        return Bound(a.most * b.most)


class Numbers:
    """Operations on numbers, as the CPU has them."""

    @staticmethod
    def exact(number):
        return number

    @staticmethod
    def plain(*_):
        pass

    @staticmethod
    def add(a, b):
        return a + b & WORD

    @staticmethod
    def fit(a, width):
        return a & (1 << width) - 1

    @staticmethod
    def loses(*_):
        return False

    @staticmethod
    def left(a, n, width=64, lossy=False):
        return a << n & (1 << width) - 1

    @staticmethod
    def right(a, n):
        return a >> n

    @staticmethod
    def both(a, b):
        return a & b

    @staticmethod
    def either(a, b):
        return a | b

    @staticmethod
    def insert(a, b, n):
        return a & (1 << n) - 1 | b

    @staticmethod
    def split(a):
        return a & HALF, a >> 32

    @staticmethod
    def join(low, high):
        return low | high << 32

    @staticmethod
    def narrow(a):
        return a & HALF

    @staticmethod
    def product(a, b):
        return (a & HALF) * (b & HALF)

    @staticmethod
    def add_low_52(to, a, b):
        return to + ((a & IFMA) * (b & IFMA) & IFMA) & WORD

    @staticmethod
    def add_high_52(to, a, b):
        return to + ((a & IFMA) * (b & IFMA) >> 52) & WORD

    @staticmethod
    def lower(a):
        return a & HALF

    @staticmethod
    def halves(low, high):
        return low >> 32 | (0 if high is None else high & HALF) << 32

    @staticmethod
    def as_kind(a, kind):
        return a

    @staticmethod
    def add_carry(a, b, carry):
        return a + b + carry & WORD, a + b + carry >> 64

    @staticmethod
    def wide_product(a, b):
        return a * b & WORD, a * b >> 64

    @staticmethod
    def is_wide(*_):
        return False

    @staticmethod
    def small_product(a, b):
        return a * b & WORD
