# SPDX-License-Identifier: GPL-2.0
"""The blocks of assembly, as the compiler hands them to the assembler.

They come from the LLVM IR of the host build of the same sources: macros are
expanded and constants filled in, and operands are numbers, whose names are in
the Rust source in the same order.
"""

import re
from collections import namedtuple

# Where each block is, and words of its text that no other has.
PLACES = {
    "scalar": ("scalar.rs", ["mulx"], []),
    "rows": ("vector/lanes.rs", ["vpinsrq"], ["vpermq"]),
    "lanes": ("vector/lanes.rs", ["vextracti128"], ["jae", "zmm"]),
    "table": ("vector/table.rs", ["vpinsrq", "vpermq"], []),
    "long": ("vector/long.rs", ["jae"], ["zmm"]),
    "wide": ("vector/wide.rs", ["jae", "zmm"], ["vpmadd52luq"]),
    "ifma": ("vector/ifma.rs", ["vpmadd52luq"], []),
}

Instruction = namedtuple("Instruction", "op args text")
Register = namedtuple("Register", "lanes number")
Memory = namedtuple("Memory", "register offset size broadcast")


class Unknown(Exception):
    """Something in the text that this does not understand."""


class Block:
    """A block: instructions, and where labels are."""

    def __init__(self, name, lines):
        self.name = name
        self.code = []
        self.labels = []
        for line in lines:
            if re.fullmatch(r"\d+:", line):
                self.labels.append((line[:-1], len(self.code)))
            elif not line.startswith(".p2align "):  # no instruction: a place for the next one
                self.code.append(instruction(line))

    def target(self, label, at):
        """Where a jump at an instruction goes."""
        number, way = label[:-1], label[-1]
        places = [place for name, place in self.labels if name == number]
        if way == "b":
            return max(place for place in places if place <= at)
        return min(place for place in places if place > at)

    def changed(self, change):
        """A copy with a change of its lines."""
        lines = []
        for at, one in enumerate(self.code):
            lines += [f"{name}:" for name, place in self.labels if place == at]
            lines.append(one.text)
        lines += [f"{name}:" for name, place in self.labels if place == len(self.code)]
        new = change(lines)
        if new == lines:
            raise Unknown(f"{self.name}: a fault changes nothing")
        return Block(self.name, new)


def instruction(line):
    """Takes a line apart."""
    op, _, rest = line.partition(" ")
    return Instruction(op, [operand(arg.strip()) for arg in rest.split(",")] if rest else [], line)


def number(text):
    """The value of a constant expression."""
    if not re.fullmatch(r"[-+*() 0-9a-fx]+", text):
        raise Unknown(f"not a number: {text}")
    return int(eval(text, {"__builtins__": {}}))


def operand(text):
    vector = re.fullmatch(r"([xyz])mm(\d+)", text)
    if vector:
        return Register({"x": 2, "y": 4, "z": 8}[vector[1]], int(vector[2]))
    memory = re.fullmatch(r"(?:([dq])word ptr )?\[(\w+:?\w*)(?: \+ (.*))?\](\{1to8\})?", text)
    if memory:
        size = {"d": 4, "q": 8, None: None}[memory[1]]
        return Memory(memory[2], number(memory[3] or "0"), size, memory[4] is not None)
    if re.match(r"[-0-9]", text) and not re.fullmatch(r"\d+[bf]", text):
        return number(text)
    # A label, or a general register, with a part of it after a colon.
    return text


def names(source):
    """The names of the general operands of a block, outputs and then inputs."""
    found = re.findall(r"(\w+) = (inout|in|out)\(reg\)", source)
    outputs = [name for name, way in found if way != "in"]
    return outputs, [name for name, way in found if way == "in"]


def fill(template, constraints, operands):
    """The lines of a template, with names for numbers."""
    outputs, inputs = (list(part) for part in operands)
    by_number = {}
    for place, constraint in enumerate(constraints.split(",")):
        if re.fullmatch(r"=&?r", constraint):
            by_number[str(place)] = outputs.pop(0)
        elif constraint == "r":
            by_number[str(place)] = inputs.pop(0)
    if outputs or inputs:
        raise Unknown(f"operands that are not there: {outputs} {inputs}")

    def name(match):
        part = {None: "", "q": ""}.get(match[2], ":" + (match[2] or ""))
        return by_number[match[1]] + part

    text = re.sub(r"\\([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), template)
    text = re.sub(r"\$\{(\d+)(?::(\w))?\}", name, text)
    text = text.replace("$$", "$")
    return [line.strip() for line in text.split("\n") if line.strip()]


def blocks(ir, sources):
    """All blocks by name. `sources` gives the text of a source file."""
    found = {}
    for match in re.finditer(r'\basm (?:[a-z]+ )*"([^"]*)", "([^"]*)"', ir):
        template, constraints = match[1], match[2]
        if template.startswith("/*") or not template:
            # What keeps the optimizer from looking into something.
            continue
        places = [
            name
            for name, (_, having, lacking) in PLACES.items()
            if all(word in template for word in having)
            and not any(word in template for word in lacking)
        ]
        if len(places) != 1:
            raise Unknown(f"a block that is none, or several, of those known: {places}")
        name = places[0]
        texts = re.findall(r"\basm!\((.*?)\n        \);", sources(PLACES[name][0]), re.S)
        text = [text for text in texts if (name == "rows") == ("put_row!" in text)]
        if len(text) != 1:
            raise Unknown(f"{name}: {len(text)} blocks in the source")
        lines = fill(template, constraints, names(text[0]))
        if found.setdefault(name, lines) != lines:
            raise Unknown(f"{name}: two forms of one block")
    missing = set(PLACES) - set(found)
    if missing:
        raise Unknown(f"no such block: {sorted(missing)}")
    return {name: Block(name, lines) for name, lines in found.items()}
