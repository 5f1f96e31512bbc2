# SPDX-License-Identifier: GPL-2.0
"""Sums and products of values."""

from .values import P, WORD, Fault, Number, Secret, comparing, disjoint, element_of, largest
from .values import left, make, number, parts_of, repeated, take, whole


def add(a, b, carry=0):
    """The sum of two words and a carry, and its carry."""
    if type(a) is int and type(b) is int and type(carry) is int:
        total = a + b + carry
        return total & WORD, total >> 64
    values = [number(v) for v in (a, b, carry) if type(v) is not int or v]
    if len(values) == 1:
        return values[0], 0
    if len(values) == 2 and type(a) is Secret and type(b) is Secret and a.parts == b.parts:
        return doubled(a, b)
    words = all(type(v) is int or len(v.parts) == 1 and v.parts[0][0] == 0 for v in values)
    low, carry = total_of(values) if words else by_segments(values)
    if comparing() and type(low) is Secret:
        low.lost = lost_by(values, carry)
    return low, carry


def doubled(a, b):
    """The sum of a word and the same word, and its carry, which is a bit of it."""
    low, carry = left(a, 1), take(a, 63, 64)
    if comparing() and type(low) is Secret:
        low.lost = (a.lost + b.lost + (carry if type(carry) is int else carry.element)) % P
    return low, carry


def lost_by(values, carry):
    """How many times 2^64 a sum lost, with what its terms had lost before.

    When two runs are compared, the carry of a sum is what all has above that was ever added, less what was lost
    before. So the carries of sums of the same terms in another order come to the same.
    """
    lost = sum(v.lost for v in values if type(v) is Secret)
    if type(carry) is int:
        return lost
    _, _, root, k = carry.parts[0]
    if k not in root.highs:
        element = sum(v if type(v) is int else v.element for v in values)
        root.highs[k] = (repeated((element + (lost << 64)) % P) - lost) % P
    return (lost + root.high(k)) % P


class Peak:
    """A bound of all sums that must not wrap."""

    most = 0


def plain(a, b):
    """The sum of two words, which must not wrap."""
    if type(a) is type(b) is Secret:
        Peak.most = max(Peak.most, a.most + b.most)
        if Peak.most <= WORD and len(a.parts) == len(b.parts) == 1 and a.parts[0][0] == b.parts[0][0] == 0:
            return whole(Number(a.element + b.element, a.most + b.most))
    total, carry = add(a, b)
    if type(carry) is not int:
        raise Fault("a sum may wrap")
    return total


def total_of(values):
    """The sum of values as one number."""
    element = most = 0
    for v in values:
        if type(v) is int:
            element, most = element + v, most + v
        else:
            element, most = element + v.element, most + v.most
    most, pair = as_high(values, most)
    if pair is not None and most <= WORD:
        return high_of(pair, element, most), 0
    total = Number(element, most)
    total.sum_of = values
    if total.most <= WORD:
        return whole(total), 0
    return Secret(((0, 64, total, 0),)), Secret(((0, total.most.bit_length() - 64, total, 64),))


def as_high(values, most):
    """A bound for a sum of words that is the high half of a sum of numbers of two words.

    If `low = x_low + y_low + ...` carries, then `x_high + y_high + ... + carry` is the high half of
    `x + y + ...`, which is known better than its parts: a product of two words and two words more, for
    one, do not reach 2^128. Returns the bound, and that sum if it is one of such numbers only.
    """
    for carry in values:
        if type(carry) is int or not carry.parts[0][2].sum_of or not above(carry, carry.parts[0][2], 64):
            continue
        low = carry.parts[0][2]
        rest = [v for v in values if v is not carry]
        element, total = low.element, 0
        for term in low.sum_of:
            root, begin = source(term)
            if root is None:
                total += term if type(term) is int else term.most
                continue
            total += root.most >> begin
            high = [v for v in rest if above(v, root, begin + 64)]
            if high:
                rest.remove(high[0])
                element += high[0].element << 64
            elif root.most >> begin + 64:
                break
        else:
            bound = (total >> 64) + sum(v if type(v) is int else v.most for v in rest)
            if bound <= most:
                return bound, None if rest else (element, total, low)
    return most, None


