# SPDX-License-Identifier: GPL-2.0
"""The blocks of assembly for arm64, and what operands look like there."""

import re
from collections import namedtuple

from blocks import Memory, Place, Unknown, number

PLACES = {
    "chain": Place("scalar.rs", ["umulh"], ["mov "], "inout(reg) middle"),
    "chains": Place("scalar.rs", ["umulh", "mov "], [], "{other}"),
    "table": Place("table.rs", ["ld4 "], [], ""),
    "batches": Place("neon.rs", ["addp "], [], "cbnz"),
}

# `count` lanes of `width` bits, from the lowest one on; or only the one at `index`.
Vector = namedtuple("Vector", "number count width index")
# How another operand is shifted.
Shift = namedtuple("Shift", "way bits")

WIDTHS = {"b": 8, "s": 32, "d": 64, "q": 128}


def operand(text):
    vector = re.fullmatch(r"v(\d+)\.(\d*)([bsd])(?:\[(\d)\])?", text)
    if vector:
        index = None if vector[4] is None else int(vector[4])
        return Vector(int(vector[1]), int(vector[2] or 1), WIDTHS[vector[3]], index)
    scalar = re.fullmatch(r"([dq])(\d+)", text)
    if scalar:
        return Vector(int(scalar[2]), 1, WIDTHS[scalar[1]], None)
    if text.startswith("{"):
        return [operand(part.strip()) for part in text.strip("{}").split(",")]
    memory = re.fullmatch(r"\[(\w+)(?:, #(.*))?\]", text)
    if memory:
        return Memory(memory[1], number(memory[2] or "0"), None, False)
    shift = re.fullmatch(r"(ls[lr]) #(\d+)", text)
    if shift:
        return Shift(shift[1], int(shift[2]))
    if re.match(r"#|\d+$", text):
        return number(text.lstrip("#"))
    if not re.fullmatch(r"\w+", text):
        raise Unknown(f"an operand that this does not know: {text}")
    # A label, or a general register.
    return text
