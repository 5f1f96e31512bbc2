#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What llvm-mca says of the loops of the vector code.

model_ports.py LIBRARY MCA OBJDUMP [FILE:FIRST-LAST:BYTES | OBJECT ...]: takes the loops out of the shared object
that cargo makes of bench/, writes out whole batches, and prints cycles per byte for some CPUs. More
loops to compare with are given as lines of assembly files, with the bytes that one round handles.
These are models: they know no cache misses, and not all of what a CPU does.

Of a library for arm64, these are the innermost loops that multiply, of vector code and of scalar
code. What one round handles is how far it moves a pointer or a length; where the loop around it
moves that by several rounds, it is a batch of so many. More loops to compare with are given as more
objects.
"""

import re
import subprocess
import sys

# By the number of the machine in an ELF header: what llvm-mca calls it, and CPUs.
MACHINES = {
    62: ("x86_64", ["skylake", "icelake-server", "sapphirerapids", "znver4"]),
    183: ("aarch64", ["neoverse-n1", "neoverse-v1", "neoverse-v2", "cortex-a72", "cortex-a55",
                      "cortex-a76", "apple-m1"]),
}
# Function, rounds of the inner loop in a full batch, bytes of a batch.
LOOPS = {
    "avx2::short": (0, 128),
    "avx2::long": (8, 8 * 128),
    "avx512ifma::short": (1, 2 * 64),
    "avx512ifma::long": (7, 8 * 128),
}
ROUNDS = 100
# What the kernel's functions are called elsewhere.
KERNEL = {"poly1305_blocks_neon": "kernel-neon", "poly1305_blocks_arm64": "kernel-scalar"}
# A loop that multiplies less often than once for each limb does so for something else.
FEWEST = 4


def machine(path):
    """What llvm-mca calls an object's machine, and CPUs."""
    with open(path, "rb") as file:
        number = int.from_bytes(file.read(20)[18:], "little")
    if number not in MACHINES:
        raise SystemExit(f"error: {path} is an object for machine {number}, which is not known here")
    return MACHINES[number]


