#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Counts instructions for a message, and prints tables of them.

count.py CSV BEGIN END COMMAND...: runs a command, which is QEMU with a line in its log for
each instruction, and bench/instructions/run.c in it. What is executed between the addresses BEGIN
and END, in hexadecimal digits, is counted, and belongs to the line "NAME LENGTH" of the same number
on the command's output. The name "nothing" is that of a function that does nothing: what it takes to
call that is subtracted from all others. All figures are written to the file CSV.
"""

import csv
import re
import subprocess
import sys
import tempfile

# What others are compared with.
BASES = ["kernel-neon", "kernel-scalar"]


def executed(begin, end, command):
    """Runs a command: how many instructions were executed between marks, with what its lines say."""
    begin, end = (int(mark, 16) for mark in (begin, end))
    counts, count = [], 0
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True) as process,
    ):
        for line in process.stderr:
            if not (one := re.match(r"Trace \d+: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line)):
                # QEMU's log has more lines, and those of the program are among them.
                if re.search("error|qemu", line):
                    sys.stderr.write(line)
                continue
            place = int(one.group(1), 16)
            if place == begin:
                count = 0
            elif place == end:
                counts.append(count)
            else:
                count += 1
        if process.wait() != 0:
            raise SystemExit(f"error: {command[0]} ended with status {process.returncode}")
        output.seek(0)
        lines = output.read().splitlines()
    if len(lines) != len(counts):
        raise SystemExit(
            f"error: {len(lines)} calls, of which {len(counts)} were counted: QEMU's log is not what it was"
        )
    return zip(lines, counts)


def read(pairs):
    """By length and name: the instructions, which are the same for all messages."""
    counts = {}
    for line, count in pairs:
        name, length = line.split()
        known = counts.setdefault(int(length), {}).setdefault(name, count)
        if known != count:
            raise SystemExit(
                f"error: {name} takes {known} instructions for a message of {length} bytes and "
                f"{count} for another: find out what depends on the message or the key"
            )
    for of in counts.values():
        call = of.pop("nothing")
        # Four arguments, a call and a return.
        if call < 6:
            raise SystemExit("error: QEMU executes several instructions at once: QEMU_ONE_INSN_PER_TB does nothing")
        for name in of:
            of[name] -= call
    return counts


def table(title, counts, names, value):
    """Prints a table of what value() makes of the counts for a length and a name."""
    print(f"\n{title}\n")
    print(f"{'bytes':>6}" + "".join(f"{name:>16}" for name in names))
    for length, of in counts.items():
        print(f"{length:>6}" + "".join(f"{value(length, of, name):>16}" for name in names))


def main():
    """Prints the tables."""
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    counts = read(executed(*sys.argv[2:4], sys.argv[4:]))
    names = list(next(iter(counts.values())))
    print("Instructions, counted in QEMU: these are no times. CPUs execute several in a cycle, and")
    print("vector instructions at another rate.")
    table("instructions for a message", counts, names, lambda _, of, name: of[name])
    table("instructions for a byte", counts, names, lambda length, of, name: f"{of[name] / max(length, 1):.3f}")
    for base in BASES:
        table(f"as a multiple of {base}", counts, names, lambda _, of, name, to=base: f"{of[name] / of[to]:.3f}")
    with open(sys.argv[1], "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["bytes", "implementation", "instructions", "instructions_per_byte"]
                     + [f"ratio_to_{base}" for base in BASES])
        for length, of in counts.items():
            for name in names:
                ratios = [f"{of[name] / of[base]:.4f}" for base in BASES]
                out.writerow([length, name, of[name], f"{of[name] / max(length, 1):.4f}", *ratios])


if __name__ == "__main__":
    main()
