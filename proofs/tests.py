# SPDX-License-Identifier: GPL-2.0
"""The proofs for the assembly, and what must fail."""

import math

import blocks as x86_blocks
from cases import Assembly, each, numbered
from domains import Bound, Bounds, Fault, need
from inputs import LONG, P, Any, Case
from machine import Machine
from memory import Store
from runs import DEPTH, DEPTH_44, Run, beside, go, settled

# What goes on from round to round, for each block with a loop.
MOVING = {
    "bmi2": ("data",),
    "short": ("data", "count"),
    "long": ("data", "batches"),
    "avx512": ("data", "batches"),
    "avx512ifma": ("data", "batches"),
}
# More rounds than it takes until nothing new comes.
ROUNDS = 6


def shapes(name):
    """All ways to go through a block, but for more rounds of its loop."""
    if name == "bmi2":
        return [(count,) for count in range(1, 2 + ROUNDS)]
    if name == "short":
        # Two groups a round: both that begin with one alone, and that do not.
        return [(count,) for count in range(2 * ROUNDS + 2)]
    depth = DEPTH_44 if name == "avx512ifma" else DEPTH
    return [
        (first, batches, tail, 0)
        for first in range(1, depth + 1)
        for batches in range(1, ROUNDS + 1)
        for tail in (2, 3)
    ] + [(1, 2, 2, 1)]


@each({f"bounds of {name}": (name,) for name in MOVING})
def prove(blocks, name, slack=0):
    """No sum overflows, and so on, for any input and any length."""
    Bounds.peak = 0
    for shape in shapes(name):
        run = Run(blocks, Any())
        run.slack = slack
        go(getattr(run, name)(*shape))
        loops(run, name, shape)
    return f"sums up to 2^{math.log2(Bounds.peak):.2f}"


def loops(run, name, shape):
    """The longest runs stand for all that are longer; and what a round leaves is as carried."""
    machine = run.machine
    rounds = shape[0] // 2 if name == "short" else shape[min(1, len(shape) - 1)]
    if rounds >= ROUNDS:
        need(settled(machine, "2", MOVING[name]), f"{name}: the bounds grow from round to round")
    below = 2**26
    for _, vector, store in machine.rounds.get("2", []):
        if name in ("short", "avx512"):
            streams = [vector[i] for i in range(5)]
        elif name == "long":
            streams = [[store[LONG + 640 + 64 * i + 8 * k] for k in range(8)] for i in range(5)]
        elif name == "avx512ifma":
            limits = (2**44, 2**44 + 2**21, 2**44)
            for i, limit in enumerate(limits):
                run.claim(f"limb {i} of the streams", vector[16 + i], [limit] * 8)
            continue
        else:
            continue
        limits = (below, below + 2**15, below, below, below + 2**15)
        for i, limit in enumerate(limits):
            run.claim(f"limb {i} of the streams", streams[i], [limit] * len(streams[i]))


@each({"carries": ()})
def carries(blocks):
    """What `carry_limbs!` says of itself."""
    block = blocks["short"]
    labels = dict(block.labels)
    machine = Machine(Bounds, block, {}, Store(Bounds, []))
    machine.vector = {i: [Bound(2**64 - 2**41 - 1)] * 8 for i in range(5)}
    machine.vector[15] = [Bounds.exact(2**26 - 1)] * 8
    machine.at = labels["4"]
    while block.code[machine.at].op != "lea":
        machine.step()
    limits = (2**26, 2**26 + 2**15, 2**26, 2**26, 2**26 + 2**15)
    for i, limit in enumerate(limits):
        need(machine.vector[i][0].most < limit, f"limb {i} may be {machine.vector[i][0].most:#x}")
    return "limbs below 2^26 + 2^15 from any below 2^64 - 2^41"


@each({f"numbers of {name}": (name,) for name in MOVING})
def compute(blocks, name):
    """Accumulators by the definition; nothing secret left; every number within its bound."""
    done = 0
    depth = DEPTH_44 if name == "avx512ifma" else DEPTH
    some = {
        "bmi2": [(1,), (2,), (9,)],
        "short": [(count,) for count in range(6)],
    }.get(name, [(1, 1, 2, 0), (depth, 1, 3, 0), (2, 3, 3, 0), (depth, 2, 2, 1)])
    for seed, kind in enumerate(("zero", "high", "random", "random", "random")):
        for shape in some:
            case = Case(kind, seed)
            run, bounds = Run(blocks, case), Run(blocks, Any())
            beside(getattr(bounds, name)(*shape), getattr(run, name)(*shape))
            bits = 64 if name == "bmi2" else 26
            value = sum(limb << bits * i for i, limb in enumerate(run.sums))
            need(value % P == case.expected(), f"a wrong result for {kind} {seed} {shape}")
            done += 1
            if name == "bmi2" or shape[-1] == 1 and len(shape) > 1:
                continue
            left = [at for at, word in run.store.words.items() if word and at < LONG + 2048]
            sums = LONG + (384 if name == "short" else 960 + 384)
            need(all(sums <= at < sums + 40 for at in left), "a secret is left in memory")
    return f"{done} runs"