def instructions(library, objdump):
    """The instructions of each function of vector code for x86-64: address and text."""
    text = subprocess.run(
        [objdump, "-d", "--no-show-raw-insn", "--demangle", "-M", "intel", library],
        capture_output=True, text=True, check=True,
    ).stdout
    functions, name = {}, None
    for line in text.splitlines():
        if line.endswith(">:"):
            head = re.match(r"[0-9a-f]+ <.*\b(avx\w+::(short|long))\b", line)
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
    multiplies = [text.startswith(("vpmul", "vpmadd")) for _, text in code]
    loops = [
        (places[to], at)
        for at, (address, text) in enumerate(code)
        if (to := jump(text)) is not None and to in places and places[to] <= at
        if any(multiplies[places[to]:at])
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


def arm64_functions(path, objdump):
    """The instructions of each function of an object for arm64: address and text."""
    text = subprocess.run(
        [objdump, "-d", "--no-show-raw-insn", "--demangle", path],
        capture_output=True, text=True, check=True,
    ).stdout
    functions, code = {}, []
    for line in text.splitlines():
        if head := re.match(r"[0-9a-f]+ <(.*)>:$", line):
            code = functions.setdefault(head.group(1), [])
        elif one := re.match(r"\s*([0-9a-f]+):\s+(.+)", line):
            code.append((int(one.group(1), 16), one.group(2).split("<")[0].strip()))
    return functions


def arm64_jump(text):
    """Where a conditional jump goes."""
    one = re.match(r"(?:b\.\w+|cbn?z|tbn?z)\s.*0x([0-9a-f]+)$", text)
    return int(one.group(1), 16) if one else None


def arm64_loops(code):
    """The innermost loops of a function, and each with what is before and after it in the loop around."""
    places = {address: i for i, (address, _) in enumerate(code)}
    loops = sorted(
        ((places[to], at)
         for at, (_, text) in enumerate(code)
         if (to := arm64_jump(text)) in places and places[to] <= at),
        key=lambda loop: loop[1] - loop[0],
    )
    # There is no model of branches.
    text = ["nop" if arm64_jump(one) else one for _, one in code]
    for begin, end in loops:
        if not any(begin <= b and e <= end and (b, e) != (begin, end) for b, e in loops):
            around = [loop for loop in loops if loop[0] < begin and end < loop[1]]
            first, last = around[0] if around else (begin, end)
            yield text[first:begin], text[begin:end + 1], text[end + 1:last + 1]


def moved(body):
    """The bytes that a round handles: the most that it moves any pointer or length by itself, or else
    what it loads from all pointers that loads move."""
    by, loads = {}, {}
    for text in body:
        one = re.match(r"(?:add|sub)s?\s+(x\d+), \1, #0x([0-9a-f]+)$", text)
        load = (
            re.match(r"ld.*\[(x\d+)\], #0x([0-9a-f]+)$", text)
            or re.match(r"ld.*\[(x\d+), #0x([0-9a-f]+)\]!$", text)
        )
        for found, sums in ((one, by), (load, loads)):
            if found:
                sums[found.group(1)] = sums.get(found.group(1), 0) + int(found.group(2), 16)
    most = max((n for n in by.values() if n % 16 == 0), default=0)
    return most or sum(n for n in loads.values() if n % 16 == 0)


def arm64_name(function):
    """What to call the loop of a function: an implementation if that is known."""
    if function in KERNEL:
        return KERNEL[function]
    # Rust's names end in, or contain, numbers that tell crates from others of that name.
    path = re.sub(r"\[[0-9a-f]+\]|::h[0-9a-f]{16}$", "", function).split("::")
    return "::".join(path[-2:]).removeprefix("lib_poly1305_").replace("_", "-")


def arm64_rows(path, objdump):
    """The loops of an object for arm64: name, instructions and bytes of a round."""
    rows, kinds = [], []
    for function, code in arm64_functions(path, objdump).items():
        for before, loop, after in arm64_loops(code):
            vector = sum(bool(re.match(r"um(la|ul)l2?\s+v", text)) for text in loop)
            scalar = sum(text.startswith("umulh") for text in loop)
            size, batch_size = moved(loop), moved(before + after)
            if max(vector, scalar) < FEWEST or not size:
                continue
            # A loop around it that moves on by several rounds is of batches.
            if batch_size > size and batch_size % size == 0:
                loop = before + loop * (batch_size // size) + after
                size = batch_size
            name = f"{arm64_name(function)}, {size} bytes"
            # The same code in several places differs in registers.
            kind = (name, [text.split()[0] for text in loop])
            if kind not in kinds:
                kinds.append(kind)
                rows.append((name, loop, size))
    if not rows:
        raise SystemExit(f"error: no loop that multiplies found in {path}: the compiler's output has changed")
    return rows


def cycles(mca, triple, cpu, lines):
    """Cycles of one round."""
    run = subprocess.run(
        [mca, f"-mtriple={triple}", f"-mcpu={cpu}", f"-iterations={ROUNDS}", "-"],
        input="\n".join(lines), capture_output=True, text=True, check=False,
    )
    found = re.search(r"Total Cycles:\s+(\d+)", run.stdout)
    if not found:
        raise SystemExit(f"error: llvm-mca does not take the loop: {run.stderr.strip()[:200]}")
    return int(found.group(1)) / ROUNDS


def x86_rows(library, objdump, others):
    """The loops of a library for x86-64 and of lines of files: name, instructions and bytes."""
    functions = instructions(library, objdump)
    rows = []
    for name, (rounds, size) in LOOPS.items():
        if name not in functions:
            print(f"{name}: in line elsewhere, so not modelled", file=sys.stderr)
            continue
        rows.append((name, [".intel_syntax noprefix", *batch(functions[name], rounds)], size))
    for other in others:
        path, part, size = other.rsplit(":", 2)
        first, last = (int(n) for n in part.split("-"))
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()[first - 1:last]
        lines = [line for line in lines if not re.match(r"\s*(\.|j)", line)]
        rows.append((f"{path.rsplit('/', 1)[-1]}:{part}", lines, int(size)))
    return rows


def main():
    """Prints the table."""
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    library, mca, objdump, *others = sys.argv[1:]
    triple, cpus = machine(library)
    if triple == "aarch64":
        rows = [row for path in [library, *others] for row in arm64_rows(path, objdump)]
    else:
        rows = x86_rows(library, objdump, others)
    print(f"{'cycles per byte':<24}" + "".join(f"{cpu:>16}" for cpu in cpus))
    for name, lines, size in rows:
        values = []
        for cpu in cpus:
            wide = any("zmm" in line or "vpmadd52" in line for line in lines)
            known = not (wide and cpu == "skylake")
            values.append(f"{cycles(mca, triple, cpu, lines) / size:16.3f}" if known else f"{'-':>16}")
        print(f"{name:<24}" + "".join(values))


if __name__ == "__main__":
    main()
