# SPDX-License-Identifier: GPL-2.0
"""Memory: regions, of which each is an object of the caller, a stack frame or constant data."""

from .values import UNWRITTEN, Confidential, Fault, both, either, fresh, left, take


class Pointer:
    """An address: a number of bytes from the beginning of a region. It is public."""

    __slots__ = ("region", "offset")

    def __init__(self, region, offset):
        self.region, self.offset = region, offset

    def __repr__(self):
        return f"{self.region.name}{self.offset:+d}"


class Region:
    """`size` bytes from offset `begin` on, at addresses that are `base` modulo 64.

    Words are stored as wholes; of each, the mask `there` says which bytes were written. With `loose`, what
    was not written may be read, as compilers do before they know whether it is there: a word is undefined
    then, which can be moved only, and an upper half has any bits.
    """

    def __init__(self, name, size, begin=0, base=0, writable=True, loose=False):
        self.loose = loose
        self.name, self.begin, self.end, self.base, self.writable = name, begin, begin + size, base, writable
        self.words, self.there = {}, {}

    def copy(self):
        """The same region of another call."""
        other = Region(self.name, self.end - self.begin, self.begin, self.base, self.writable, self.loose)
        other.words, other.there = dict(self.words), dict(self.there)
        return other

    def fill(self, offset, values):
        """Puts words there from the start, whatever the code may write."""
        for i, value in enumerate(values):
            self.words[offset // 8 + i], self.there[offset // 8 + i] = value, 0xFF

    def check(self, offset, size, aligned):
        """That an access is inside, and aligned if the instruction asks for it."""
        if offset < self.begin or offset + size > self.end:
            raise Fault(f"{size} bytes at {self.name}{offset:+d} are not inside")
        if aligned and (self.base + offset) % aligned:
            raise Fault(f"{self.name}{offset:+d} is not aligned to {aligned} bytes")

    def load(self, offset, size, aligned=0):
        """The words at an offset: one of up to 8 bytes, or several as a list."""
        self.check(offset, size, aligned)
        if size > 8:
            return [self.word(offset + i, 8) for i in range(0, size, 8)]
        return self.word(offset, size)

    def word(self, offset, size):
        """Up to 8 bytes that were written before."""
        i, first = offset >> 3, offset & 7
        if size == 8 and self.loose and not self.written(offset + 4, 4):
            if first == 0 and not self.there.get(i):
                return None
            return either(self.word(offset, 4), left(fresh((1 << 32) - 1, UNWRITTEN), 32))
        if first + size > 8:
            low = 8 - first
            return either(self.word(offset, low), left(self.word(offset + low, size - low), 8 * low))
        if not self.written(offset, size):
            raise Fault(f"{self.name}{offset:+d} is read, but was not written")
        value = self.words[i]
        return value if size == 8 else take(value, 8 * first, 8 * (first + size))

    def written(self, offset, size):
        """Whether all bytes, which are of one word, were written."""
        bytes_ = (1 << size) - 1 << (offset & 7)
        return not bytes_ & ~self.there.get(offset >> 3, 0)

    def store(self, offset, size, value, aligned=0):
        """Stores one word of up to 8 bytes, or a list of words."""
        self.check(offset, size, aligned)
        if not self.writable:
            raise Fault(f"{self.name}{offset:+d} is written")
        if size > 8:
            for i, word in enumerate(value):
                self.put(offset + 8 * i, 8, word)
        else:
            self.put(offset, size, value)

    def put(self, offset, size, value):
        """Stores up to 8 bytes."""
        i, first = offset >> 3, offset & 7
        if first + size > 8:
            low = 8 - first
            self.put(offset, low, take(value, 0, 8 * low))
            self.put(offset + low, size - low, take(value, 8 * low, 8 * size))
            return
        if size < 8:
            there = self.there.get(i, 0)
            bytes_ = (1 << size) - 1 << first
            value = left(take(value, 0, 8 * size), 8 * first)
            if there & ~bytes_:
                mask = sum(0xFF << 8 * b for b in range(8) if there & ~bytes_ & 1 << b)
                value = either(both(self.words[i], mask), value)
            self.there[i] = there | bytes_
        else:
            self.there[i] = 0xFF
        self.words[i] = value

    def secrets(self):
        """The offsets of words that depend on secrets."""
        return [8 * i for i, value in sorted(self.words.items()) if isinstance(value, Confidential)]
