# SPDX-License-Identifier: GPL-2.0
"""Whether a block writes only the registers that its operands declare as written.

Both are in the IR: instructions with numbers for operands, and the list of
operands and clobbers. What an instruction writes is in the tables here, and one
that they do not have is a fault.
"""

import re

from domains import Fault, need

ASM = re.compile(r'\basm (?:[a-z]+ )*"([^"]*)", "([^"]*)"')


class Syntax:
    """What an architecture's instructions write."""

    def __init__(self, flags, none, two, setting, register):
        self.flags = flags
        # Instructions that write none of their operands, and that write the first two.
        self.none, self.two = set(none.split()), set(two.split())
        # Those that write the first one and the flags, and those that write it alone.
        self.setting, self.plain = (set(names.split()) for names in setting)
        # The name that constraints have for a register.
        self.register = register

    def knows(self, op):
        return op in self.none | self.two | self.setting | self.plain


def x86_register(name):
    if vector := re.fullmatch(r"[xyz]mm(\d+)", name):
        return f"xmm{vector[1]}"
    if general := re.fullmatch(r"[er]?([abcd]x|[sd]i|[sb]p)|(r\d+)[dwb]?", name):
        return general[1] or general[2]
    return name if re.fullmatch(r"k\d", name) else None


def arm64_register(name):
    if vector := re.fullmatch(r"[vqdshb](\d+)(\..*)?", name):
        return f"q{vector[1]}"
    if general := re.fullmatch(r"[xw](\d+|zr)", name):
        return None if general[1] == "zr" else f"x{general[1]}"
    return None


SYNTAX = {
    "x86": Syntax(
        "flags",
        "cmp test jae jb je jne jnz jz vzeroupper",
        "mulx",
        (
            "adc add and dec imul inc shr sub xor",
            "lea mov vextracti128 vextracti64x4 vinserti128 vmovdqa vmovdqa64 vmovdqu vmovdqu64"
            " vmovq vpaddq vpand vpandq vpbroadcastd vpbroadcastq vpcmpeqd vpermq vpinsrq"
            " vpmadd52huq vpmadd52luq vpmovzxbq vpmuludq vpor vporq vpsllq vpsrlq vpternlogq"
            " vpunpckhqdq vpunpcklqdq vpxor vpxorq",
        ),
        x86_register,
    ),
    "arm64": Syntax(
        "cc",
        "cmp b.ne cbnz st4 stp str",
        "ldp",
        (
            "adcs adds",
            "adc add addp and fmov ld4 ldr lsl lsr madd mla mov movi mul mvni shl sli uaddlv umlal"
            " umlal2 umulh umull umull2 ushll ushll2 ushr usra uzp1",
        ),
        arm64_register,
    ),
}
# Which set the flags and write nothing else.
COMPARISONS = ("cmp", "test")


def written(line, syntax):
    """The operands that an instruction writes: registers, numbers of operands, or the flags."""
    op, _, rest = line.partition(" ")
    need(syntax.knows(op), f"what '{line}' writes is not known")
    args = [arg.strip() for arg in re.findall(r"(?:\$\{[^}]*}|[^,{[]|{[^}]*}|\[[^]]*\])+", rest)]
    count = 0 if op in syntax.none else 2 if op in syntax.two else 1
    targets = []
    for arg in args[:count]:
        # A list of registers. What is in memory is no register.
        found = re.findall(r"v\d+", arg) if re.match(r"{\s*v", arg) else [arg]
        targets += [one for one in found if "[" not in one or re.match(r"v\d+\.", one)]
    # An address that moves: what comes behind it says how far.
    if syntax.flags == "cc" and len(args) > 1 and args[-2].startswith("["):
        targets.append(args[-2].strip("[]"))
    if op in syntax.setting or op in COMPARISONS:
        targets.append(syntax.flags)
    return targets


def check_block(template, constraints, syntax):
    """Fails if the block writes what is not declared. Returns how many instructions it has."""
    parts = constraints.split(",")
    clobbers = {part.strip("~{}") for part in parts if part.startswith("~")}
    operands = [part for part in parts if not part.startswith("~")]
    # A number stands for an output, and for an input that has no output's register.
    outputs = {str(i) for i, part in enumerate(operands) if part.startswith("=")}
    for part in operands:
        need(not part.startswith("=") or part.startswith("=&"), f"an output that is late: {part}")
        if fixed := re.fullmatch(r"=&{(\w+)}", part):
            clobbers.add(syntax.register(fixed[1]) or fixed[1])
    text = re.sub(r"\\([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), template)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    count = 0
    for line in filter(None, map(str.strip, text.split("\n"))):
        if line.startswith(".") or re.fullmatch(r"\d+:", line):
            continue
        count += 1
        for target in written(line, syntax):
            if number := re.fullmatch(r"\$\{(\d+)(:\w)?\}", target):
                need(number[1] in outputs, f"'{line}' writes operand {number[1]}, an input")
            elif target == syntax.flags:
                need(target in clobbers, f"'{line}' writes the flags, which are not declared")
            elif target != "xzr":
                name = syntax.register(target)
                need(name is not None, f"'{line}' writes {target}, which is not known")
                need(name in clobbers, f"'{line}' writes {target}, which is not declared")
    return count


def check(ir, architecture):
    """All blocks in the IR."""
    forms = {(match[1], match[2]) for match in ASM.finditer(ir)}
    count = sum(check_block(*form, SYNTAX[architecture]) for form in forms)
    return f"{count} instructions in {len(forms)} forms of blocks"


# Faults in the operands of one block: what it has, and a change of the list.
FAULTS = {
    "x86": [
        ("vpmuludq", lambda list: list.replace("~{xmm13},", ""), "mm13, which is not declared"),
        ("mulx", lambda list: list.replace("=&{dx}", "=&r"), "x, which is not declared"),
        ("mulx", lambda list: list.replace("=&r,=&r", "r,=&r", 1), "an input"),
        ("vpmuludq", lambda list: re.sub("=&r", "r", list, count=1), "an input"),
        ("mulx", lambda list: list.replace(",~{flags}", ""), "the flags"),
        ("mulx", lambda list: list.replace("=&r", "=r", 1), "late"),
    ],
    "arm64": [
        ("addp", lambda list: list.replace("=&{q31},", ""), "31, which is not declared"),
        ("ld4 ", lambda list: list.replace("=&{q8},", ""), "v8.4s, which is not declared"),
        ("umulh", lambda list: re.sub("=&r", "r", list, count=1), "an input"),
        ("addp", lambda list: re.sub("=&r", "r", list, count=1), "an input"),
        ("umulh", lambda list: list.replace(",~{cc}", ""), "the flags"),
    ],
}


def found(ir, architecture, word, change, what):
    """The first block that has the word and that the change changes has this fault then."""
    for template, constraints in ASM.findall(ir):
        if word not in template or change(constraints) == constraints:
            continue
        try:
            check_block(template, change(constraints), SYNTAX[architecture])
        except Fault as fault:
            need(what in str(fault), f"another fault than that: {fault}")
            return str(fault)
        raise Fault("not found")
    raise Fault("it changes nothing")
