# SPDX-License-Identifier: GPL-2.0
"""The blocks of assembly, as the compiler hands them to the assembler.

They come from the LLVM IR of a build of the same sources as a program: macros
are expanded and constants filled in, and operands are numbers, whose names are
in the Rust source in the same order.
"""

import re
from collections import namedtuple

# Where a block is: the file, words that the text given to the assembler has, words that it lacks,
# and one that no other block in the file has in the source.
Place = namedtuple("Place", "file having lacking mark")

PLACES = {
    "bmi2": Place("bmi2.rs", ["mulx"], [], ""),
    "rows": Place("table.rs", ["vpinsrq"], ["vpermq"], "put_row!"),
    "short": Place("avx2.rs", ["vextracti128"], ["jae", "zmm"], "wipe!"),
    "table": Place("table.rs", ["vpinsrq", "vpermq"], [], "put_powers!"),
    "long": Place("avx2.rs", ["jae"], ["zmm"], "finish_streams!"),
    "avx512": Place("avx512.rs", ["jae", "zmm"], ["vpmadd52luq"], ""),
    "avx512ifma": Place("avx512ifma.rs", ["vpmadd52luq"], [], ""),
}
# What begins a line that is no instruction, but says something of those after it.
DIRECTIVES = (".p2align ", ".arch_extension ")

Instruction = namedtuple("Instruction", "op args text")
Register = namedtuple("Register", "lanes number")
Memory = namedtuple("Memory", "register offset size broadcast")


class Unknown(Exception):
    """Something in the text that this does not understand."""


class Block:
    """A block: instructions, and where labels are."""

    def __init__(self, name, lines, operand):
        self.name = name
        self.operand = operand
        self.code = []
        self.labels = []
        for line in lines:
            if re.fullmatch(r"\d+:", line):
                self.labels.append((line[:-1], len(self.code)))
            elif not line.startswith(DIRECTIVES):
                self.code.append(instruction(line, operand))

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
        return Block(self.name, new, self.operand)


def instruction(line, operand):
    """Takes a line apart, at commas that are not inside brackets."""
    op, _, rest = line.partition(" ")
    args = re.findall(r"(?:[^,{[]|{[^}]*}|\[[^]]*\])+", rest)
    return Instruction(op, [operand(arg.strip()) for arg in args], line)


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


def blocks(ir, source, places, operand):
    """All blocks by name: `source` gives the text of a file, `operand` takes an operand apart."""
    found = {}
    for match in re.finditer(r'\basm (?:[a-z]+ )*"([^"]*)", "([^"]*)"', ir):
        template, constraints = match[1], match[2]
        if template.startswith("/*") or not template:
            # What keeps the optimizer from looking into something.
            continue
        names_of_it = [
            name
            for name, place in places.items()
            if all(word in template for word in place.having)
            and not any(word in template for word in place.lacking)
        ]
        if len(names_of_it) != 1:
            raise Unknown(f"a block that is none, or several, of those known: {names_of_it}")
        name = names_of_it[0]
        place = places[name]
        texts = re.findall(r"\basm!\((.*?)\n +\);", source(place.file), re.S)
        text = [text for text in texts if place.mark in text]
        if len(text) != 1:
            raise Unknown(f"{name}: {len(text)} blocks in the source")
        lines = fill(template, constraints, names(text[0]))
        if found.setdefault(name, lines) != lines:
            raise Unknown(f"{name}: two forms of one block")
    missing = set(places) - set(found)
    if missing:
        raise Unknown(f"no such block: {sorted(missing)}")
    return {name: Block(name, lines, operand) for name, lines in found.items()}
