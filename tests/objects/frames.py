#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""frames.py MODULE...: how much stack each function of built modules takes.

The kernel warns of frames above CONFIG_FRAME_WARN bytes, but only those of C: rustc does not look.
What counts is what a function takes off the stack pointer, with the registers that it saves, as it
does for the kernel's warning; not what an alignment may lose.

LLVM_TOOL_SUFFIX in the environment is that of the LLVM tools, such as -19.
"""

import os
import re
import subprocess
import sys

SUFFIX = os.environ.get("LLVM_TOOL_SUFFIX", "")
# CONFIG_FRAME_WARN of 64-bit kernels.
LIMIT = 2048
# What a short call takes of the stack must not be what a long one needs.
SHORT = 256
ENTRIES = re.compile(r"lib_poly1305_(pin_)?(init|update|final|mac|verify)$")

NUMBER = r"[$#](-?0x[0-9a-f]+|-?\d+)"
# An instruction, and how many bytes it takes.
STEPS = [
    # x86-64
    (re.compile(r"pushq"), lambda m: 8),
    (re.compile(r"popq"), lambda m: -8),
    (re.compile(rf"subq\s+{NUMBER}, %rsp"), lambda m: int(m[1], 0)),
    (re.compile(rf"addq\s+{NUMBER}, %rsp"), lambda m: -int(m[1], 0)),
    # arm64
    (re.compile(rf"st[rp]\s.*\[sp, {NUMBER}\]!$"), lambda m: -int(m[1], 0)),
    (re.compile(rf"ld[rp]\s.*\[sp\], {NUMBER}$"), lambda m: -int(m[1], 0)),
    (re.compile(rf"sub\s+(?:sp|x\d+), sp, {NUMBER}(, lsl #12)?$"),
     lambda m: int(m[1], 0) << (12 if m[2] else 0)),
    (re.compile(rf"add\s+sp, sp, {NUMBER}(, lsl #12)?$"),
     lambda m: -(int(m[1], 0) << (12 if m[2] else 0))),
]


def frames(path):
    """The functions of a module, with what each takes at most."""
    command = [f"llvm-objdump{SUFFIX}", "-d", "--no-show-raw-insn", path]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {}
    name = None
    depth = 0
    for line in text.splitlines():
        if label := re.match(r"[0-9a-f]+ <(.*)>:$", line):
            if not label[1].startswith((".L", "$")):
                name, depth = label[1], 0
                found[name] = 0
            continue
        instruction = re.match(r"\s*[0-9a-f]+:\s+(.+?)\s*(?:(?:# |// |<).*)?$", line)
        if not instruction or name is None:
            continue
        if instruction[1].startswith("ret"):
            depth = 0
        for pattern, size in STEPS:
            if match := pattern.match(instruction[1]):
                depth = max(0, depth + size(match))
                found[name] = max(found[name], depth)
                break
    return found


def main():
    problems = []
    largest = (0, "nothing")
    entries = {}
    for path in sys.argv[1:]:
        for name, size in frames(path).items():
            where = f"{os.path.basename(path)}: {name}"
            largest = max(largest, (size, where))
            if size > LIMIT:
                problems.append(f"{where} takes {size} bytes, and may take {LIMIT}")
            if ENTRIES.match(name):
                entries[name] = size
                if size > SHORT:
                    problems.append(f"{where} takes {size} bytes also for short messages: at most {SHORT}")
    for problem in problems:
        print(f"frames: {problem}")
    if problems:
        sys.exit("error: frames are too large")
    if not entries:
        sys.exit("error: no entry point of the library among the functions")
    print(f"frames: {largest[0]} bytes at most, in {largest[1]}")


if __name__ == "__main__":
    main()
