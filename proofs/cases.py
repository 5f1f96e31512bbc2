# SPDX-License-Identifier: GPL-2.0
"""Which calls are proved."""

from .inputs import Inputs
from .values import Number

MOST_BLOCKS = 256
THRESHOLDS = (20, 22, 32, 64, 88, 128, 192, 256)
POWERS = (0, 3, 4, 5)


def counts(full):
    """Numbers of blocks: all, or the small ones, those around thresholds, and some between."""
    if full:
        return list(range(1, MOST_BLOCKS + 1))
    near = {t + d for t in THRESHOLDS for d in (-1, 0, 1)}
    return sorted({*range(1, 41), *near, *range(45, MOST_BLOCKS, 11)} - {MOST_BLOCKS + 1})


def aids(full, blocks):
    """Numbers of powers in the aid, or None without one."""
    return [None, *POWERS] if full else [None, 0, POWERS[1 + blocks % 3]]


class Case:
    """One call: what differs between them."""

    def __init__(self, blocks, count, section=True, left=0, base=0, cached=0, before=None, forgotten=False):
        self.blocks, self.count, self.section, self.left, self.base = blocks, count, section, left, base
        self.cached, self.before, self.forgotten = cached, before, forgotten

    def __repr__(self):
        aid = "no aid" if self.count is None else f"{self.count} powers"
        more = "" if self.section else ", no section"
        more += f", {self.left} left" if self.left else ""
        more += f", after {self.before[0]}" if self.before else ""
        more += ", powers forgotten" if self.forgotten else ""
        more += f", {self.cached:#x} cached" if self.cached else ""
        return f"{self.blocks} blocks, {aid}{more}, stack + {self.base}"

    def prove(self, code, entry, prove, **options):
        """Proves the call, after the one before."""
        Number.forget()
        after = None
        if self.before:
            _, other, other_entry, blocks = self.before
            after = Inputs(blocks, self.count, left=self.blocks + self.left)
            prove(other, other_entry, after)
        inputs = Inputs(self.blocks, self.count, left=self.left, after=after, forgotten=self.forgotten, cached=self.cached)
        return prove(code, entry, inputs, section=self.section, base=self.base, **options)


def single(full, aid):
    """Calls by themselves. Without a use for an aid there is none."""
    for blocks in counts(full):
        for count in aids(full, blocks) if aid else [None]:
            yield Case(blocks, count, base=8 * (blocks % 8))
    if aid:
        for blocks in counts(True) if full else (1, 19, 20, 64, 65, 255, 256):
            yield Case(blocks, 3, section=False, base=8 * (blocks % 8))
        for blocks in (1, 20, 63, 64, 128, 129, 256):
            yield Case(blocks, 0, left=1)
            yield Case(blocks, 5, left=300, cached=(1 << 64) - 1)
            yield Case(blocks, 4, cached=(1 << 64) - 1)


def following(full, before):
    """Calls after a full one, each of `before`: (name, code, entry)."""
    for name, code, entry in before:
        for blocks in counts(True) if full else (1, 4, 19, 20, 24, 63, 64, 100, 255, 256):
            for left in (0, 7) if full else (0,) if blocks % 3 else (7,):
                yield Case(blocks, 0, left=left, before=(name, code, entry, MOST_BLOCKS))
            yield Case(blocks, 0, before=(name, code, entry, MOST_BLOCKS), forgotten=True)
