# SPDX-License-Identifier: GPL-2.0
"""The proofs for the Rust code, and what must fail."""

import random

from cases import Cases, each, source
from domains import Fault, need
from inputs import CLAMP, P, words
from models import bare, same
from rust import Function, items
from scalar import LOSES, Program, Structure, Value, exact

WORD = 2**64 - 1
FILES = ("generic/accumulator.rs", "generic/limbs.rs")
TEXT = "".join(source(file) for file in FILES)
SCRATCH = "arch_x86/scratch.rs"
# What a multiplication leaves above 128 bits.
HIGH = 11 * 2**60
# The most that `reduce()` takes there.
REDUCED = 14 * 2**62 // 5 - 1

# What comments say of variables: function, variable, and what it is below.
CLAIMS = {
    ("multiply", "h2"): 9 + 1,
    ("multiply", "s1"): 5 * 2**58,
    ("multiply", "d0"): 2**126,
    ("multiply", "d1"): 2**125 + 2**64,
    ("multiply", "d2"): HIGH + 1,
    ("times", "x"): 2**67,
    ("times", "y"): 2**68,
    ("squared", "twice"): 8 + 1,
    ("sum", "top"): 16 + 2**4 + 1 + 1,
    ("fold", "top"): 64,
    ("from_limbs", "low"): 2**128,
    ("from_limbs", "high"): 2**14 + 2**40 + 2,
    ("reduce", "high"): REDUCED + 1,
    ("plus", "high"): 9 + 1,
}


class Given:
    """Arguments: all that there may be, or numbers."""

    def __init__(self, chance=None):
        self.chance = chance

    def up_to(self, most, type_="u64"):
        if self.chance is None:
            return Value(type_, most)
        kind = self.chance.randrange(4)
        extreme = {0: 0, 1: most, 2: max(most - 1, 0)}
        return exact(type_, extreme.get(kind, self.chance.randint(0, most)))

    def point(self):
        words_of_it = [self.up_to(CLAMP & WORD), self.up_to(CLAMP >> 64)]
        if self.chance is not None:
            masks = (CLAMP & WORD, CLAMP >> 64)
            words_of_it = [exact("u64", w.exact & m) for w, m in zip(words_of_it, masks)]
        return Structure("Point", {0: words_of_it})

    def accumulator(self):
        return Structure("Accumulator", {0: [self.up_to(WORD), self.up_to(WORD), self.up_to(4)]})

    def wide(self):
        return Structure("Wide", {"low": self.block(), "high": self.up_to(HIGH)})

    def block(self):
        return self.up_to(2**128 - 1, "u128")

    def key(self):
        return {at: self.up_to(WORD) for at in (0, 8, 16, 24)}


def whole(value):
    """The number that a result is."""
    if isinstance(value, Structure) and value.name == "Wide":
        return value.fields["low"].exact + (value.fields["high"].exact << 128)
    if isinstance(value, Structure):
        value = value.fields[0]
    if isinstance(value, list):
        return sum(word.exact << 64 * i for i, word in enumerate(value))
    return value.exact


def limits(value):
    """The bounds of a result, part by part."""
    if isinstance(value, Structure):
        value = value.fields[0] if value.name != "Wide" else list(value.fields.values())
    return [part.most for part in value] if isinstance(value, list) else [value.most]


ELEMENT = [WORD, WORD, 4]
PRODUCT = [2**128 - 1, HIGH]
LIMBS = [2**26 - 1] * 4 + [5 * 2**24 - 1]

