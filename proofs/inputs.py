# SPDX-License-Identifier: GPL-2.0
"""What blocks begin with: bounds of everything there may be, or numbers.

An input has, in its domain: words of powers of `r` in interchange form, words
of the accumulator, and words of a message. The functions here are what the
Rust code between the blocks does; `rust.py` holds that code to it.
"""

import random

from domains import HALF, WORD, Bound, Bounds, Numbers, need
from memory import Region

P = (1 << 130) - 5
CLAMP = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
MASK = (1 << 26) - 1
MASK_44 = (1 << 44) - 1


class Any:
    """Any input: bounds."""

    domain = Bounds

    def __init__(self, clamp=CLAMP):
        word = Bound(WORD, kind="raw")
        self.element = [word, word, Bound(4)]
        self.clamp = clamp

    def power(self, _):
        return self.element

    def h_limbs(self):
        return self.limbs(self.element)

    # These four are proved for the Rust code by `rust.py`.
    @staticmethod
    def limbs(_):
        return [Bound(MASK)] * 4 + [Bound(5 * 2**24 - 1)]

    @staticmethod
    def limbs_44(_):
        return [Bound(MASK_44)] * 2 + [Bound(5 * 2**40 - 1)]

    def h_limbs_44(self):
        return self.limbs_44(self.element)

    @staticmethod
    def message(_):
        return Bound(WORD, kind="raw"), []

    def h_words(self):
        return self.element

    def clamped(self):
        return [Bound(self.clamp & WORD), Bound(self.clamp >> 64)]


class Case:
    """One input: numbers."""

    domain = Numbers

    def __init__(self, kind, seed):
        chance = random.Random(seed)
        self.chance = chance
        self.kind = kind
        least = {"zero": 0, "high": WORD}.get(kind)
        self.r = CLAMP & (chance.getrandbits(128) if least is None else CLAMP * (least & 1))
        self.h = chance.randrange(5 << 128) if least is None else (5 << 128) - 1
        self.data = []

    def power(self, exponent):
        """Either form of a power, if there are two."""
        value = pow(self.r, exponent, P)
        if value + P < 5 << 128 and self.kind != "zero" and exponent > 1:
            value += P * self.chance.getrandbits(1)
        return words(value)

    def h_limbs(self):
        return self.limbs(words(self.h))

    @staticmethod
    def limbs(power):
        x = number(power)
        return [x >> 26 * i & MASK for i in range(4)] + [x >> 104]

    @staticmethod
    def limbs_44(power):
        x = number(power)
        return [x & MASK_44, x >> 44 & MASK_44, x >> 88]

    def h_limbs_44(self):
        return self.limbs_44(words(self.h))

    def message(self, count):
        fill = {"zero": 0, "high": WORD}.get(self.kind)
        self.data = [self.chance.getrandbits(64) if fill is None else fill for _ in range(count)]
        return None, self.data

    def expected(self):
        """The accumulator after the message, by RFC 8439."""
        h = self.h
        for low, high in zip(self.data[::2], self.data[1::2]):
            h = (h + low + (high << 64) + (1 << 128)) * self.r % P
        return h % P

    def h_words(self):
        return words(self.h)

    def clamped(self):
        return [self.r & WORD, self.r >> 64]


def words(value):
    return [value & WORD, value >> 64 & WORD, value >> 128]


def number(power):
    return power[0] | power[1] << 64 | power[2] << 128


# `struct Long`, and in it `struct Lanes`.
LONG = 0x10000
STREAMS, LANES, WORDS, BEGIN, BEGIN_SIZE = 640, 960, 1408, 1504, 56
LANES_WORDS, LANES_H = 288, 384
MESSAGE = 0x1000000


def long_regions(table):
    """The table is of pairs or, for IFMA, of limbs."""
    at = LONG
    regions = [
        Region("the table", at, at + STREAMS, table, None, True),
        Region("streams", at + STREAMS, at + LANES, "", None, True),
        *lanes_regions(at + LANES),
        Region("words", at + WORDS, at + BEGIN, "raw", None, True),
    ]
    for begin in (at + BEGIN, at + BEGIN + BEGIN_SIZE):
        regions += [
            Region("the bits above blocks", begin, begin + 40, "", None, True),
            Region("five times limbs", begin + 40, begin + BEGIN_SIZE, "pair", None, True),
        ]
    regions.append(Region("the end", at + BEGIN + 2 * BEGIN_SIZE, at + 1664, "", None, True))
    return regions


def lanes_regions(at):
    return [
        Region("rows", at, at + LANES_WORDS, "pair", None, True),
        Region("words of lanes", at + LANES_WORDS, at + LANES_H, "raw", None, True),
        Region("h", at + LANES_H, at + LANES_H + 40, "", None, True),
        Region("what follows h", at + LANES_H + 40, at + 448, "", None, True),
    ]


def message_region(size, default):
    return Region("the message", MESSAGE, MESSAGE + size, "raw", default, False)


def narrow(value, what):
    """A number that the Rust code has in 32 bits."""
    need(getattr(value, "most", value) <= HALF, f"{what} may not fit 32 bits")
    return value


def put_above(domain, store, at, limbs):
    """`Lanes::put_above()`: the entries of r^8 above those of lane 0."""
    five = [narrow(domain.product(limb, domain.exact(5)), "an entry of r^8") for limb in limbs[1:]]
    for i, entry in enumerate(limbs + five):
        row = at + 32 * i
        low = domain.lower(store.words[row])
        store.words[row] = domain.either(low, domain.left(entry, 32))


def begin(domain, store, first, depth):
    """`Long::begin()`: what the two kinds of batches begin with. Returns the largest sums."""

    def entry(pair, power, which):
        return store.load(LONG + 64 * pair + 8 * power + 4 * which, 4)

    pad = [domain.exact(0)] * 5
    # The streams begin with one group of eight, which has these bits already.
    others = first - 1
    for at, powers in ((BEGIN, range(others)), (BEGIN + BEGIN_SIZE, range(others, depth))):
        for k in powers:
            places = ((6, 0), (6, 1), (7, 0), (7, 1), (9, 1))
            pad = [
                narrow(domain.add(limb, entry(pair, k, which)), "a sum of entries")
                for limb, (pair, which) in zip(pad, places)
            ]
        last = (first if at == BEGIN else depth) - 1
        five = [
            narrow(domain.product(entry(pair, last, which), domain.exact(5)), "five times a limb")
            for pair, which in ((0, 1), (1, 0), (1, 1), (8, 0))
        ]
        store.put(LONG + at, [domain.left(limb, 32) for limb in pad])
        pairs = [domain.either(five[i], domain.left(five[i + 1], 32)) for i in (0, 2)]
        store.put(LONG + at + 40, pairs)
    return pad
