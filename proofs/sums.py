# SPDX-License-Identifier: GPL-2.0
"""Sums and differences in general registers: of numbers, and of addresses."""

from . import choices
from .choices import Choice
from .memory import Pointer
from .values import WORD, Confidential, Fault, number


def sum_of(a, b, carry=0):
    """A sum modulo 2^64, also of a pointer and a number."""
    return total(a, b, carry)[0]


def total(a, b, carry=0):
    """A sum and its carry, also of a pointer and a number."""
    if type(b) is Pointer:
        a, b = b, a
    if type(a) is Pointer:
        if type(b) is not int or carry != 0:
            raise Fault(f"adds {b!r} to an address")
        return Pointer(a.region, a.offset + (b if b < 1 << 63 else b - (1 << 64))), None
    return choices.add(a, b, carry)


def difference(a, b, borrow=0):
    """A difference and its borrow: of numbers that are public, or of addresses."""
    if type(a) is Pointer and type(b) is Pointer and a.region is b.region:
        a, b = a.offset, b.offset
    elif type(a) is Pointer and type(b) is int and not borrow:
        return Pointer(a.region, a.offset - (b if b < 1 << 63 else b - (1 << 64))), None
    if type(a) is int and type(b) is int and type(borrow) is int:
        return a - b - borrow & WORD, int(a < b + borrow)
    if b == 0 and borrow == 0:
        return a if isinstance(a, Confidential) else number(a), 0
    return choices.subtract(a, b, borrow)


def difference_of(size, a, b, borrow=0):
    """A difference and its borrow in numbers of `size` bits."""
    result, out = difference(a, b, borrow)
    if type(result) is int:
        return result & (1 << size) - 1, out
    if size < 64 and (type(a) is int or type(result) is Choice):
        raise Fault(f"a difference of {size} bits that may wrap")
    return result, out
