#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""vectors.py MODULE OTHER... <ROWS: looks at vector code in built modules for x86-64.

ROWS are those of the table of implementations, as tests/host/implementations.rs prints them.

In MODULE, which has the implementations:

- vector registers are used only by what an implementation gets to, by calls and jumps from the
  function that the library calls, and by nothing that is written in C;
- an implementation gets to no instruction that the CPU need not have: the GNU assembler takes all
  of them again, with the features on that the implementation looks for, and no other (LLVM's
  takes every instruction of x86-64 always);
- each implementation gets to the instruction that it multiplies by, with its registers.

The OTHER modules use no vector register, but for a test that is a caller with some.

LLVM_TOOL_SUFFIX in the environment is that of the LLVM tools, such as -19.
"""

import os
import platform
import re
import shutil
import subprocess
import sys

SUFFIX = os.environ.get("LLVM_TOOL_SUFFIX", "")
ASSEMBLER = "as" if platform.machine() == "x86_64" else "x86_64-linux-gnu-as"

VECTOR = re.compile(r"%[xyz]mm")
# Names of scalar instructions that not every CPU has, and of those for mask registers. (tzcnt is
# bsf where there is none, and compilers use it where that does as well.)
EXTENDED = re.compile(r"mulx|ad[co]x|rorx|sarx|sh[lr]x|pdep|pext|bzhi|andn|bls|lzcnt|k")
# Functions of tests that move registers between a caller and memory, or look at them.
MOVES = ("lib_poly1305_kunit_in_section", "put_registers", "get_registers")
problems = []


def output(command):
    """What a program prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Instruction:
    """One instruction: what it is, and where it may go to that is known."""

    def __init__(self, place, text):
        self.place = place  # section and address
        self.text = text
        self.name = text.split()[0]
        self.relocation = None
        found = re.match(r"\S+\s+0x([0-9a-f]+)", text)
        self.address = int(found[1], 16) if found else None

    def is_vector(self):
        return bool(VECTOR.search(self.text))

    def target(self, symbols):
        """The place that a jump or a call goes to, if it is in this module."""
        if self.relocation is None:
            return None if self.address is None else (self.place[0], self.address)
        name, _, offset = self.relocation.partition("+")
        if name in symbols:
            return symbols[name]
        if name.startswith("."):
            return (name, int(offset, 16) + 4) if offset else (name, 4)
        return None


class Module:
    """The code of a module: functions by name, and places of symbols."""

    def __init__(self, path):
        self.functions = {}
        self.symbols = {}
        section = function = None
        command = [f"llvm-objdump{SUFFIX}", "-d", "-r", "--no-show-raw-insn", path]
        for line in output(command).splitlines():
            if line.startswith("Disassembly of section"):
                section = line.split()[-1].rstrip(":")
            elif found := re.match(r"([0-9a-f]+) <(.*)>:$", line):
                if not found[2].startswith(".L"):
                    function = self.functions[found[2]] = []
                    self.symbols[found[2]] = (section, int(found[1], 16))
            elif found := re.match(r"\s+[0-9a-f]+:\s+R_X86_64_\w+\s+(\S+?)(-0x4)?$", line):
                function[-1].relocation = found[1]
            elif found := re.match(r"\s*([0-9a-f]+):\s+(.+?)\s*(#.*)?$", line):
                function.append(Instruction((section, int(found[1], 16)), found[2]))
        self.at = {i.place: name for name, body in self.functions.items() for i in body}

    def reached(self, name):
        """The functions that one gets to, with itself."""
        names, new = set(), {name}
        while new:
            name = new.pop()
            names.add(name)
            for i in self.functions[name]:
                if i.name.startswith(("call", "j")):
                    called = self.at.get(i.target(self.symbols))
                    if called is not None and called not in names:
                        new.add(called)
        return names


def plain(name):
    """A name as it is written in the source."""
    return output([f"llvm-cxxfilt{SUFFIX}", name]).strip()


def check_features(implementation, features, needed, instructions):
    """Whether the assembler takes the instructions with an implementation's features."""
    texts = sorted({i.text for i in instructions if i.is_vector() or EXTENDED.match(i.name)})
    if not any(re.search(needed, text) for text in texts):
        problems.append(f"{implementation} has no instruction like {needed}")
    if shutil.which(ASSEMBLER) is None:
        print(f"skipped: there is no {ASSEMBLER} to say what CPU instructions of {implementation} need")
        return len(texts)
    command = [ASSEMBLER, "--64", f"-march=generic64+{features}", "-o", os.devnull]
    result = subprocess.run(command, input="\n".join(texts) + "\n", capture_output=True, text=True)
    errors = re.findall(r"^\{standard input\}:(\d+): Error: (.*)", result.stderr, re.M)
    for line, reason in errors:
        problems.append(f"{implementation} gets to '{texts[int(line) - 1]}': {reason}")
    if result.returncode and not errors:
        sys.exit(f"error: {ASSEMBLER} does not assemble what {implementation} gets to: {result.stderr}")
    return len(texts)


def check_module(path):
    """All checks of the module with the implementations."""
    module = Module(path)
    allowed = set()
    for row in sys.stdin:
        implementation, kind, _, _, registers, multiplies, features = row.split()
        needed = multiplies if registers == "general" else f"{multiplies}.*%{registers}"
        word = f"{len(kind)}{kind}"
        roots = [n for n in module.functions if n.startswith("_R") and "8provider6blocks" in n and word in n]
        if len(roots) != 1:
            sys.exit(f"error: {len(roots)} functions of {implementation} that the library calls")
        reached = module.reached(roots[0])
        instructions = [i for name in reached for i in module.functions[name]]
        count = check_features(implementation, features, needed, instructions)
        print(f"{implementation}: {count} special instructions, in {len(reached)} functions")
        allowed |= {name for name in reached if name.startswith("_R")}
    for name, body in module.functions.items():
        if name not in allowed and any(i.is_vector() for i in body):
            problems.append(f"{plain(name)} uses vector registers and belongs to no implementation")


def check_other(path):
    """A module without implementations."""
    module = Module(path)
    for name, body in module.functions.items():
        for i in body:
            if i.is_vector() and not (name in MOVES and i.name == "movdqu"):
                problems.append(f"{os.path.basename(path)}: {plain(name)} has '{i.text}'")
    if not module.functions:
        problems.append(f"{path} has no code")


def main():
    check_module(sys.argv[1])
    for path in sys.argv[2:]:
        check_other(path)
    for problem in problems:
        print(f"vector code: {problem}")
    if problems:
        sys.exit("error: vector code is where it must not be, or not as it must be")
    print(f"no vector registers in {len(sys.argv) - 2} other modules")


main()
