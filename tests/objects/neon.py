#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""neon.py MODULE OTHER... <ROWS: looks at built modules for arm64.

ROWS are those of the table of implementations, as tests/host/implementations.rs prints them.

In MODULE, which has the implementations:

- vector registers are used only by the functions of arch_arm64/neon.rs, and C only keeps the
  caller's;
- their instructions are those of every CPU with Advanced SIMD, and what implementations multiply by
  is among them.

The OTHER modules use no vector register, but for a test that is a caller with some. In all of them
every function whose address is used otherwise than to call it begins with a place that indirect
calls may go to, and every function signs its return address if it keeps that in memory: what
kernels with CONFIG_ARM64_BTI_KERNEL and CONFIG_ARM64_PTR_AUTH_KERNEL ask for, as the test kernel
does.

LLVM_TOOL_SUFFIX in the environment is that of the LLVM tools, such as -19.
"""

import os
import re
import subprocess
import sys

SUFFIX = os.environ.get("LLVM_TOOL_SUFFIX", "")
VECTOR = re.compile(r"\b(?:v\d+\.\w+|[qdshb]\d+|z\d+\.\w+|p\d+/\w)\b")
# Advanced SIMD of the first version of the architecture, as far as it is used here.
BASELINE = set(
    "add addp and fmov ld4 ldp ldr mla mov movi mul mvni shl sli st4 stp str uaddlv umlal umlal2"
    " umull umull2 ushll ushll2 ushr usra uzp1".split()
)
# What functions in C have, which move registers between a caller and memory.
MOVES = {
    "lib_poly1305_arm64_neon_begin": {"st1"},
    "lib_poly1305_arm64_neon_end": {"ld1"},
    "lib_poly1305_kunit_in_section": {"ldr", "str"},
    "put_registers": {"ldr"},
    "get_registers": {"str"},
}
problems = []


def output(tool, *arguments):
    """What one of the LLVM tools prints."""
    command = [f"llvm-{tool}{SUFFIX}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def functions(module):
    """The instructions of each function, by name, section and address."""
    found, section, code = {}, "", []
    for line in output("objdump", "-d", "--no-show-raw-insn", module).splitlines():
        if head := re.match(r"Disassembly of section (.+):$", line):
            section = head[1]
        elif head := re.match(r"([0-9a-f]+) <(.+)>:$", line):
            code = found.setdefault((head[2], section, int(head[1], 16)), [])
        elif (one := re.match(r"\s*[0-9a-f]+:\s+(.+)", line)) and ".word" not in line:
            # Words of data are there before functions: indirect calls are checked by them.
            code.append(one[1].split("//")[0].split("<")[0].strip())
    return found


def addresses(module):
    """What is used otherwise than to call it: names, and places as in ".text + 1f0"."""
    taken = set()
    for line in output("readelf", "-r", "-W", module).splitlines():
        one = re.search(r"(R_AARCH64_\w+)\s+[0-9a-f]+\s+(\S+) \+ ([0-9a-f]+)$", line)
        if one and one[1] not in ("R_AARCH64_CALL26", "R_AARCH64_JUMP26"):
            taken.add(one[2] if one[3] == "0" else f"{one[2]} + {one[3]}")
    return taken


def check_function(module, place, code, taken):
    """Landing pads and return addresses."""
    name, section, address = place
    instructions = [one for one in code if one != "nop"]
    if not instructions:
        return
    pad = re.match(r"paciasp|bti\s+(?:c|jc)$", instructions[0])
    if not pad and taken & {name, f"{section} + {address:x}"}:
        problems.append(f"{module}: {name} begins with '{instructions[0]}': no landing pad")
    keeps = any(re.match(r"st[rp]\s.*\bx30\b", one) for one in code)
    signed = "paciasp" in code and ("autiasp" in code or "ret" not in code)
    if keeps and not signed:
        problems.append(f"{module}: {name} keeps its return address unsigned")


def check_vectors(module, name, code, may):
    """What a function does with vector registers. Returns the instructions."""
    places = [i for i, one in enumerate(code) if VECTOR.search(one)]
    if not places:
        return set()
    if name in MOVES and {code[i].split()[0] for i in places} <= MOVES[name]:
        return set()
    if not may:
        problems.append(f"{module}: {name} has '{code[places[0]]}'")
    used = {code[i].split()[0] for i in places}
    if used - BASELINE:
        problems.append(f"{module}: {name} has instructions that are not looked for: {used - BASELINE}")
    return used


def main():
    module, *others = sys.argv[1:]
    used, count = set(), 0
    for path in (module, *others):
        base, taken = os.path.basename(path), addresses(path)
        for place, code in functions(path).items():
            count += 1
            check_function(base, place, code, taken)
            # A path in Rust's names has each name after its length: this is a function in neon.rs.
            may = path == module and re.search(r"4neon[1-9]", place[0])
            used |= check_vectors(base, place[0], code, may)
    for row in sys.stdin:
        implementation, _, _, _, registers, multiplies, *_ = row.split()
        if registers == "neon" and multiplies not in used:
            problems.append(f"{implementation} has no {multiplies}")
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(f"vector registers in neon.rs only, landing pads and signed returns in {count} functions")


main()
