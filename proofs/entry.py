# SPDX-License-Identifier: GPL-2.0
"""What is proved of a call of one of the library's entry points."""

from . import choices
from .arithmetic import above, add, same
from .entry_kernel import Kernel, after_blocks, check_powers
from .inputs import CLAMP, EXPONENTS, P, element, interchange, masked, most
from .memory import Pointer, Region
from .section import check_clean
from .values import WORD, Fault, Number, both, draw, fresh, right
from .x86 import Partial

# Offsets in `struct lib_poly1305_ctx`: the state is at 0.
R, S, BUFFER, BUFFERED, POWERS, SIZE = 24, 40, 56, 72, 80, 208
KEY, TAG = 32, 16


def tag_words(h, s):
    """The two words of the tag: `(h mod p) + s` modulo 2^128 (RFC 8439 section 2.5.1).

    With h in interchange form, h < 5 * 2^128 < 2p. So h >= p exactly if h + 5 reaches 2^130 (`top` then
    reaches 4), and then h - p = h + 5 - 2^130 has the low 128 bits of h + 5.
    """
    if h == 0:
        least = [0, 0]
    else:
        words = accumulator(h)
        low, carry = add(words[0], 5)
        middle, carry = add(words[1], 0, carry)
        reaches = right(add(words[2], 0, carry)[0], 2)
        least = words[:2]
        if reaches != 0:
            least = [choices.settled(choices.choose(reaches, *pair)) for pair in zip((low, middle), words)]
    low, carry = add(least[0], s[0])
    return [low, add(least[1], s[1], carry)[0]]


def accumulator(h):
    """The words in interchange form of an accumulator that the code compared with p, by adding five.

    Any numbers of the run may be taken that have the bounds of the form, and the element of the definition.
    """
    sums = [number for number in Number.table.values() if number.sum_of and len(number.sum_of) == 2]
    carries = lambda below: [term for n in sums for term in terms(n, lambda v: above(v, below, 64))]
    for number in sums:
        for low in terms(number, lambda v: v == 5):
            for middle, next_number in carries(number):
                for high, _ in carries(next_number):
                    if element([low[0], middle, high]) == h and most(high) <= 4:
                        return [low[0], middle, high]
    raise Fault("h is not compared with p")


def terms(number, is_other):
    """The term of a sum of two whose other one is such a value, with the sum."""
    return [(number.sum_of[i], number) for i in (0, 1) if is_other(number.sum_of[1 - i])]


