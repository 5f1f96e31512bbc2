# SPDX-License-Identifier: GPL-2.0
"""Which calls of the library's entry points are proved."""

from .entry import POWERS, TAG, Call
from .values import WORD

MOST = 700
# Where runs get an aid, and where they get another call.
EDGES = (320, 4096, 8192)
# What the target leaves in the aid: (powers, what identifies its data) of its calls in turn.
LEAVES = (((0, 0),), ((3, 8), (5, 44), (5, 0)), ((5, WORD),), ((0, 0), (4, 7)))


def near(full, edge):
    """Lengths near an edge."""
    around = range(-40, 41) if full else (-17, -16, -15, -1, 0, 1, 15, 16, 17) if edge <= 4096 else (-1, 0, 16)
    return [edge + d for d in around]


def one_shot(full):
    """Calls of `lib_poly1305_mac()` and `lib_poly1305_verify()`: all lengths up to a limit, and those near edges."""
    lengths = [*range(MOST + 1), *(n for edge in (*EDGES[1:], 12288) for n in near(full, edge))]
    for function in ("mac", "verify"):
        for n in lengths:
            for leaves in LEAVES if full and n >= EDGES[0] else [LEAVES[n % len(LEAVES)]]:
                yield Call(function, n, leaves=leaves, lockdep=n % 3 == 1, base=8 * (n % 8))
    for n in (0, 1, 16, 40, 400):
        for name, size in (("key", 32), ("data", n)):
            for offset in {*range(-TAG, size + 1)} if full else {-TAG, -5, 0, min(3, size), max(size, 1) - TAG, size}:
                yield Call("mac", n, overlap=(name, offset))


def updates(full):
    """Calls of `lib_poly1305_update()` with each number of buffered bytes."""
    for buffered in range(16):
        edges = [(-buffered % 16) + n for edge in EDGES for n in near(full, edge)]
        for n in [*range(MOST + 1 if full else 51), *edges]:
            there, leaves = (0, 3, 4, 5)[n % 7 % 4], LEAVES[n % len(LEAVES)]
            yield Call("update", n, buffered=buffered, count=there, leaves=leaves, lockdep=n % 3 == 1, base=8 * (n % 8))


def others(full):
    """Calls of `lib_poly1305_init()` and `lib_poly1305_final()`."""
    for base in range(0, 64, 8):
        yield Call("init", base=base)
    for buffered in range(16):
        for count in (0, 3, 4, 5):
            yield Call("final", buffered=buffered, count=count, base=8 * (buffered % 8))
            for offset in range(0, POWERS + 8 + 24 * count - TAG + 1, 1 if full else 17):
                yield Call("final", buffered=buffered, count=count, overlap=("context", offset))


def ways():
    """Calls that go all ways."""
    for function in ("mac", "verify"):
        for n in (0, 1, 2, 3, 4, 7, 8, 13, 15, 16, 31, 32, 319):
            yield Call(function, n, lockdep=n % 3 == 1, base=8 * (n % 8))
        for n in (320, 321, 322, 323, 324, 327, 332, 4096, 4111, 8209):
            yield Call(function, n, leaves=LEAVES[n % len(LEAVES)], lockdep=n % 3 == 1, base=8 * (n % 8))
            yield Call(function, n, leaves=LEAVES[(n + 1) % len(LEAVES)])
    yield from (Call("init"), Call("init", base=40))
    for buffered in (0, 1, 2, 3, 4, 7, 8, 11, 15):
        for count in (0, 5):
            yield Call("final", buffered=buffered, count=count)
    for buffered in (0, 1, 2, 5, 8, 11, 12, 13, 15):
        for n in (0, 1, 2, 3, 4, 5, 7, 8, 11, 15, 16, 17, 19, 20, 31, 40, 335, 360, 4356):
            yield Call("update", n, buffered=buffered, count=n % 2 * 3, leaves=LEAVES[(n + buffered) % len(LEAVES)], lockdep=n % 3 == 1)
