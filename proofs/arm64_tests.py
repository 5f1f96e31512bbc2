# SPDX-License-Identifier: GPL-2.0
"""The proofs for the assembly for arm64, and what must fail."""

import math
from itertools import product

import arm64_blocks
from arm64_machine import Machine
from arm64_runs import DEPTH, AnySums, Limbs, Run, appended
from cases import Assembly, each, numbered
from domains import WORD, Bound, Bounds, need
from inputs import P, Any, Case
from memory import Store
from runs import beside, go, settled
from tests import ROUNDS, fault, instead, no_clamp, without

# All ways to go through the blocks, but for more rounds of a loop.
SHAPES = {
    "chain": [(count,) for count in range(1, 2 + ROUNDS)],
    "chains": [()],
    "table": [()],
    "batches": [(count, more) for count in range(1, 2 + ROUNDS) for more in (0, 1)],
}
# Limbs that sums have when a batch begins, or an accumulator has.
FULL = (1 << 26) - 1
RESUMED = {
    # 2^128: the upper word is full but for what the last limb adds. With limbs like these, Linux's
    # own code for arm64 lost the carry, until commit 24f07e8c07a0.
    "a carry from the last limb": [0, 0, 0, 1 << 26, (1 << 24) - 1],
    "full limbs": [FULL] * 5,
    "limbs one above": [FULL + 1] * 5,
    "limbs two above": [FULL + 2] * 5,
    "all bits": [WORD] * 5,
    # The lower two words are full, and what is above them counts five times at the first one.
    "a carry through a word": [WORD, 0, ((1 << 14) - 1) << 12, (1 << 50) - 1, 1 << 26],
    "a carry from the second limb": [WORD - FULL, 1, 0, 0, 0],
    "a carry from the third limb": [(1 << 64) - (1 << 52), 0, 1, 0, 0],
}


@each({f"bounds of {name}": (name,) for name in SHAPES})
def prove(blocks, name):
    """No sum overflows, and so on, for any input and any length."""
    Bounds.peak = 0
    for shape, given in product(SHAPES[name], (Any(), AnySums())):
        run = Run(blocks, given)
        go(getattr(run, name)(*shape))
        if shape and shape[0] > ROUNDS:
            need(settled(run.machine, "2", ("data",)), "the bounds grow from round to round")
    return f"sums up to 2^{math.log2(Bounds.peak):.2f}, {Bounds.peak / 2**64:.3f} * 2^64"


@each({"carries": ()})
def carries(blocks):
    """What `multiply_batch!` says of sums that are any numbers."""
    block = blocks["batches"]
    general = {f"s{i}": Bound(WORD) for i in range(5)}
    machine = Machine(Bounds, block, general, Store(Bounds, []))
    for code in block.code:
        # Nothing but what makes a number of the sums.
        if code.text == "adds n0, n0, m0":
            break
        if code.args and code.args[0] in ("t", "u", "v", "n0", "n1", "n2"):
            machine.execute(code.op, code.args)
    machine.end()
    need(machine.general["n2"].most <= 4, "more than 4 above 128 bits")
    return "n2 <= 4 from any sums"


@each({f"numbers of {name}": (name,) for name in SHAPES})
def compute(blocks, name):
    """Accumulators by the definition; nothing secret left; every number within its bound."""
    some = {"chain": [(1,), (2,), (9,)], "batches": [(1, 0), (2, 1), (3, 0)]}
    done = 0
    for seed, kind in enumerate(("zero", "high", "random", "random", "random")):
        for shape in some.get(name, [()]):
            check(blocks, name, Case(kind, seed), Any(), shape, f"{kind} {seed} {shape}")
            done += 1
    return f"{done} runs"


def check(blocks, name, case, given, shape, what):
    """Computes with numbers, and with bounds if something is given for that."""
    run = Run(blocks, case)
    stages = getattr(run, name)(*shape)
    if given is None:
        go(stages)
    else:
        beside(getattr(Run(blocks, given), name)(*shape), stages)
    if name == "table":
        filled(run, case)
        return
    bits = 26 if name == "batches" else 64
    value = sum(limb << bits * i for i, limb in enumerate(run.sums))
    if name == "chains":
        value = appended(run, case)
    need(value % P == case.expected(), f"a wrong result for {what}")
    if name == "batches" and shape[-1]:
        need(run.words() == run.filled, "the table is changed")
    elif name == "batches":
        need(not any(run.words()), "a secret is left in memory")


def filled(run, case):
    """The table has what its comments say."""
    powers = [pow(case.r, k + 1, P) for k in range(DEPTH)]
    for k, power in enumerate(powers):
        limbs = [run.entry(limb, k) for limb in range(5)]
        for word in range(4):
            value = sum(limb[word] << 26 * i for i, limb in enumerate(limbs))
            need((value - (power << 32 * word)) % P == 0, "a wrong entry")
    parts = [run.above(part) for part in range(3)]
    for lane, power in enumerate((sum(powers), powers[-1])):
        value = sum(part[lane] << 52 * i for i, part in enumerate(parts))
        need((value - (power << 128)) % P == 0, "what is above is wrong")


@each({"numbers that go on from limbs": ()})
def resume(blocks):
    """The right results from limbs at which something is carried on the way to a number; and from
    the accumulator that they are."""
    for what, limbs in RESUMED.items():
        go_on_from(blocks, what, AnySums())
        for seed in range(4):
            case = Limbs("random", seed, limbs)
            case.h %= P
            case.given_limbs = case.limbs(case.h_words())
            for name, shape in (("chain", (2,)), ("chains", ()), ("batches", (2, 0))):
                check(blocks, name, case, Any(), shape, what)
    return f"{len(RESUMED)} accumulators"


