#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What llvm-mca says of the loops of the vector code.

model.py LIBRARY MCA OBJDUMP [FILE:FIRST-LAST:BYTES ...]: takes the loops out of the shared object
that cargo makes of bench/, writes out whole batches, and prints cycles per byte for some CPUs. More
loops to compare with are given as lines of assembly files, with the bytes that one round handles.
These are models: they know no cache misses, and not all of what a CPU does.
"""

import re
import subprocess
import sys

CPUS = ["skylake", "icelake-server", "sapphirerapids", "znver4"]
# Function, rounds of the inner loop in a full batch, bytes of a batch.
LOOPS = {
    "lanes": (0, 128),
    "long": (8, 8 * 128),
    "wide": (8, 8 * 128),
    "ifma": (7, 8 * 128),
}
ROUNDS = 100


def instructions(library, objdump):
    """The instructions of each function of vector code: address and text."""
    text = subprocess.run(
        [objdump, "-d", "--no-show-raw-insn", "--demangle", "-M", "intel", library],
        capture_output=True, text=True, check=True,
    ).stdout
    functions, name = {}, None
    for line in text.splitlines():
        if line.endswith(">:"):
            head = re.match(r"[0-9a-f]+ <.*vector::(\w+)::absorb", line)
            name = head.group(1) if head else None
            if name:
                functions[name] = []
        elif name and (one := re.match(r"\s*([0-9a-f]+):\s+(.+)", line)):
            functions[name].append((int(one.group(1), 16), one.group(2).split("#")[0].strip()))
    return functions


def jump(text):
    """Where a conditional jump goes."""
    one = re.match(r"j(?!mp)\w+\s+(?:0x)?([0-9a-f]+)", text)
    return int(one.group(1), 16) if one else None


def batch(code, rounds):
    """The instructions of a batch: the loop around the innermost one, which is unrolled."""
    places = {address: i for i, (address, _) in enumerate(code)}
    vector = [any(r in text for r in ("ymm", "zmm")) for _, text in code]
    loops = [
        (places[to], at)
        for at, (address, text) in enumerate(code)
        if (to := jump(text)) is not None and to in places and places[to] <= at
        if any(vector[places[to]:at])
    ]
    if not loops:
        raise SystemExit("error: no loop of vector code found: the compiler's output has changed")
    text = [one for _, one in code]
    loops.sort(key=lambda loop: loop[1] - loop[0])
    begin, end = loops[0]
    if not rounds:
        body = text[begin:end + 1]
    else:
        first, last = next(loop for loop in loops if loop[0] < begin and end < loop[1])
        body = text[first:begin] + text[begin:end + 1] * rounds + text[end + 1:last + 1]
    # What decides where the loop goes on is left to the model of branches that it does not have.
    return [re.sub(r"^j\w+\s.*", "nop", line) for line in body]


def cycles(mca, cpu, lines):
    """Cycles of one round."""
    run = subprocess.run(
        [mca, "-mtriple=x86_64", f"-mcpu={cpu}", f"-iterations={ROUNDS}", "-"],
        input="\n".join(lines), capture_output=True, text=True, check=False,
    )
    found = re.search(r"Total Cycles:\s+(\d+)", run.stdout)
    if not found:
        raise SystemExit(f"error: llvm-mca does not take the loop: {run.stderr.strip()[:200]}")
    return int(found.group(1)) / ROUNDS


def main():
    """Prints the table."""
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    library, mca, objdump, *others = sys.argv[1:]
    functions = instructions(library, objdump)
    rows = []
    for name, (rounds, size) in LOOPS.items():
        source = name if name in functions else None
        if not source:
            print(f"{name}: in line elsewhere, so not modelled", file=sys.stderr)
            continue
        rows.append((name, [".intel_syntax noprefix", *batch(functions[source], rounds)], size))
    for other in others:
        path, part, size = other.rsplit(":", 2)
        first, last = (int(n) for n in part.split("-"))
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()[first - 1:last]
        lines = [line for line in lines if not re.match(r"\s*(\.|j)", line)]
        rows.append((f"{path.rsplit('/', 1)[-1]}:{part}", lines, int(size)))
    print(f"{'cycles per byte':<24}" + "".join(f"{cpu:>16}" for cpu in CPUS))
    for name, lines, size in rows:
        values = []
        for cpu in CPUS:
            wide = any("zmm" in line or "vpmadd52" in line for line in lines)
            known = not (wide and cpu == "skylake")
            values.append(f"{cycles(mca, cpu, lines) / size:16.3f}" if known else f"{'-':>16}")
        print(f"{name:<24}" + "".join(values))


if __name__ == "__main__":
    main()
