# SPDX-License-Identifier: GPL-2.0
"""Sums and differences in general registers: of numbers, and of addresses."""

from . import arithmetic
from .memory import Pointer
from .values import WORD, Fault, number


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
    return arithmetic.add(a, b, carry)


def difference(a, b, borrow=0):
    """A difference and its borrow: of numbers that are public, or of addresses."""
    if type(a) is Pointer and type(b) is Pointer and a.region is b.region:
        a, b = a.offset, b.offset
    elif type(a) is Pointer and type(b) is int and not borrow:
        return Pointer(a.region, a.offset - (b if b < 1 << 63 else b - (1 << 64))), None
    if type(a) is int and type(b) is int and type(borrow) is int:
        return a - b - borrow & WORD, int(a < b + borrow)
    if b == 0 and borrow == 0:
        return number(a), 0
    return arithmetic.subtract(number(a), number(b), borrow)