def go_on_from(blocks, what, given):
    """Batches that begin with these limbs."""
    for seed, kind in enumerate(("high", "random", "random", "random")):
        check(blocks, "batches", Limbs(kind, seed, RESUMED[what]), given, (2, 0), what)


LOST = "what was carried out of a sum"
OTHER_PART = "nothing gives the other part"
FACTOR = "a product of one word"
MASK = "no mask"
LIMIT = "and not below"
# Faults: what is changed in which block, in which proof it must show, and as what.
FAULTS = [
    # Carries that are not added.
    ("chain", without("adc h2, h2, xzr"), "chain", LOST),
    ("chain", without("adc top, top, u"), "chain", LOST),
    ("chain", without("adc top, top, xzr"), "chain", LOST),
    ("chains", without("adc above, above, u"), "chains", LOST),
    ("batches", without("adc t, t, xzr"), "batches", LOST),
    ("batches", without("adc n2, n2, xzr"), "batches", LOST),
    ("batches", instead("adc n2, u, v", "add n2, u, v"), "batches", LOST),
    # Only a part of a number goes on.
    ("chain", without("umulh top, m0, r1"), "chain", OTHER_PART),
    ("table", without("usra v9.4s, v0.4s, #20"), "table", OTHER_PART),
    ("table", instead("ushr v23.2d, v4.2d, #2", "ushr v23.2d, v4.2d, #3"), "table", OTHER_PART),
    ("batches", instead("lsr t, s1, #38", "lsr t, s1, #39"), "batches", OTHER_PART),
    # What is above bit 130 stays there as well.
    ("chain", instead("and h2, top, #3", "and h2, top, #-1"), "chain", FACTOR),
    ("batches", instead("and n2, n2, #3", "and n2, n2, #-1"), "batches", LIMIT),
    # It is folded with a larger factor.
    ("chain", instead("add five, five, top, lsr #2", "add five, five, top"), "chain", LIMIT),
    # Bits of words are not masked, or overlap; and what is cut off when lanes become narrow.
    ("table", without("and v4.16b, v4.16b, v31.16b"), "table", MASK),
    ("table", instead("sli v4.4s, v21.4s, #6", "sli v4.4s, v21.4s, #5"), "table", "written over"),
    ("table", without("and v2.16b, v2.16b, v29.16b"), "table", LIMIT),
    ("table", without("and v10.16b, v10.16b, v31.16b"), "table", MASK),
    # Limbs of 27 bits.
    (
        "table",
        instead("mvni v31.4s, #0xfc, lsl #24", "mvni v31.4s, #0xf8, lsl #24"),
        "table",
        LIMIT,
    ),
    # A limb comes around 65 times.
    ("table", instead("movi v30.4s, #5", "movi v30.4s, #65"), "table", "a lane may be"),
    # A sum gets that of another limb.
    ("batches", instead("add s4, s4, t", "add s4, s4, s0"), "batches", "a sum may be"),
    # The loop ends where data say, or not where it should.
    ("batches", instead("cmp data, end", "cmp data, s0"), "batches", "depends on data"),
    ("chains", instead("mov end, other", "mov end, data"), "chains", "outside of all memory"),
]
# Those that a computation must show.
WRONG = [
    ("chain", instead("and five, top, #-4", "and five, top, #-8"), "chain", "a wrong result"),
    ("chains", without("add x, x, five"), "chains", "a wrong result"),
    ("table", without("usra v14.2d, v10.2d, #26"), "table", "a wrong entry"),
    ("table", without("usra v24.2d, v27.2d, #38"), "table", "what is above is wrong"),
    ("batches", instead("addp d4, v4.2d", "mov v4.d[1], v4.d[0]"), "batches", "a wrong result"),
    ("batches", without("add s4, s4, t"), "batches", "a wrong result"),
    ("batches", without("stp q0, q0, [table, #736]"), "batches", "a secret is left"),
    ("batches", instead("cbnz more, 5f", "cmp more, more"), "batches", "the table is changed"),
]
# Carries that are lost on the way from sums to a number, and the limbs that must show it.
NOT_CARRIED = [
    (without("adc n2, n2, xzr"), "a carry from the last limb"),
    (without("adcs n1, n1, xzr"), "a carry through a word"),
    (without("adc n2, n2, xzr", time=1), "a carry through a word"),
    (without("adc t, t, xzr"), "a carry from the second limb"),
    (instead("adcs n1, t, v", "adds n1, t, v"), "a carry from the third limb"),
    (instead("adc n2, u, v", "add n2, u, v"), "all bits"),
]


@each(numbered("fault", FAULTS))
def not_proved(blocks, name, change, proof, what):
    return fault(blocks, name, change, lambda changed: prove(changed, proof), what)


@each(numbered("wrong", WRONG))
def not_computed(blocks, name, change, proof, what):
    return fault(blocks, name, change, lambda changed: compute(changed, proof), what)


@each(numbered("carry", [("batches", *carry) for carry in NOT_CARRIED]))
def not_carried(blocks, name, change, limbs):
    says = f"a wrong result for {limbs}"
    return fault(blocks, name, change, lambda changed: go_on_from(changed, limbs, None), says)


@each({"fault: no clamp": ()})
def chain_no_clamp(blocks):
    return no_clamp(lambda given: go(Run(blocks, given).chain(2)))


class Arm64(
    Assembly,
    architecture="arm64",
    syntax=arm64_blocks,
    tests=[carries, prove, compute, resume, not_proved, not_computed, not_carried, chain_no_clamp],
):
    """All tests of the assembly for arm64."""
