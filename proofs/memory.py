# SPDX-License-Identifier: GPL-2.0
"""Memory: words at addresses, inside regions that may be used."""

from collections import namedtuple

from domains import need

# What is read there is of that kind. Where nothing was written, a region has
# `default`, or nothing that may be read.
Region = namedtuple("Region", "name start end kind default writable")


class Store:
    def __init__(self, domain, regions):
        self.domain = domain
        self.regions = regions
        self.words = {}

    def region(self, at, size):
        for region in self.regions:
            if region.start <= at and at + size <= region.end:
                return region
        need(False, f"{size} bytes at {at:#x} are outside of all memory")

    def put(self, at, values):
        """Words that are there from the beginning."""
        for i, value in enumerate(values):
            self.words[at + 8 * i] = value

    def word(self, at, region):
        value = self.words.get(at, region.default)
        offset = at - region.start
        need(value is not None, f"what is in {region.name} at {offset} was never written")
        return self.domain.as_kind(value, region.kind)

    def load(self, at, size=8):
        """A word, or half of one as a number of its own."""
        region = self.region(at, 8 if at % 8 == 0 else 4)
        value = self.word(at & -8, region)
        if at % 8:
            need(at % 4 == 0, "half of a word is not where halves are")
            following = self.words.get((at & -8) + 8)
            self.region(at, 4)
            value = self.domain.halves(value, following)
        return self.domain.lower(value) if size == 4 else value

    def store(self, at, value):
        region = self.region(at, 8)
        need(region.writable and at % 8 == 0, f"a word is written to {region.name}")
        self.domain.plain(value)
        self.words[at] = value