# By name: the function, its arguments, the bounds of the result, and what it is modulo `p`.
CASES = {
    "Point::new": (
        lambda g: [g.key()],
        [0x0FFFFFFC0FFFFFFF, 0x0FFFFFFC0FFFFFFC],
        lambda key: (key[0].exact | key[8].exact << 64) & CLAMP,
    ),
    "Point::squared": (lambda g: [g.point()], ELEMENT, lambda r: whole(r) ** 2),
    "Accumulator::multiply": (
        lambda g: [g.block(), g.up_to(9), g.point()],
        PRODUCT,
        lambda low, high, r: (whole(low) + (high.exact << 128)) * whole(r),
    ),
    "Accumulator::begin": (
        lambda g: [g.accumulator(), g.block(), g.up_to(1), g.point()],
        PRODUCT,
        lambda h, block, bit, r: (whole(h) + whole(block) + (bit.exact << 128)) * whole(r),
    ),
    "Accumulator::absorb": (
        lambda g: [g.accumulator(), g.block(), g.up_to(1), g.point()],
        ELEMENT,
        lambda h, block, bit, r: (whole(h) + whole(block) + (bit.exact << 128)) * whole(r),
    ),
    "Wide::absorb": (
        lambda g: [g.wide(), g.block(), g.point()],
        PRODUCT,
        lambda h, block, r: (whole(h) + whole(block) + (1 << 128)) * whole(r),
    ),
    "Wide::reduced": (lambda g: [g.wide()], ELEMENT, whole),
    "Accumulator::multiplied": (
        lambda g: [g.accumulator(), g.point()],
        ELEMENT,
        lambda h, r: whole(h) * whole(r),
    ),
    "Accumulator::from_product": (
        lambda g: [g.up_to(WORD), g.up_to(WORD), g.up_to(REDUCED)],
        ELEMENT,
        lambda low, middle, high: whole([low, middle, high]),
    ),
    "Accumulator::plus": (
        lambda g: [g.accumulator(), g.accumulator()],
        ELEMENT,
        lambda a, b: whole(a) + whole(b),
    ),
    "Accumulator::times": (
        lambda g: [g.accumulator(), g.accumulator()],
        ELEMENT,
        lambda a, b: whole(a) * whole(b),
    ),
    "Accumulator::squared": (
        lambda g: [g.accumulator()],
        ELEMENT,
        lambda a: whole(a) ** 2,
    ),
    "Accumulator::fold": (
        lambda g: [g.block(), g.block(), g.up_to(63)],
        ELEMENT,
        lambda low, high, top: whole(low) + (whole(high) << 128) + (whole(top) << 256),
    ),
    "Accumulator::reduce": (
        lambda g: [g.block(), g.up_to(REDUCED)],
        ELEMENT,
        lambda low, high: whole(low) + (whole(high) << 128),
    ),
    "Accumulator::from_limbs": (
        lambda g: [[g.up_to(WORD) for _ in range(5)]],
        ELEMENT,
        lambda limbs: sum(limb.exact << 26 * i for i, limb in enumerate(limbs)),
    ),
    "limbs": (lambda g: [g.accumulator().fields[0]], LIMBS, whole),
    "limbs_44": (
        lambda g: [g.accumulator().fields[0]],
        [2**44 - 1, 2**44 - 1, 5 * 2**40 - 1],
        whole,
    ),
}
# How many bits a part of a result counts.
PARTS = {"limbs": 26, "limbs_44": 44}


def split(name):
    owner, _, function = name.rpartition("::")
    return owner or None, function


@each({f"bounds of {name}": (name,) for name in CASES})
def proved(functions, name):
    """No bit is lost, and the result is within its bounds."""
    arguments, bounds, _ = CASES[name]
    program = Program(functions, proof=True)
    result = program.call(*split(name), *arguments(Given()))
    for most, bound in zip(limits(result), bounds, strict=True):
        need(most <= bound, f"a result may be {most:#x}, and not up to {bound:#x}")
    for variable, below in CLAIMS.items():
        most = program.seen.get(variable, 0)
        need(most < below, f"{'::'.join(variable)} may be {most:#x}, and not below {below:#x}")
    return "bounds hold"


@each({f"numbers of {name}": (name,) for name in CASES})
def computed(functions, name):
    """The right numbers."""
    arguments, _, expected = CASES[name]
    chance = random.Random(name)
    for _ in range(300):
        args = arguments(Given(chance))
        result = Program(functions, proof=False).call(*split(name), *args)
        if name in PARTS:
            result = sum(part.exact << PARTS[name] * i for i, part in enumerate(result))
        else:
            result = whole(result)
        need((result - expected(*args)) % P == 0, "a wrong result")
    return "300 results"


@each({"tags": ()})
def tags(functions):
    """The tag is that of RFC 8439."""
    Program(functions, proof=True).call("Accumulator", "tag", Given().accumulator(), pad(Given()))
    chance = random.Random(1)
    values = [0, P - 1, P, P + 1, 2**130 - 1, 2**130, 5 * 2**128 - 1, 2**128, 4 * 2**128 - 1]
    values += [chance.randrange(5 << 128) for _ in range(300)]
    for value in values:
        h = Structure("Accumulator", {0: [exact("u64", word) for word in words(value)]})
        s = pad(Given(chance))
        tag = Program(functions, proof=False).call("Accumulator", "tag", h, s)
        need(tag.exact == (value % P + whole(s)) % 2**128, "a wrong tag")
    return f"{len(values)} results"


def pad(given):
    return Structure("Pad", {0: [given.up_to(WORD), given.up_to(WORD)]})


