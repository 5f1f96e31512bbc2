# SPDX-License-Identifier: GPL-2.0
"""Any input of an implementation, and what has to be there afterwards."""

from .memory import Pointer, Region
from .values import P, WORD, Fault, Number, draw, either, fresh, left, number, whole

EXPONENTS = (2, 3, 4, 8, 16)
CLAMP = (0x0FFFFFFC0FFFFFFF, 0x0FFFFFFC0FFFFFFC)
SCRATCH_WORDS = 208
# What identifies the data that implementations cache in scratch memory.
CACHES = (8, 44, 52)


def masked(mask):
    """Any word within a mask."""
    value, k = 0, 0
    while mask >> k:
        if mask >> k & 1:
            size = ((mask >> k) + 1 & ~(mask >> k)).bit_length() - 1
            value = either(value, left(fresh((1 << size) - 1), k))
            k += size
        k += 1
    return value


def interchange(element):
    """The three words of any number in interchange form that is this element."""
    middle, high = fresh(WORD), fresh(4)
    low = Number(element - (middle.element << 64) - (high.element << 128), WORD)
    return [whole(low), middle, high]


def element(words):
    """The element of words."""
    return sum((w if type(w) is int else number(w).element) << 64 * i for i, w in enumerate(words)) % P


def most(word):
    """The bound of a word."""
    return word if type(number(word)) is int else word.most


class Inputs:
    """State, aid and message: all that is not given is arbitrary.

    `count` is the number of powers in the aid, or None if there is no aid; `left` how many blocks follow
    in further calls. A call `after` another one has its r and its aid, with or without the powers.
    """

    def __init__(self, blocks, count=None, *, left=0, after=None, forgotten=False, cached=0):
        self.blocks, self.left = blocks, left
        keeps = after and not forgotten
        self.count = after.count if keeps else count
        self.state = Region("state", 40, base=8)
        self.state.fill(0, interchange(draw()))
        if after:
            self.r_words, self.scratch = after.r_words, after.scratch.copy()
        else:
            self.r_words = [masked(mask) for mask in CLAMP]
            self.scratch = Region("scratch", 64 + 8 * SCRATCH_WORDS, loose=True)
            self.scratch.fill(0, [cached])
        self.r = element(self.r_words)
        self.state.fill(24, self.r_words)
        self.powers = after.powers.copy() if keeps else Region("powers", 128, base=8, loose=True)
        if not keeps:
            self.powers.fill(0, [count or 0])
            for i in range(count or 0):
                self.powers.fill(8 + 24 * i, interchange(pow(self.r, EXPONENTS[i], P)))
        self.scratch.fill(8, [left])
        self.cached, self.scratch_before = self.scratch.load(0, 8), dict(self.scratch.words)
        self.workspace = Region("workspace", 16, base=8, writable=False)
        self.workspace.fill(0, [Pointer(self.powers, 0), Pointer(self.scratch, 0)])
        self.data = Region("message", 16 * blocks, writable=False)
        words = [fresh(WORD) for _ in range(2 * blocks)]
        self.data.fill(0, words)
        h = element(self.state.load(0, 24))
        for low, high in zip(words[::2], words[1::2]):
            h = (h + low.element + (high.element << 64) + (1 << 128)) * self.r % P
        self.expected = h

    def workspace_pointer(self):
        """The argument: NULL if there is no aid."""
        return 0 if self.count is None else Pointer(self.workspace, 0)

    def check(self):
        """That memory has what it must have after the call."""
        h = self.state.load(0, 24)
        if element(h) != self.expected:
            raise Fault("h is wrong")
        if most(h[2]) > 4:
            raise Fault(f"h[2] may be {most(h[2])}")
        if any(now is not then for now, then in zip(self.state.load(24, 16), self.r_words)):
            raise Fault("r is changed")
        if self.count is not None:
            self.check_powers()
            self.check_scratch()

    def check_powers(self):
        """That the powers are those of r."""
        count = self.powers.load(0, 8)
        if type(count) is not int or not self.count <= count <= len(EXPONENTS):
            raise Fault(f"the number of powers is {count}")
        for i in range(count):
            words = self.powers.load(8 + 24 * i, 24)
            if element(words) != pow(self.r, EXPONENTS[i], P) or most(words[2]) > 4:
                raise Fault(f"power {EXPONENTS[i]} is wrong")
        for offset in self.powers.secrets():
            if offset >= 8 + 24 * count:
                raise Fault("a power that is not counted")

    def check_scratch(self):
        """That scratch memory has no secrets if nothing is cached there."""
        cached = self.scratch.load(0, 8)
        if type(cached) is not int or self.scratch.load(8, 8) != self.left:
            raise Fault("the fields of the scratch memory are wrong")
        if self.left == 0 and cached != 0 and self.scratch.words != self.scratch_before:
            raise Fault("caches something for no further call, or something else than before")
        if cached not in (0, self.cached, *CACHES):
            raise Fault(f"caches {cached}, which is nothing that is known")
        if any(word is None for word in self.scratch.words.values()):
            raise Fault("scratch memory has what was in a register that is not defined")
        if any(type(word) is int and word != 0 for at, word in self.scratch.words.items() if at >= 8):
            raise Fault("scratch memory is wiped with another number than 0")
        left = self.scratch.secrets()
        if cached == 0 and left:
            raise Fault(f"scratch memory has secrets at {left}")
        # An implementation that caches something wipes only that later.
        stay = [at for at in left if cached != self.cached and self.scratch.words[at // 8] is self.scratch_before.get(at // 8)]
        if stay:
            raise Fault(f"data of another implementation stays at {stay}")
