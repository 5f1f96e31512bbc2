# SPDX-License-Identifier: GPL-2.0
"""A machine that runs a block for arm64, with bounds or with numbers.

A vector register has two lanes of 64 bits or four of 32, as what wrote it left
them, and is taken apart or put together for who reads it otherwise.

Some instructions only give a part of what they compute: a shift left loses what
goes out at the top, and `mul` the upper half of a product. That is a fault,
unless another one, of the same values, gives the other part: a shift right by
what is left of the width, or `umulh`.
"""

from arm64_blocks import Shift, Vector
from core import Core
from domains import WORD, need


class Machine(Core):
    jumps = {"b.ne": ("zero", False)}

    def __init__(self, *args):
        super().__init__(*args)
        # How often a register was written: with its name, this says which value is meant.
        self.version = {}
        # Parts that instructions have lost, and parts that others have given.
        self.lost = {}
        self.given = set()
        # The most that general registers had.
        self.most = {}

    def end(self):
        super().end()
        for part, what in self.lost.items():
            need(part in self.given, f"{what}, and nothing gives the other part")
        self.lost.clear()

    def jump(self, value, when, label):
        self.end()
        super().jump(value, when, label)

    # Operands.

    def word(self, arg):
        """A general operand: a register, or a number."""
        if isinstance(arg, int):
            return arg & WORD
        if arg == "xzr":
            return 0
        need(arg in self.general, "a register that was never written is read")
        return self.general[arg]

    def take(self, name, value):
        super().take(name, value)
        self.version[name] = self.version.get(name, 0) + 1
        self.most[name] = max(self.most.get(name, 0), getattr(value, "most", value))

    def view(self, number, width):
        """All lanes of a register."""
        need(number in self.vector, "a register that was never written is read")
        lanes = self.vector[number]
        if len(lanes) * width == 128:
            return lanes
        if width == 32:
            return [half for lane in lanes for half in self.domain.split(lane)]
        return [self.domain.join(*lanes[at : at + 2]) for at in (0, 2)]

    def lanes(self, arg):
        """The lanes of an operand."""
        lanes = self.view(arg.number, arg.width)
        return lanes[: arg.count] if arg.index is None else [lanes[arg.index]]

    def upper(self, arg):
        """The last two lanes of an operand; or twice the one that is meant."""
        return (self.lanes(arg) * 2)[-2:]

    def put(self, to, lanes):
        """Writes a register, and nothing above what there is."""
        lanes = list(lanes)
        self.written += lanes
        if len(lanes) == 1:
            lanes.append(self.domain.exact(0))
        self.vector[to.number] = lanes
        self.version[to.number] = self.version.get(to.number, 0) + 1

    def each(self, function, to, *args):
        """Lane by lane."""
        results = [function(*operands) for operands in zip(*args, strict=True)]
        self.put(to, [self.domain.fit(result, to.width) for result in results])

    # Shifts and products, of which a part may be lost.

    def name(self, register):
        return register, self.version.get(register, 0)

    def left(self, register, value, n, width=64):
        if self.domain.loses(value, n, width):
            part = (*self.name(register), width - n, width)
            self.lost[part] = f"a shift left by {n} may lose bits"
        return self.domain.left(value, n, width, True)

    def right(self, register, value, n, width=64):
        self.given.add((*self.name(register), n, width))
        return self.domain.right(value, n)

    def shifted(self, way, arg, n):
        """A general operand that is shifted."""
        value = self.value(arg)
        return {"lsl": self.left, "lsr": self.right}[way](arg, value, n)

    def lanes_right(self, to, a, n):
        return [self.right(a.number, lane, n, to.width) for lane in self.lanes(a)]

    def lanes_left(self, to, a, n):
        return [self.left(a.number, lane, n, to.width) for lane in self.lanes(a)]

    # General instructions.

    def second(self, arg, shift):
        return self.word(arg) if shift is None else self.shifted(shift.way, arg, shift.bits)

    def op_add(self, to, a, b, shift=None):
        if isinstance(to, Vector):
            self.each(self.domain.add, to, self.lanes(a), self.lanes(b))
            return
        x, y = self.word(a), self.second(b, shift)
        if isinstance(x, int) and isinstance(y, int):
            self.take(to, x + y & WORD)
        else:
            self.take(to, self.domain.add(self.in_domain(x), self.in_domain(y)))

    def op_adds(self, to, a, b, shift=None):
        self.taken_up()
        self.take(to, self.total(self.word(a), self.second(b, shift), 0))
        self.zero = None

    def op_adcs(self, to, a, b):
        need(self.carry is not None, "a carry that nothing has made is added")
        self.take(to, self.total(self.word(a), self.word(b), self.carry))

    def op_adc(self, to, a, b):
        self.op_adcs(to, a, b)
        self.taken_up()
        self.carry = None

    def op_and(self, to, a, b):
        if isinstance(to, Vector):
            # Bit by bit: lanes are those of the first one.
            count = len(self.vector.get(a.number, [0] * 4))
            views = [self.view(arg.number, 128 // count) for arg in (a, b)]
            self.put(to, map(self.domain.both, *views))
        else:
            self.take(to, self.domain.both(self.value(a), self.value(b)))

    def op_lsl(self, to, a, n):
        self.take(to, self.shifted("lsl", a, n))

    def op_lsr(self, to, a, n):
        self.take(to, self.shifted("lsr", a, n))

    def factors(self, a, b):
        part = frozenset({self.name(a), self.name(b)})
        return part, self.value(a), self.value(b)

    def op_mul(self, to, a, b):
        if isinstance(to, Vector):
            self.each(self.domain.small_product, to, self.lanes(a), self.lanes(b))
            return
        part, x, y = self.factors(a, b)
        if self.domain.is_wide(x, y):
            self.lost[part] = "only the lower half of a product is taken"
        self.take(to, self.domain.wide_product(x, y)[0])

    def op_umulh(self, to, a, b):
        part, x, y = self.factors(a, b)
        self.given.add(part)
        self.take(to, self.domain.wide_product(x, y)[1])

    def op_madd(self, to, a, b, c):
        product = self.domain.small_product(self.value(a), self.value(b))
        self.take(to, self.domain.add(product, self.value(c)))

    def op_cbnz(self, a, label):
        self.jump(self.word(a) != 0, True, label)

    # Between registers and memory.

    def move(self, load, registers, memory, after):
        """Loads or stores registers one after another, and then moves the address."""
        at = self.address(memory)
        for register in registers:
            if not isinstance(register, Vector):
                need(load, "a general register is stored")
                self.take(register, self.store.load(at))
                at += 8
                continue
            if load:
                self.put(register, [self.store.load(at), self.store.load(at + 8)])
            else:
                for i, lane in enumerate(self.view(register.number, 64)):
                    self.store.store(at + 8 * i, lane)
            at += 16
        self.go_on(memory, after)

    def go_on(self, memory, after):
        if after:
            self.take(memory.register, self.address(memory) + self.word(after))

    def op_ldp(self, a, b, memory, after=0):
        self.move(True, (a, b), memory, after)

    def op_ldr(self, a, memory):
        self.move(True, (a,), memory, 0)

    def op_stp(self, a, b, memory):
        self.move(False, (a, b), memory, 0)

    def op_str(self, a, memory):
        self.move(False, (a,), memory, 0)

    def op_ld4(self, registers, memory):
        at = self.address(memory)
        halves = [self.domain.split(self.store.load(at + 8 * i)) for i in range(8)]
        numbers = [half for both in halves for half in both]
        for i, register in enumerate(registers):
            self.put(register, numbers[i::4])

    def op_st4(self, registers, memory, after):
        at = self.address(memory)
        rows = zip(*(self.lanes(register) for register in registers))
        for i, row in enumerate(rows):
            for half in (0, 1):
                word = self.domain.join(*row[2 * half : 2 * half + 2])
                self.store.store(at + 16 * i + 8 * half, word)
        self.go_on(memory, after)

    def op_mov(self, to, a):
        if not isinstance(to, Vector):
            self.take(to, self.lanes(a)[0] if isinstance(a, Vector) else self.word(a))
            return
        lanes = list(self.view(to.number, to.width))
        lanes[to.index] = self.lanes(a)[0] if isinstance(a, Vector) else self.value(a)
        self.put(to, lanes)

    def op_fmov(self, to, a):
        if isinstance(to, Vector):
            self.put(to, [self.value(a)])
        else:
            self.take(to, self.lanes(a)[0])

    # Vector instructions.

    def op_movi(self, to, number):
        self.put(to, [self.domain.exact(number)] * to.count)

    def op_mvni(self, to, number, shift):
        need(shift == Shift("lsl", 24), "a mask that is made in another way")
        mask = (number << 24) ^ (1 << to.width) - 1
        self.put(to, [self.domain.exact(mask)] * to.count)

    def op_mla(self, to, a, b):
        self.each(
            lambda x, y, z: self.domain.add(x, self.domain.small_product(y, z)),
            to,
            self.lanes(to),
            self.lanes(a),
            self.lanes(b),
        )

    def op_umull(self, to, a, b):
        self.each(self.domain.product, to, self.upper(a), self.upper(b))

    op_umull2 = op_umull

    def op_umlal(self, to, a, b):
        products = map(self.domain.product, self.upper(a), self.upper(b))
        self.each(self.domain.add, to, self.lanes(to), list(products))

    op_umlal2 = op_umlal

    def op_shl(self, to, a, n):
        self.put(to, self.lanes_left(to, a, n))

    def op_ushr(self, to, a, n):
        self.put(to, self.lanes_right(to, a, n))

    def op_usra(self, to, a, n):
        self.each(self.domain.add, to, self.lanes(to), self.lanes_right(to, a, n))

    def op_sli(self, to, a, n):
        pairs = zip(self.lanes(to), self.lanes_left(to, a, n))
        self.put(to, [self.domain.insert(low, high, n) for low, high in pairs])

    def op_ushll(self, to, a, n):
        self.put(to, [self.left(a.number, lane, n) for lane in self.upper(a)])

    op_ushll2 = op_ushll

    def op_uzp1(self, to, a, b):
        lanes = self.view(a.number, 64) + self.view(b.number, 64)
        self.put(to, map(self.domain.narrow, lanes))

    def op_addp(self, to, a, b=None):
        lanes = self.lanes(a) + ([] if b is None else self.lanes(b))
        self.each(self.domain.add, to, lanes[::2], lanes[1::2])

    def op_uaddlv(self, to, a):
        first, *others = self.lanes(a)
        for lane in others:
            first = self.domain.add(first, lane)
        self.put(to, [first])