def without(*lines, time=0):
    """Leaves out lines that come one after another, the first time or a later one."""

    def change(text):
        places = [i for i in range(len(text)) if tuple(text[i : i + len(lines)]) == lines]
        if time >= len(places):
            return text
        at = places[time]
        return text[:at] + text[at + len(lines) :]

    return change


def instead(old, new):
    """Another line, wherever it is."""
    return lambda text: [new if line == old else line for line in text]


def no_carry(to, limb):
    """Without what a carry takes from a limb: it stays there as well."""
    register = f"ymm{limb}"
    return without(f"vpsrlq ymm{to}, {register}, 26", f"vpand {register}, {register}, ymm15")


LIMBS_27 = instead("vpsrlq ymm15, ymm15, 38", "vpsrlq ymm15, ymm15, 37")
FACTOR = "a factor of 32 bits"
OVERFLOW = "a sum may be"
# Faults: what is changed in which block, in which proof it must show, and as what.
FAULTS = [
    # A carry after 15 groups.
    ("long", instead("sub row, 8", "sub row, 4"), "long", OVERFLOW),
    ("avx512", instead("sub row, 8", "sub row, 4"), "avx512", OVERFLOW),
    # No carry from the first limb.
    ("short", no_carry(12, 0), "short", FACTOR),
    ("long", no_carry(12, 5), "long", "and not below"),
    ("avx512ifma", instead("vpandq zmm18, zmm2, zmm19", "vmovdqa64 zmm18, zmm2"), "avx512ifma", "a factor of"),
    # Limbs of 27 bits, and of 45.
    ("short", LIMBS_27, "short", "and not below"),
    ("table", LIMBS_27, "long", "and not below"),
    ("avx512ifma", instead("vpsrlq zmm19, zmm19, 20", "vpsrlq zmm19, zmm19, 19"), "avx512ifma", "overlap"),
    # An entry nine times a limb, and 65 times.
    ("rows", instead("vpsllq ymm0, ymm5, 2", "vpsllq ymm0, ymm5, 3"), "short", "and not below"),
    ("table", instead("vpsllq ymm11, ymm10, 2", "vpsllq ymm11, ymm10, 6"), "long", FACTOR),
    # Bits of a word are not masked, or overlap.
    ("short", without("vpand ymm7, ymm7, ymm15"), "short", "no mask"),
    ("short", instead("vpsllq ymm14, ymm14, 24", "vpsllq ymm14, ymm14, 23"), "short", "overlap"),
    # The carry of the last product is not added.
    ("bmi2", without("adc high, 0"), "bmi2", "lost"),
    # The loop ends where data say, or not where the table does.
    ("bmi2", instead("cmp data, end", "cmp data, low"), "bmi2", "depends on data"),
    ("avx512", instead("jae 3b", "jne 3b"), "avx512", "a part of the message"),
]
# Those that only a computation shows.
WRONG = [
    ("avx512ifma", without("vpandq zmm18, zmm2, zmm19"), "avx512ifma"),
    ("short", instead("vpsllq ymm14, ymm14, 24", "vpsllq ymm14, ymm14, 25"), "short"),
    (
        "long",
        instead("vpbroadcastd ymm10, dword ptr [top + 64]", "vpbroadcastd ymm10, dword ptr [top]"),
        "long",
    ),
    ("avx512", without("vpaddq zmm0, zmm0, zmm21"), "avx512"),
    ("avx512ifma", instead("vpsllq zmm15, zmm15, 4", "vpsllq zmm15, zmm15, 3"), "avx512ifma"),
]


def fault(blocks, name, change, run, what):
    """A fault that must show when the blocks are run."""
    blocks = dict(blocks)
    blocks[name] = blocks[name].changed(change)
    try:
        run(blocks)
    except Fault as found:
        need(what in str(found), f"it shows as something else: {found}")
        return str(found)
    raise Fault("it does not show")


@each(numbered("fault", FAULTS))
def not_proved(blocks, name, change, proof, what):
    """A fault that proofs must show."""
    slack = 1 << 16 if what == OVERFLOW else 0
    return fault(blocks, name, change, lambda changed: prove(changed, proof, slack), what)


@each(numbered("wrong", WRONG))
def not_computed(blocks, name, change, proof):
    """A fault that numbers must show."""
    return fault(blocks, name, change, lambda changed: compute(changed, proof), "a wrong result")


def no_clamp(run):
    """Without the clamp of RFC 8439."""
    try:
        run(Any(clamp=2**128 - 1))
    except Fault as found:
        return str(found)
    raise Fault("it does not show")


@each({"fault: no clamp": ()})
def bmi2_no_clamp(blocks):
    return no_clamp(lambda given: go(Run(blocks, given).bmi2(2)))


class X86(
    Assembly,
    architecture="x86",
    syntax=x86_blocks,
    tests=[carries, prove, compute, not_proved, not_computed, bmi2_no_clamp],
):
    """All tests of the assembly for x86-64."""
