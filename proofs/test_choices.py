# SPDX-License-Identifier: GPL-2.0
"""Tests of choices and comparisons: with numbers for indeterminates, and of what must be a fault."""

import random
import unittest

from . import choices
from .choices import Choice, Unequal, element_of
from .values import WORD, Fault, Number, either, fresh, left, right, whole


class Known(unittest.TestCase):
    """Catches choices that are not those of numbers."""

    def setUp(self):
        Number.forget()
        Number.known = True
        self.addCleanup(setattr, Number, "known", False)

    def test_masks(self):
        for _ in range(1000):
            bit, m, n = random.getrandbits(1), random.getrandbits(64), random.getrandbits(64)
            b, x, y = whole(Number(bit, 1)), whole(Number(m, WORD)), whole(Number(n, WORD))
            mask, borrow = choices.subtract(0, b)
            other, lost = choices.subtract(b, 1)
            again, carry = choices.add(0, WORD, b)
            self.assertEqual([element_of(v) for v in (mask, borrow)], [-bit & WORD, bit])
            self.assertEqual([element_of(v) for v in (other, lost)], [bit - 1 & WORD, 1 - bit])
            self.assertEqual([element_of(v) for v in (again, carry)], [bit - 1 & WORD, bit])
            right_one = m if bit else n
            selected = choices.either(choices.both(x, mask), choices.both(other, y))
            self.assertEqual(element_of(selected), right_one)
            selected = choices.differ(choices.both(choices.differ(x, y), mask), y)
            self.assertEqual(element_of(selected), right_one)
            total, carry = choices.add(selected, x)
            self.assertEqual(element_of(total) + (element_of(carry) << 64), right_one + m)

    def test_subtract_from_constant(self):
        for _ in range(1000):
            k, m, n = random.getrandbits(64), random.getrandbits(64), random.getrandbits(1)
            result, borrow = choices.subtract(k, whole(Number(m, WORD)), whole(Number(n, 1)))
            self.assertEqual([element_of(result), element_of(borrow)], [k - m - n & WORD, int(k < m + n)])

    def test_compared(self):
        for _ in range(100):
            words = [random.getrandbits(64) for _ in range(4)]
            if random.random() < 0.5:
                words[2:] = words[:2]
            a, b, c, d = (whole(Number(n, WORD)) for n in words)
            equal = choices.zero_bit(Unequal([(a, c), (b, d)]))
            self.assertEqual(element_of(equal), int(words[:2] == words[2:]))


class Unknown(unittest.TestCase):
    """Catches what must be a fault, and an overlap of different bits."""

    def setUp(self):
        Number.forget()

    def test_overlap(self):
        x, y = fresh(WORD), fresh(WORD)
        self.assertEqual(either(x, left(right(x, 8), 8)).parts, x.parts)
        self.assertEqual(either(left(x, 8), left(right(left(x, 16), 8), 0)).parts, left(x, 8).parts)
        for a, b in ((x, right(x, 8)), (x, y), (x, left(right(y, 8), 8)), (x, 1)):
            with self.assertRaises(Fault):
                either(a, b)

    def test_faults(self):
        b, c, x, y = fresh(1), fresh(1), fresh(WORD), fresh(WORD)
        difference = choices.differ(x, y)
        self.assertIs(type(difference), Unequal)
        mask, other = Choice(b, WORD, 0), Choice(c, WORD, 0)
        for act in (
            lambda: choices.both(mask, other),
            lambda: choices.both(difference, 1),
            lambda: choices.differ(difference, fresh(WORD)),
            lambda: choices.either(difference, x),
            lambda: choices.add(difference, 1),
            lambda: choices.both(x, y),
            lambda: Choice(b, difference, 0).element,
        ):
            with self.assertRaises(Fault):
                act()

    def test_comparison_says_of_what(self):
        x, y = fresh(WORD), fresh(WORD)
        equal = choices.zero_bit(choices.differ(x, y))
        self.assertEqual(equal.parts[0][2].whether, [(x, y)])
        self.assertNotEqual(equal.element, choices.zero_bit(choices.differ(x, y)).element)


if __name__ == "__main__":
    unittest.main()
