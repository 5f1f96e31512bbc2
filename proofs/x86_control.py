# SPDX-License-Identifier: GPL-2.0
"""The instructions of x86-64 for control flow, and those that look at flags."""

from . import choices
from .choices import Unequal
from .machine import table
from .values import Confidential, Fault

TABLE, instruction = table()


@instruction("push")
def push(o):
    read = o.read(0)
    return lambda m: m.push(read(m))


@instruction("pop")
def pop(o):
    write = o.write(0)
    return lambda m: write(m, m.pop())


def branch_target(o):
    """A name of what is outside, or an address."""
    place = o.relocated()
    if place is None:
        return o.ops[0].imm
    if type(place) is tuple:
        if place[0] != ".text":
            raise Fault(f"jumps to {place[0]}")
        return place[1]
    return place


@instruction("call")
def call(o):
    target = branch_target(o)
    following = o.next

    def run(m):
        if type(target) is str:
            m.call_external(target)
            return None
        m.push(m.code_address(following))
        return target

    return run


@instruction("jmp")
def jmp(o):
    target = branch_target(o)
    if type(target) is int:
        return lambda m: target
    if target == "__x86_return_thunk":
        return lambda m: m.return_()

    def run(m):
        m.call_external(target)
        return m.return_()

    return run


@instruction("ret")
def ret(_):
    return lambda m: m.return_()


def flag(m):
    """The carry flag."""
    if m.carry is None:
        raise Fault("the carry flag is not defined")
    return m.carry


def zero(m):
    """Whether the last result was zero."""
    if m.result is None:
        raise Fault("the zero flag is not defined")
    if isinstance(m.result, Confidential):
        raise Fault("the zero flag depends on a secret")
    return type(m.result) is int and m.result == 0


def less(m):
    """Whether the first operand of a comparison was less, as signed numbers."""
    if m.compared is None or any(type(v) is not int for v in m.compared):
        raise Fault("a comparison of signed numbers that are not public")
    a, b, size = m.compared
    half = 1 << size - 1
    return (a ^ half) < (b ^ half)


CONDITIONS = {
    "e": zero,
    "ne": lambda m: not zero(m),
    "b": lambda m: public(m),
    "ae": lambda m: not public(m),
    "be": lambda m: zero(m) or public(m),
    "a": lambda m: not (zero(m) or public(m)),
    "l": less,
    "ge": lambda m: not less(m),
    "le": lambda m: zero(m) or less(m),
    "g": lambda m: not (zero(m) or less(m)),
}


def public(m):
    """The carry flag, which must not depend on a secret."""
    carry = flag(m)
    if type(carry) is not int:
        raise Fault("the carry flag depends on a secret")
    return carry


def holds(condition):
    """A function that says whether a condition holds, which must not depend on a secret."""
    return CONDITIONS[condition]


def jump_if(o):
    target, test = branch_target(o), holds(o.mnemonic[1:])
    return lambda m: target if test(m) else None


def move_if(o):
    test, one, other, write = holds(o.mnemonic[4:]), o.read(0), o.read(1), o.write(0)

    def run(m):
        value = other(m)
        write(m, value if test(m) else one(m))

    return run


def set_if(o):
    write = o.write(0)
    if o.mnemonic == "setb":
        return lambda m: write(m, flag(m))
    test = holds(o.mnemonic[3:])
    if o.mnemonic == "sete":
        return lambda m: write(m, choices.zero_bit(m.result) if type(m.result) is Unequal else int(test(m)))
    return lambda m: write(m, int(test(m)))


for name in CONDITIONS:
    TABLE["j" + name], TABLE["cmov" + name], TABLE["set" + name] = jump_if, move_if, set_if
