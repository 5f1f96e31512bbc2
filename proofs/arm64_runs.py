# SPDX-License-Identifier: GPL-2.0
"""Runs of the blocks for arm64, as the Rust code has them."""

import runs
from arm64_machine import Machine
from inputs import LONG, MESSAGE, P, Any, Case
from domains import WORD, Bound, need
from memory import Region

# `struct Table`.
TABLE = LONG
ABOVE, LOW, HIGH, SIZE = 640, 688, 752, 768
DEPTH = 8
# Blocks in each of two chains.
CHAIN = 16
# What all entries are below, but those that are the last limb of a power.
ENTRY = 2**26 + 2**9


class AnySums(Any):
    """Any input, with limbs of the accumulator that are any 64-bit numbers."""

    @staticmethod
    def h_limbs():
        return [Bound(WORD)] * 5


class Limbs(Case):
    """One input, with an accumulator of these limbs."""

    def __init__(self, kind, seed, limbs):
        super().__init__(kind, seed)
        self.given_limbs = limbs
        self.h = sum(limb << 26 * i for i, limb in enumerate(limbs))

    def h_limbs(self):
        return self.given_limbs


class Run(runs.Run):
    machine_class = Machine

    def point(self):
        r0, r1 = self.given.clamped()
        s1 = self.domain.add(r1, self.domain.right(r1, 2))
        return {"r0": r0, "r1": r1, "s1": s1, "one": self.domain.exact(1)}

    def product(self, names):
        """A product, which is given as three words; and what is said of the way to it."""
        words = [self.machine.general[name] for name in names]
        # What `State::set_product()` takes.
        self.claim("what is above 128 bits", words[2:], [11 * 2**60 + 1])
        most = self.machine.most
        self.claim("the bits above a block", [most["h2"]], [7 + 1])
        self.claim("what is folded", [most["five"]], [14 * 2**60])
        for general, *_ in self.machine.rounds.get("2", []):
            upper = [general[name] for name in names[1:]]
            self.claim("upper halves of products", upper, [11 * 2**60] * 2)
        return words

    def chain(self, count):
        """`scalar::absorb()`."""
        self.memory([], 16 * count)
        low, middle, high = self.given.h_words()
        zero = self.domain.exact(0)
        general = {"a": low, "b": zero, "c": zero, "d": middle, "top": high}
        general |= {"data": MESSAGE, "end": MESSAGE + 16 * count}
        yield self.start("chain", general | self.point())
        self.sums = self.product("a c top".split())

    def chains(self):
        """A run in `scalar::absorb_by_two()`; `sums` are those of both chains."""
        self.memory([], 32 * CHAIN)
        low, middle, high = self.given.h_words()
        zero = self.domain.exact(0)
        general = {"a": low, "b": zero, "c": zero, "d": middle, "top": high, "data": MESSAGE}
        general |= dict.fromkeys("v w x y above".split(), zero)
        machine = self.start("chains", general | self.point())
        yield machine
        ends = machine.general["data"], machine.general["other"]
        need(ends == (MESSAGE + 16 * CHAIN, MESSAGE + 32 * CHAIN), "a chain has another length")
        self.sums = self.product("a c top".split())
        self.tail = self.product("v x above".split())

    def table(self):
        """`table::prepare()`."""
        self.memory(table_regions(), 0)
        yield from self.fill()

    def fill(self):
        powers = [self.given.power(k) for k in (1, 2, 3, 4)]
        self.store.put(TABLE + LOW, [word for low, high, _ in powers for word in (low, high)])
        tops = [top for *_, top in powers]
        self.store.put(TABLE + HIGH, [self.domain.join(*tops[i : i + 2]) for i in (0, 2)])
        yield self.start("table", {"table": TABLE})
        below = 1 << 26
        for limb in range(5):
            for power in range(DEPTH):
                first, *others = self.entry(limb, power)
                self.claim("entries", others, [ENTRY] * 3)
                # Those of word 0 are limbs: of words, or of a product.
                most = 5 << 24 if limb == 4 else below
                if power >= 4:
                    most = below + 2**6 if limb in (1, 4) else below
                self.claim(f"limb {limb} of a power", [first], [most])
        for part, limit in enumerate((2**56, 2**56, 2**30)):
            self.claim(f"part {part} of what is above", self.above(part), [limit] * 2)

    def entry(self, limb, power):
        """What the four words are multiplied by."""
        at = TABLE + 16 * (DEPTH * limb + power)
        halves = [self.domain.split(self.store.words[at + 8 * i]) for i in (0, 1)]
        return [half for both in halves for half in both]

    def above(self, part):
        return [self.store.words[TABLE + ABOVE + 16 * part + 8 * i] for i in (0, 1)]

    def batches(self, count, more):
        """`batches::absorb()`."""
        self.memory(table_regions(), 16 * DEPTH * count)
        yield from self.fill()
        self.filled = self.words()
        general = {"table": TABLE, "data": MESSAGE, "end": MESSAGE + 16 * DEPTH * count}
        general |= {f"s{i}": limb for i, limb in enumerate(self.given.h_limbs())}
        for part in range(3):
            general[f"pad{part}"], general[f"r8_{part}"] = self.above(part)
        machine = self.start("batches", general | {"more": more})
        yield machine
        self.claim("the bits above a block", [machine.general["n2"]], [5 + 1])
        self.sums = [machine.general[f"s{i}"] for i in range(5)]
        self.claim("sums", self.sums, [2**63 + 2**59] * 5)

    def words(self):
        """All of the table."""
        return [self.store.words[TABLE + at] for at in range(0, SIZE, 8)]


def table_regions():
    at = TABLE
    return [
        Region("the table", at, at + ABOVE, "", None, True),
        Region("what is above", at + ABOVE, at + LOW, "", None, True),
        Region("words", at + LOW, at + HIGH, "raw", None, True),
        Region("words above", at + HIGH, at + SIZE, "", None, True),
    ]


def appended(run, case):
    """What `State::append_16()` makes of both chains."""
    first, second = (
        sum(word << 64 * i for i, word in enumerate(words)) for words in (run.sums, run.tail)
    )
    return first * pow(case.r, CHAIN, P) + second