def message(size):
    """Any bytes."""
    region = Region("message", size, writable=False)
    for i in range(0, size, 8):
        bits = 8 * min(8, size - i)
        region.put(i, bits // 8, fresh((1 << bits) - 1))
    return region


def copy(to, offset, source, begin, size):
    """Copies bytes from the start, whatever the code may write."""
    for i in range(0, size, 8):
        to.put(offset + i, min(8, size - i), source.word(begin + i, min(8, size - i)))


def after_last(h, r, region, offset, size):
    """The accumulator after the last bytes of a message, fewer than a block."""
    if size == 0:
        return h
    words = [region.word(offset + i, min(8, size - i)) for i in range(0, size, 8)]
    return (h + element(words) + (1 << 8 * size)) * r % P


def expect(found, expected, what):
    """That words are those that are expected: numbers with the same element are the same."""
    if [choices.element_of(choices.number(v)) for v in found] != [choices.element_of(v) for v in expected]:
        raise Fault(f"{what} is wrong")


class OneShot:
    """Memory for `lib_poly1305_mac()` and `lib_poly1305_verify()`."""

    def __init__(self, call):
        self.call = call
        self.key, self.data = message(KEY), message(call.length)
        self.tag = Pointer(Region("tag", TAG, writable=call.function != "lib_poly1305_verify"), 0)
        if call.function == "lib_poly1305_verify":
            self.given = [fresh(WORD), fresh(WORD)]
            self.tag.region.fill(0, self.given)
        elif call.overlap:
            # 16 bytes more on both sides, where nothing else may be written.
            name, offset = call.overlap
            inside = getattr(self, name)
            inside.begin, inside.end, inside.writable = -TAG, inside.end + TAG, True
            self.tag = Pointer(inside, offset)
        words = self.key.load(0, KEY)
        self.r_words, self.s = [both(word, mask) for word, mask in zip(words, CLAMP)], words[2:]
        self.run = call.length // 16
        h = after_blocks(0, element(self.r_words), self.data, 0, self.run)
        self.h = after_last(h, element(self.r_words), self.data, 16 * self.run, call.length % 16)
        self.before = self.tag.region.copy()
        self.arguments = [self.tag, Pointer(self.key, 0), Pointer(self.data, 0) if call.length else 0, call.length]

    def check(self, machine):
        """That the tag is right, or the result of the comparison."""
        if self.call.function == "lib_poly1305_verify":
            self.check_result(machine)
            return
        region, offset = self.tag.region, self.tag.offset
        expect(region.load(offset, TAG), tag_words(self.h, self.s), "the tag")
        for i in range(region.begin, region.end):
            if not offset <= i < offset + TAG and different(region, self.before, i):
                raise Fault(f"{region.name}{i:+d} is written")

    def check_result(self, machine):
        """That the result is whether the tags are the same, which is public: the only thing that depends on a secret."""
        result, machine.r[0] = machine.r[0], None
        result = result.low if type(result) is Partial else result
        if not choices.is_bit(result) or not result.parts[0][2].whether:
            raise Fault(f"the result is {result!r}")
        computed = dict.fromkeys((0, 1))
        for pair in result.parts[0][2].whether:
            for i, given in enumerate(self.given):
                for one, other in (pair, pair[::-1]):
                    if same(given, one):
                        computed[i] = other
        if len(result.parts[0][2].whether) != 2 or None in computed.values():
            raise Fault("compares something else than the tag")
        expect(computed.values(), tag_words(self.h, self.s), "the tag to compare with")


def different(region, before, i):
    """Whether a byte is not that of before."""
    if not before.written(i, 1) or not region.written(i, 1):
        return before.written(i, 1) != region.written(i, 1)
    return not same(region.word(i, 1), before.word(i, 1))


class Incremental:
    """A context, and memory for the functions that work on it."""

    def __init__(self, call):
        self.call, self.run = call, 0
        self.context = Region("context", SIZE, base=8)
        getattr(self, call.function.removeprefix("lib_poly1305_"))(call)

    def fill(self, buffered):
        """A context of any computation: its buffer has bytes of the message, then any."""
        call, context = self.call, self.context
        self.h, self.r_words, self.s = draw(), [masked(mask) for mask in CLAMP], [fresh(WORD), fresh(WORD)]
        context.fill(0, interchange(self.h) + self.r_words + self.s)
        copy(context, BUFFER, self.stream, 0, buffered)
        copy(context, BUFFER + buffered, message(16), 0, 16 - buffered)
        context.fill(BUFFERED, [buffered, call.count])
        for i in range(call.count):
            context.fill(POWERS + 8 + 24 * i, interchange(pow(element(self.r_words), EXPONENTS[i], P)))

    def init(self, call):
        """`lib_poly1305_init()`: the context is undefined."""
        self.key = message(KEY)
        words = self.key.load(0, KEY)
        self.r_words = [both(word, mask) for word, mask in zip(words, CLAMP)]
        self.expected = [0, 0, 0, *self.r_words, *words[2:], 0, 0, 0, 0]
        self.arguments = [Pointer(self.context, 0), Pointer(self.key, 0)]
        self.check = lambda machine: expect(self.context.load(0, POWERS + 8), self.expected, "the context")

    def update(self, call):
        """`lib_poly1305_update()`."""
        self.stream = message(call.buffered + call.length)
        self.fill(call.buffered)
        self.data = Region("data", call.length, writable=False)
        copy(self.data, 0, self.stream, call.buffered, call.length)
        head = -call.buffered % 16
        self.run = (call.length - head) // 16 if call.length >= head else 0
        self.before = self.context.copy()
        self.arguments = [Pointer(self.context, 0), Pointer(self.data, 0) if call.length else 0, call.length]
        self.check = self.check_update

    def check_update(self, machine):
        """That the context is that of the longer message."""
        context, stream, blocks = self.context, self.stream, self.stream.end // 16
        h = context.load(0, 24)
        if element(h) != after_blocks(self.h, element(self.r_words), stream, 0, blocks):
            raise Fault("h is wrong")
        if most(h[2]) > 4:
            raise Fault(f"h[2] may be {most(h[2])}")
        expect(context.load(R, 32), self.r_words + self.s, "r or s")
        buffered, count = context.load(BUFFERED, 16)
        if buffered != stream.end % 16:
            raise Fault(f"{buffered!r} bytes are buffered")
        for i in range(buffered):
            expect([context.word(BUFFER + i, 1)], [stream.word(16 * blocks + i, 1)], "the buffer")
        # Elsewhere are bytes of a block that was completed there, or what was there.
        for i in range(buffered, 16):
            if different(context, self.before, BUFFER + i) and not (blocks and same(context.word(BUFFER + i, 1), stream.word(i, 1))):
                raise Fault(f"byte {i} of the buffer is written")
        if type(count) is not int or not self.call.count <= count <= len(EXPONENTS):
            raise Fault(f"the number of powers is {count!r}")
        check_powers(element(self.r_words), [context.load(POWERS + 8 + 24 * i, 24) for i in range(count)])

    def final(self, call):
        """`lib_poly1305_final()`."""
        self.stream = message(call.buffered)
        self.fill(call.buffered)
        self.h = after_last(self.h, element(self.r_words), self.stream, 0, call.buffered)
        self.tag = Pointer(self.context, call.overlap[1]) if call.overlap else Pointer(Region("tag", TAG), 0)
        self.arguments = [Pointer(self.context, 0), self.tag]
        self.check = self.check_final

    def check_final(self, machine):
        """That the tag is right, and all else in the context wiped."""
        expect(self.tag.region.load(self.tag.offset, TAG), tag_words(self.h, self.s), "the tag")
        inside = range(self.tag.offset, self.tag.offset + TAG) if self.tag.region is self.context else ()
        for i in range(SIZE):
            if i not in inside and (i < POWERS + 8 or self.context.written(i, 1)) and self.context.word(i, 1) != 0:
                raise Fault(f"byte {i} of the context is not wiped")
            if i not in inside and i >= POWERS + 8 and self.call.count == 0 and self.context.written(i, 1):
                raise Fault(f"byte {i} of the context is written")


class Call:
    """One call: what differs between them. `overlap` is where the tag is written: (memory, offset)."""

    def __init__(self, function, length=0, *, buffered=0, count=0, leaves=((0, 0),), overlap=None, lockdep=False, base=0):
        self.function, self.length, self.buffered, self.count = "lib_poly1305_" + function, length, buffered, count
        self.leaves, self.overlap, self.lockdep, self.base = leaves, overlap, lockdep, base

    def __repr__(self):
        more = f", {self.buffered} buffered" if self.buffered else ""
        more += f", {self.count} powers" if self.count else ""
        more += f", target leaves {self.leaves}" if self.leaves != ((0, 0),) else ""
        more += f", tag in {self.overlap}" if self.overlap else ""
        return f"{self.function} of {self.length} bytes{more}, stack + {self.base}"

    def prove(self, code, entry, machine_of, *, trace=None, limit=1000000):
        """Calls the function, whose address is in `entry`, and checks all properties; returns the machine."""
        Number.forget()
        inputs = (OneShot if self.function in ONE_SHOT else Incremental)(self)
        kernel = Kernel(inputs.run, inputs.r_words, self.leaves, self.lockdep)
        machine = machine_of(code.object, code.compiled, kernel, self.base)
        machine.trace, machine.limit = trace, limit
        machine.call(entry[self.function], inputs.arguments)
        kernel.check()
        inputs.check(machine)
        check_clean(machine)
        return machine


ONE_SHOT = "lib_poly1305_mac", "lib_poly1305_verify"
