# SPDX-License-Identifier: GPL-2.0
"""Compares capstone's reading of an object's functions with llvm-objdump's."""

import os
import re
import subprocess

ALIASES = {"b.hs": "b.cs", "b.lo": "b.cc"}


def plain(text):
    """An instruction in the spelling that both have."""
    text = re.sub(r"\{vex\}|#(?=-?\d)|<[^>]*>|//.*|# .*|\b(?:[xyz]mm|q|d|)word ptr|\bbyte ptr", "", text.lower().replace("\t", " "))
    mnemonic, _, rest = text.strip().partition(" ")
    rest = re.sub(r"-?0x[0-9a-f]+", lambda m: str(int(m[0], 16)), rest).replace(" ", "")
    # A scale before or after its register; a negative number, or what it is modulo 2^64 or 2^8.
    rest = re.sub(r"(\d)\*(r[a-z0-9]+)", r"\2*\1", rest)
    size = 256 if re.match(r"[a-d]l,|[sd]il,|r\d+b,", rest) else 1 << 64
    rest = re.sub(r"(?<![\w\]])-\d+", lambda m: str(int(m[0]) % size), rest)
    if mnemonic.startswith("sh"):
        rest = re.sub(r",1$", "", rest)
    rest = rest.replace("es:", "")
    return f"{ALIASES.get(mnemonic, mnemonic)} {rest}"


def differences(obj, path):
    """Instructions of functions that the two read differently: (address, capstone's, llvm-objdump's), and how many there are."""
    tool = "llvm-objdump" + os.environ.get("LLVM_TOOL_SUFFIX", "-19")
    command = [tool, "--disassemble", "--no-show-raw-insn", "--section=.text", path]
    out = subprocess.run(command + (["-M", "intel"] if obj.x86 else []), check=True, capture_output=True, text=True).stdout
    other = dict(re.findall(r"^ *([0-9a-f]+):\s+(.*)$", out, re.M))
    found = []
    for address in obj.names.values():
        obj.function(address)
    for address, instruction in sorted(obj.code.items()):
        mine, theirs = plain(f"{instruction.mnemonic} {instruction.op_str}"), plain(other.get(f"{address:x}", ""))
        if mine != theirs:
            found.append((f"{address:#x}", mine, theirs))
    return found, len(obj.code)
