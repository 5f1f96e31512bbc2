# SPDX-License-Identifier: GPL-2.0
"""Tests of values: with numbers for indeterminates, and of what the proofs rely on."""

import random
import unittest

from .arithmetic import add, plain, product, subtract
from .values import P, WORD, Fault, Number, Secret, both, differ, either, fresh, left, repeatable, right, take, unpredictable, whole


class Known(unittest.TestCase):
    """Catches slices and sums that are not those of numbers."""

    def setUp(self):
        Number.forget()
        Number.known = True
        self.addCleanup(setattr, Number, "known", False)

    def value(self):
        n = random.getrandbits(random.choice((1, 26, 44, 52, 63, 64)))
        return n, whole(Number(n, max(1, random.choice((n, WORD)))))

    def equal(self, value, n):
        self.assertEqual(value if type(value) is int else value.element, n)
        if type(value) is Secret:
            self.assertGreaterEqual(value.most, n)

    def test_random(self):
        for _ in range(3000):
            (m, a), (n, b) = self.value(), self.value()
            k, mask = random.randrange(64), random.getrandbits(64)
            self.equal(left(a, k), m << k & WORD)
            self.equal(right(a, k), m >> k)
            self.equal(both(a, mask), m & mask)
            self.equal(either(left(a, k), right(b, 64 - k) if k else 0), m << k & WORD | (n >> 64 - k if k else 0))
            c = random.getrandbits(1)
            total, carry = add(left(a, k), b, c)
            self.equal(total, (m << k & WORD) + n + c & WORD)
            self.equal(carry, (m << k & WORD) + n + c >> 64)
            low, high = product(a, both(b, mask))
            self.equal(low, m * (n & mask) & WORD)
            self.equal(high, m * (n & mask) >> 64)

    def test_two_words(self):
        for _ in range(1000):
            (m, a), (n, b), (o, c), (q, d) = (self.value() for _ in range(4))
            low, high = product(a, b)
            low, carry = add(low, c)
            high, lost = add(high, 0, carry)
            low, carry = add(low, d)
            high, lost = add(high, 0, carry)
            self.equal(low, m * n + o + q & WORD)
            self.equal(high, m * n + o + q >> 64)
            self.assertEqual(lost, 0)

    def test_compared(self):
        for _ in range(1000):
            m, n, o, q = (random.getrandbits(64) for _ in range(4))
            a, b, c, d = (whole(Number(v, WORD)) for v in (m, n, o, q))
            low, carry = add(a, c)
            high, out = add(b, d, carry)
            difference, borrow = subtract(low, c)
            self.equal(difference, m)
            difference, borrow = subtract(high, d, borrow)
            self.equal(difference, n)
            self.equal(borrow, m + o + (n + q << 64) >> 128)


class Unknown(unittest.TestCase):
    """Catches indeterminates that are not the same, and what must be a fault."""

    def setUp(self):
        Number.forget()

    def test_same_high_part(self):
        x = fresh(WORD)
        self.assertEqual(right(right(x, 26), 26).element, right(x, 52).element)
        self.assertEqual(right(left(x, 12), 38).element, take(x, 26, 52).element)
        self.assertIs(either(take(x, 0, 26), left(right(x, 26), 26)).parts[0][2], x.parts[0][2])

    def test_halves_fit(self):
        a, b = fresh(WORD), fresh(WORD)
        low, high = product(a, b)
        other = product(b, a)[1]
        self.assertEqual((low.element + (high.element << 64)) % P, a.element * b.element % P)
        self.assertEqual(high.element, other.element)

    def test_lost_carry_shows(self):
        a, b = fresh(WORD), fresh(WORD)
        self.assertNotEqual(add(a, b)[0].element, (a.element + b.element) % P)
        self.assertEqual(add(fresh(WORD >> 1), fresh(WORD >> 1))[1], 0)

    def test_faults(self):
        a, b = fresh(WORD), fresh(WORD)
        for act in (plain, both, either, differ):
            with self.assertRaises(Fault):
                act(a, b)
        with self.assertRaises(Fault):
            subtract(a, b)
        with self.assertRaises(Fault):
            Number(1, P)

    def test_halves_of_a_lane(self):
        a, b = (either(fresh((1 << 27) - 1), left(fresh((1 << 27) - 1), 32)) for _ in range(2))
        total = plain(a, b)
        self.assertEqual(right(total, 32).element, (right(a, 32).element + right(b, 32).element) % P)


class Compared(unittest.TestCase):
    """Catches sums of the same terms that seem to differ when two runs are compared."""

    def setUp(self):
        self.addCleanup(unpredictable)

    def total(self, order):
        """The sum of terms in this order, and how often it carried. `d` is b + b, and `+` is the sum before it."""
        Number.forget()
        repeatable()
        terms = {name: fresh(WORD) for name in "abc"}
        terms["d"], carries = add(terms["b"], terms["b"]) if "d" in order else (0, 0)
        low = 0
        for name in order:
            if name == "+":
                carries, lost = add(carries, carries)
                self.assertEqual(lost, 0)
            low, carry = add(low, low if name == "+" else terms[name])
            carries, lost = add(carries, carry)
            self.assertEqual(lost, 0)
        return low.element, carries.element

    def test_any_order(self):
        one = self.total("abbc")
        for order in ("bbac", "cbab", "adc", "dca", "cda"):
            self.assertEqual(self.total(order), one, order)
        self.assertNotEqual(self.total("abc"), one)

    def test_double_of_a_sum(self):
        self.assertEqual(self.total("ab+c"), self.total("aabbc"))


if __name__ == "__main__":
    unittest.main()