@each({"entries": ()})
def entries(functions):
    """Entries of rows fit 32 bits, and factors of 44-bit code 52 bits."""
    memory = items(source(SCRATCH))
    memory[None, "generic_limbs_44"] = functions[None, "limbs_44"]
    words_of_it = Given().accumulator().fields[0]
    program = Program(memory, proof=True)
    limbs = Program(functions, proof=True).call(None, "limbs", words_of_it)
    most = max(limits(program.call(None, "entries", limbs)))
    need(most < 5 * 5 * 2**24, f"an entry may be {most:#x}")
    most = max(limits(program.call(None, "limbs_44", words_of_it)))
    need(most < 2**52, f"a limb may be {most:#x}")
    return f"limbs for IFMA below 2^{most.bit_length()}"


# Stands for `Powers`, which compute with functions that are run here: `power` is the last one.
KEPT = """
impl Kept {
    fn low(&self, r: Point) -> [Accumulator; 3] { [self.power, self.power, self.power] }
    fn middle(&self, r4: Accumulator) -> Accumulator { self.power }
    fn high(&self, r8: Accumulator) -> Accumulator { self.power }
}
"""


@each({"append_16": ()})
def appended(functions):
    """Two chains of blocks are joined as they should be."""
    functions = functions | items(source("generic/powers.rs")) | items(KEPT)

    def run(given, proof):
        state = Structure("State", {"h": given.accumulator(), "r": given.point()})
        kept = Structure("Kept", {"power": given.accumulator()})
        tail = [given.up_to(WORD), given.up_to(WORD), given.up_to(HIGH)]
        expected = [state.fields["h"], kept.fields["power"], tail]
        Program(functions, proof).call("State", "append_16", state, kept, tail)
        return state.fields["h"], expected

    after, _ = run(Given(), True)
    for most, bound in zip(limits(after), ELEMENT, strict=True):
        need(most <= bound, f"a result may be {most:#x}, and not up to {bound:#x}")
    chance = Given(random.Random(2))
    for _ in range(300):
        after, (h, power, tail) = run(chance, False)
        need((whole(after) - whole(h) * whole(power) - whole(tail)) % P == 0, "a wrong result")
    return "300 results"


# Functions that compute nothing.
PLAIN = {
    ("Point", "from_words"),
    ("Point", "element"),
    ("Point", "to_words"),
    ("Pad", "new"),
    ("Accumulator", "from_words"),
    ("Accumulator", "to_words"),
    ("Accumulator", "trusted"),
    ("State", "limbs"),
    ("State", "limbs_44"),
    ("State", "set_limbs"),
}


@each({"all functions": ()})
def whole_files(functions):
    """Every function is run here, and what loses bits is still there."""
    program = Program(functions, proof=True)
    for name, (arguments, _, _) in CASES.items():
        program.call(*split(name), *arguments(Given()))
    program.call("Accumulator", "tag", Given().accumulator(), pad(Given()))
    every = {name for name, item in functions.items() if isinstance(item, Function)}
    need(every == program.called | PLAIN, f"not run: {every ^ (program.called | PLAIN)}")
    for _, lost in LOSES:
        need(lost in bare(TEXT), f"there is no {lost} any more")
    return f"{len(program.called)} functions"


# What is changed in the source, and in which proof it must show.
FAULTS = [
    ("0x0fff_fffc_0fff_ffff,", "0xffff_ffff_ffff_ffff,", "Point::new"),
    ("(high & 3).wrapping_add(u64::from(carry)),", "high,", "Wide::reduced"),
    ("let h2 = (self.high & 3)", "let h2 = self.high", "Wide::absorb"),
    ("(high & !3).wrapping_add(high >> 2)", "high.wrapping_add(high)", "Accumulator::reduce"),
    ("& (MASK >> 12)) << 12)", "& (MASK >> 11)) << 12)", "limbs"),
    ("(x2 << 40)", "(x2 << 39)", "limbs_44"),
    ("x2 << 52", "x2 << 65", "Accumulator::from_limbs"),
    ("wrapping_add(b2)", "wrapping_mul(b2)", "Accumulator::plus"),
]


@each({f"fault in {change[2]}": change for change in FAULTS})
def fault(_, old, new, name):
    """A fault that must show."""
    need(old in TEXT, "a fault changes nothing")
    try:
        proved(items(TEXT.replace(old, new)), name)
    except Fault as found:
        return str(found)
    raise Fault("it does not show")


@each({"models": ()})
def models(_):
    return same(source)


class Scalar(
    Cases, tests=[proved, computed, tags, whole_files, appended, entries, models, fault]
):
    """All tests of the Rust code."""

    subject = items(TEXT)