def above(value, root, begin):
    """Whether a value is all of a number from a bit on."""
    if type(value) is int or len(value.parts) != 1:
        return False
    first, end, number_, low = value.parts[0]
    return first == 0 and number_ is root and low == begin and end + begin >= root.most.bit_length()


def source(term):
    """The number, and from which bit on, of which a word is a slice that may go on above."""
    if type(term) is int or term.parts[0][:2] != (0, 64):
        return None, 0
    _, _, root, begin = term.parts[0]
    return (root.low_of, 0) if root.low_of and begin == 0 else (root, begin)


def high_of(pair, element, most):
    """The high half of a sum of numbers of two words."""
    total, bound, low = pair
    if bound >= P:
        return whole(Number(element, most))
    both = Number(total, bound)
    both.highs.setdefault(64, element % P)
    if both.highs[64] != element % P:
        return whole(Number(element, most))
    low.low_of = both
    return make([(0, 64, both, 64)])


def by_segments(values):
    """A sum of slices, which does not mix those that no carry connects."""
    each = [parts_of(v) for v in values]
    every = sorted((part for parts in each for part in parts), key=lambda part: part[0])
    if disjoint(every):
        return make(every), 0
    cuts = [c for c in sorted({part[0] for part in every}) if not any(b < c < e for b, e, _, _ in every)]
    out, begin, carry = [], cuts[0], 0
    for end in cuts[1:] + [64]:
        inside = [part for part in every if begin <= part[0] < end]
        if len(inside) == 1:
            out, begin = out + inside, end
            continue
        most = sum(largest(part) << part[0] - begin for part in inside)
        if most >> end - begin and end < 64:
            continue
        element = sum(element_of((b - begin, e - begin, n, low)) for b, e, n, low in inside)
        total = Number(element, most)
        out.append((begin, min(64, begin + total.most.bit_length()), total, 0))
        size = begin + total.most.bit_length()
        carry = Secret(((0, size - 64, total, 64 - begin),)) if size > 64 else 0
        begin = end
    return make(out), carry


def subtract(a, b, borrow=0):
    """`a - b - borrow` and its borrow, where `a` is the low word of a sum of these and of others.

    Compilers test so whether a sum carried: if the others come to less than 2^64, then the sum
    carried exactly if the difference borrows.
    """
    if type(a) is Secret and a.parts[0][2].sum_of and same(a, whole(a.parts[0][2])):
        total, rest = a.parts[0][2], list(a.parts[0][2].sum_of)
        for v in (b, borrow):
            if type(v) is int and v == 0:
                continue
            found = [r for r in rest if same(r, v)]
            if not found:
                break
            rest.remove(found[0])
        else:
            if len(rest) == 1 or sum(r if type(r) is int else r.most for r in rest) <= WORD:
                size = total.most.bit_length()
                carry = Secret(((0, size - 64, total, 64),)) if size > 64 else 0
                return add(*rest)[0] if len(rest) > 1 else rest[0], carry
    raise Fault(f"subtracts {b!r} from {a!r}")


def same(a, b):
    """Whether two values are written in the same way."""
    return a.parts == b.parts if type(a) is type(b) is Secret else a == b


def product(a, b):
    """The low and the high word of a product."""
    if type(a) is int and type(b) is int:
        return a * b & WORD, a * b >> 64
    if type(a) is int:
        a, b = b, a
    number(a)
    if type(b) is int:
        if b == 0:
            return 0, 0
        root = Number(a.element * b, a.most * b)
    else:
        root = Number(a.element * number(b).element, a.most * b.most)
    if root.most <= WORD:
        return whole(root), 0
    return Secret(((0, 64, root, 0),)), Secret(((0, root.most.bit_length() - 64, root, 64),))


def low_product(a, b, bits):
    """The whole product of the low bits of two words, as `product()`."""
    return product(take(a, 0, bits), take(b, 0, bits))
