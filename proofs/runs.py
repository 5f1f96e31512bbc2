# SPDX-License-Identifier: GPL-2.0
"""Runs of the blocks, one after another as the Rust code has them."""

from inputs import (
    BEGIN,
    LANES,
    LANES_H,
    LANES_WORDS,
    LONG,
    MESSAGE,
    WORDS,
    begin,
    lanes_regions,
    long_regions,
    message_region,
    put_above,
)
from domains import need
from machine import Machine
from memory import Store

DEPTH = 8
DEPTH_44 = 8


class Run:
    """How an input goes through the blocks. It may be taken step by step."""

    machine_class = Machine
    # Bytes that faulty code may read after a message, so that more shows than that.
    slack = 0

    def __init__(self, blocks, given):
        self.blocks = blocks
        self.given = given
        self.domain = given.domain
        self.store = None
        self.machine = None
        self.claims = []

    def start(self, name, general):
        self.machine = self.machine_class(self.domain, self.blocks[name], general, self.store)
        return self.machine

    def claim(self, what, values, limits):
        """Something that a comment says: these are below those."""
        for value, limit in zip(values, limits):
            most = getattr(value, "most", value)
            need(most < limit, f"{what}: may be {most:#x}, and not below {limit:#x}")
        self.claims.append((what, [getattr(value, "most", value) for value in values]))

    def memory(self, regions, size):
        default, data = self.given.message(size // 8)
        self.store = Store(self.domain, regions + [message_region(size + self.slack, default)])
        self.store.put(MESSAGE, data)

    def rows(self, at):
        """`fill_rows()`."""
        powers = [self.given.power(k) for k in (4, 2, 3, 1)]
        for i in range(3):
            self.store.put(at + LANES_WORDS + 32 * i, [power[i] for power in powers])
        yield self.start("rows", {"lanes": at})
        limits = [5 << 24 if e == 4 else 1 << 26 for e in range(5)]
        limits += [5 * limit for limit in limits[1:]]
        for e, limit in enumerate(limits):
            row = [self.store.words[at + 32 * e + 8 * i] for i in range(4)]
            self.claim(f"row {e}", row, [limit] * 4)

    def finish(self, at, end):
        """The accumulator that the sums make, as `take_sums()` has it."""
        need(self.machine.general["data"] == end, "a part of the message is left, or there is none")
        return [self.store.words[at + 8 * i] for i in range(5)]

    def short(self, count):
        """`avx2::short()`: `count` groups before the last one."""
        size = 64 * (count + 1)
        self.memory(lanes_regions(LONG), size)
        yield from self.rows(LONG)
        if count > 1:
            put_above(self.domain, self.store, LONG, self.given.limbs(self.given.power(8)))
        self.store.put(LONG + LANES_H, self.given.h_limbs())
        yield self.start("short", {"lanes": LONG, "data": MESSAGE, "count": count})
        self.sums = self.finish(LONG + LANES_H, MESSAGE + size)

    def table(self):
        """`table::fill()`."""
        powers = [self.given.power(8 * k) for k in (1, 2, 3, 4)]
        for i in range(3):
            self.store.put(LONG + WORDS + 32 * i, [power[i] for power in powers])
        yield self.start("table", {"lanes": LONG, "table": LONG})
        for pair in range(10):
            cells = [self.store.words[LONG + 64 * pair + 8 * k] for k in range(8)]
            below = 1 << 26
            # Limbs that come from carries, or from words, and then from shifts.
            limits = {
                0: (below, below + 2**15),
                1: (below, below),
                8: (5 << 24, below + 2**10),
            }.get(pair, (below + 2**10, below + 2**10))
            for cell in cells:
                halves = [self.domain.lower(cell), self.domain.right(cell, 32)]
                self.claim(f"pair {pair} of the table", halves, limits)

    def long(self, first, batches, tail, more, name="long"):
        """`avx2::long()` and `avx512::long()`."""
        size = cut(first, batches, tail, DEPTH)
        self.memory(long_regions("pair"), size)
        yield from self.rows(LONG + LANES)
        yield from self.table()
        pad = begin(self.domain, self.store, first, DEPTH)
        self.claim("sums for the bits above blocks", pad, [8 * 5 * 2**24] * 5)
        self.store.put(LONG + LANES + LANES_H, self.given.h_limbs())
        general = {
            "table": LONG,
            "lanes": LONG + LANES,
            "begin": LONG + BEGIN,
            "data": MESSAGE,
            "top": LONG + 8 * (first - 1),
            "batches": batches,
            "tail": tail,
            "more": more,
        }
        yield self.start(name, general)
        self.sums = self.finish(LONG + LANES + LANES_H, MESSAGE + size)

    def avx512(self, *how):
        yield from self.long(*how, name="avx512")

    def avx512ifma(self, first, batches, tail, more):
        """`avx512ifma::long()`."""
        size = cut(first, batches, tail, DEPTH_44)
        self.memory(long_regions(""), size)
        yield from self.rows(LONG + LANES)
        domain = self.domain
        for k in range(DEPTH_44):
            limbs = self.given.limbs_44(self.given.power(8 * (k + 1)))
            twenty = [domain.small_product(limb, domain.exact(20)) for limb in limbs[1:]]
            self.store.put(LONG + 40 * k, limbs + twenty)
        self.store.put(LONG + LANES + LANES_H, self.given.h_limbs())
        h0, h1, h2 = self.given.h_limbs_44()
        general = {
            "table": LONG,
            "lanes": LONG + LANES,
            "data": MESSAGE,
            "top": LONG + 40 * (first - 1),
            # Runs with half of the powers have smaller sums.
            "deep": LONG + 40 * (DEPTH_44 - 1),
            "batches": batches,
            "tail": tail,
            "more": more,
            "h0": h0,
            "h1": h1,
            "h2": h2,
        }
        yield self.start("avx512ifma", general)
        self.sums = self.finish(LONG + LANES + LANES_H, MESSAGE + size)

    def bmi2(self, count):
        """`bmi2::absorb()`."""
        self.memory([], 16 * count)
        low, middle, high = self.given.h_words()
        r0, r1 = self.given.clamped()
        general = {
            "low": low,
            "middle": middle,
            "high": high,
            "r0": r0,
            "r1": r1,
            "s1": self.domain.add(r1, self.domain.right(r1, 2)),
            "data": MESSAGE,
            "end": MESSAGE + 16 * count,
        }
        machine = self.start("bmi2", general)
        yield machine
        self.sums = [machine.general[name] for name in ("low", "middle", "high")]
        # What `State::set_product()` takes.
        self.claim("what is above 128 bits", self.sums[2:], [11 * 2**60 + 1])


def cut(first, batches, tail, depth):
    """Bytes in a run."""
    return 128 * (first + depth * (batches - 1)) + 64 * tail


def go(stages):
    """Runs all blocks to their end."""
    for machine in stages:
        machine.run()


def beside(bounds, numbers):
    """Runs both at once: every number must be within the bounds."""
    for one, other in zip(bounds, numbers, strict=True):
        while one.at < len(one.block.code):
            need(one.at == other.at, "bounds and numbers go different ways")
            text = one.block.code[one.at].text
            one.step()
            other.step()
            for bound, value in zip(one.written, other.written, strict=True):
                if isinstance(bound, int):
                    need(bound == value, f"{text}: two values of an address")
                else:
                    need(bound.holds(value), f"{text}: {value:#x} is beyond {bound.most:#x}")


def settled(machine, label, moving):
    """Whether what a loop begins its last round with was there before: then the same holds for
    all rounds after it."""
    rounds = machine.rounds.get(label, [])
    if len(rounds) < 2:
        return False
    before, last = rounds[-2:]
    for name, value in last[0].items():
        if name not in moving and not same(before[0][name], value):
            return False
    for number, lanes in last[1].items():
        if number not in before[1]:
            return False
        if not all(a.covers(b) for a, b in zip(before[1][number], lanes)):
            return False
    return all(at in before[2] and before[2][at].covers(value) for at, value in last[2].items())


def same(before, now):
    if isinstance(before, int) or isinstance(now, int):
        return isinstance(before, int) and before == now
    return before.covers(now)
