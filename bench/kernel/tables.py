#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""tables.py LOG...: prints tables of what lib_poly1305_bench measured by the logs of kernels."""

import re
import sys
from pathlib import Path

# Of a second CPU's figures.
UNITS = {"rate": 1e6, "ratio": 1000}


def heading(name, words):
    """Above rows of a 10th percentile, a median and a 90th percentile."""
    print(f"\n{words}\n{name:<12} {'CPUs' if not name else 'bytes':>6}  {'way':<16}", end="")
    print("".join(f" {column:>10}" for column in ("10%", "median", "90%")))


def rows(records, unit, digits):
    for first, second, way, *figures in records:
        print(f"{first:<12} {second:>6}  {way:<16}", end="")
        print("".join(f" {int(figure) / unit:>10.{digits}f}" for figure in figures))


def lengths(records):
    """Medians for messages of all lengths, each implementation a line."""
    median = {(name, int(size)): int(middle) / 10 for name, size, _, middle, _ in records}
    names = list(dict.fromkeys(name for name, _ in median))
    sizes = list(dict.fromkeys(size for _, size in median))
    print("\nTSC cycles for a message by lib_poly1305_mac(), medians; and the ratio to generic")
    print(f"{'bytes':<20}" + "".join(f" {size:>13}" for size in sizes))
    for name in names:
        pairs = ((median[name, size], median["generic", size]) for size in sizes)
        print(f"{name:<20}" + "".join(f" {one:>7.0f} {one / to:>5.2f}" for one, to in pairs))


def mhz():
    """The clock of the counter, as virtual machines say it."""
    found = re.search(r"^cpu MHz\s*: ([\d.]+)", Path("/proc/cpuinfo").read_text(), re.M)
    return float(found[1]) if found else 0


def verdicts(costs, ratios):
    """What targets there are, and whether they are met."""

    def verdict(what, met, words, missed="missed"):
        print(f"{what}: {'met' if met else missed} (target: {words})")

    print()
    for how, size, way, _, middle, _ in costs:
        cycles = int(middle) / 10
        if size == "16" and way == "library-direct":
            what = f"{how} messages of 16 bytes, {way} {cycles:g}"
            verdict(what, cycles <= 12, "at most 12 cycles")
        if way == "dropin-pieces" and mhz():
            ns = cycles / mhz() * 1000
            what = f"{how} messages of {size} bytes, {way} {ns:.1f} ns"
            verdict(what, ns <= 5, "at most 5 ns")
    ratio = {way: [int(figure) / 1000 for figure in figures] for _, _, way, *figures in ratios}
    if "library" in ratio:
        # What shares nothing scales, unless somebody else uses the CPUs.
        missed = "unknown, the machine is busy" if ratio["direct"][0] < 1.9 else "missed"
        library = ratio["library"][1]
        verdict(f"two CPUs over one {library:g}", library >= 1.9, "at least 1.9", missed)


def main():
    found = {word: [] for word in ("target", "active", "length", "cost", "ratio")}
    scaling = []
    for path in sys.argv[1:]:
        for line in Path(path).read_text(errors="replace").splitlines():
            if said := re.search(r"lib_poly1305_bench: (\w+) (.*)", line):
                if said[1] in found:
                    found[said[1]].append(said[2].split())
                if said[1] in UNITS:
                    scaling.append((UNITS[said[1]], said[2].split()))
    for word in ("target", "active"):
        for words in found[word][:1]:
            print(word, *words)
    if found["length"]:
        lengths(found["length"])
    if found["cost"]:
        heading("messages", "TSC cycles for a message; chained ones wait for the tag of the one before")
        rows(found["cost"], 10, 1)
    heading(
        "",
        "Millions of messages of 64 bytes in a second, and the ratio; counted ones take a\n"
        "reference, as to a module, which all CPUs write to",
    )
    for unit, record in scaling:
        rows([record], unit, 3)
    verdicts(found["cost"], found["ratio"])


if __name__ == "__main__":
    main()
