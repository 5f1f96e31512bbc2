# SPDX-License-Identifier: GPL-2.0
"""A machine that runs a block for x86-64, with bounds or with numbers."""

from blocks import Memory, Register
from core import Core
from domains import WORD, need

LANES = 8

JUMPS = {
    "je": ("zero", True),
    "jz": ("zero", True),
    "jne": ("zero", False),
    "jnz": ("zero", False),
    "jb": ("carry", True),
    "jae": ("carry", False),
}

LANEWISE = {
    "vpaddq": "add",
    "vpmuludq": "product",
    "vpsllq": "left",
    "vpsrlq": "right",
    "vpand": "both",
    "vpandq": "both",
    "vpor": "either",
    "vporq": "either",
}

ALIASES = {
    "vpxorq": "vpxor",
    "vmovdqa": "vmovdqu",
    "vmovdqa64": "vmovdqu",
    "vmovdqu64": "vmovdqu",
}


class Machine(Core):
    aliases = ALIASES
    jumps = JUMPS

    def execute(self, op, args):
        if op in LANEWISE:
            self.lanewise(getattr(self.domain, LANEWISE[op]), *args)
        else:
            super().execute(op, args)

    # Operands.

    def lanes(self, arg, count):
        """The lanes of a vector operand."""
        if isinstance(arg, Register):
            need(arg.number in self.vector, "a register that was never written is read")
            return self.vector[arg.number][:count]
        at = self.address(arg)
        if arg.broadcast:
            return [self.store.load(at)] * count
        return [self.store.load(at + 8 * i) for i in range(count)]

    def put(self, register, lanes):
        """Writes a register; what is above is cleared."""
        lanes = list(lanes)
        self.written += lanes
        zero = self.domain.exact(0)
        self.vector[register.number] = lanes + [zero] * (LANES - len(lanes))

    def word(self, arg):
        """A general operand: a word of memory, a register, or a number."""
        if isinstance(arg, Memory):
            return self.store.load(self.address(arg))
        if isinstance(arg, int):
            return arg & WORD
        name, _, part = arg.partition(":")
        need(name in self.general, "a register that was never written is read")
        value = self.general[name]
        if part:
            need(isinstance(value, int), "a part of a register that depends on data")
            value &= {"b": 0xFF, "k": 0xFFFFFFFF}[part]
        return value

    # Vector instructions.

    def lanewise(self, function, to, *args):
        """Lane by lane, and once where all lanes have the same operands."""
        count = to.lanes
        lanes = [
            [arg] * count if isinstance(arg, int) else self.lanes(arg, count) for arg in args
        ]
        done = {}
        result = []
        for operands in zip(*lanes):
            key = tuple(map(id, operands))
            if key not in done:
                done[key] = function(*operands)
            result.append(done[key])
        self.put(to, result)

    def op_vpcmpeqd(self, to, a, b):
        need(a == b, "a comparison of different registers")
        self.put(to, [self.domain.exact(WORD)] * to.lanes)

    def op_vpxor(self, to, a, b):
        need(a == b, "an exclusive or of different registers")
        self.put(to, [self.domain.exact(0)] * to.lanes)

    def op_vpternlogq(self, to, a, b, table):
        if table == 255:
            self.put(to, [self.domain.exact(WORD)] * to.lanes)
            return
        need(table == 0xA8, "a logical function that this does not know")
        domain = self.domain
        self.lanewise(lambda x, y, z: domain.both(domain.either(x, y), z), to, to, a, b)

    def op_vpmadd52luq(self, to, a, b):
        self.lanewise(self.domain.add_low_52, to, to, a, b)

    def op_vpmadd52huq(self, to, a, b):
        self.lanewise(self.domain.add_high_52, to, to, a, b)

    def unpack(self, to, a, b, which):
        x, y = self.lanes(a, to.lanes), self.lanes(b, to.lanes)
        pairs = [(x[i + which], y[i + which]) for i in range(0, to.lanes, 2)]
        self.put(to, [lane for pair in pairs for lane in pair])

    def op_vpunpcklqdq(self, to, a, b):
        self.unpack(to, a, b, 0)

    def op_vpunpckhqdq(self, to, a, b):
        self.unpack(to, a, b, 1)

    def op_vpermq(self, to, a, b):
        if isinstance(b, int):
            need(to.lanes == 4, "lanes of a register this wide do not go by a number")
            lanes = self.lanes(a, 4)
            self.put(to, [lanes[b >> 2 * i & 3] for i in range(4)])
            return
        lanes = self.lanes(b, to.lanes)
        where = [getattr(lane, "exact", lane) for lane in self.lanes(a, to.lanes)]
        need(None not in where, "where lanes go depends on data")
        self.put(to, [lanes[i % to.lanes] for i in where])

    def op_vpmovzxbq(self, to, a):
        word = self.lanes(a, 1)[0]
        word = getattr(word, "exact", word)
        need(word is not None, "where lanes go depends on data")
        self.put(to, [self.domain.exact(word >> 8 * i & 0xFF) for i in range(to.lanes)])

    def op_vmovq(self, to, a):
        if isinstance(to, Memory):
            self.store.store(self.address(to), self.lanes(a, 1)[0])
        elif isinstance(a, (Memory, Register)):
            self.put(to, self.lanes(a, 1))
        else:
            self.put(to, [self.value(a)])

    def op_vpinsrq(self, to, a, b, where):
        lanes = list(self.lanes(a, 2))
        lanes[where] = self.value(b)
        self.put(to, lanes)

    def op_vinserti128(self, to, a, b, where):
        lanes = list(self.lanes(a, 4))
        lanes[2 * where : 2 * where + 2] = self.lanes(b, 2)
        self.put(to, lanes)

    def extract(self, to, a, where, count):
        lanes = self.lanes(a, a.lanes)[count * where : count * (where + 1)]
        if isinstance(to, Memory):
            for i, lane in enumerate(lanes):
                self.store.store(self.address(to) + 8 * i, lane)
        else:
            self.put(to, lanes)

    def op_vextracti128(self, to, a, where):
        self.extract(to, a, where, 2)

    def op_vextracti64x4(self, to, a, where):
        self.extract(to, a, where, 4)

    def op_vmovdqu(self, to, a):
        if isinstance(to, Memory):
            for i, lane in enumerate(self.lanes(a, a.lanes)):
                self.store.store(self.address(to) + 8 * i, lane)
        else:
            self.put(to, self.lanes(a, to.lanes))

    def op_vpbroadcastd(self, to, a):
        self.put(to, [self.store.load(self.address(a), 4)] * to.lanes)

    def op_vpbroadcastq(self, to, a):
        self.put(to, [self.store.load(self.address(a))] * to.lanes)

    def op_vzeroupper(self):
        self.vector.clear()

    # General instructions.

    def take(self, to, value):
        super().take(to.partition(":")[0], value)

    def op_mov(self, to, a):
        self.take(to, self.word(a))

    def op_lea(self, to, a):
        self.take(to, self.address(a))

    def sum(self, to, a, carry):
        total = self.total(self.word(to), self.word(a), carry)
        self.take(to, total)
        self.zero = total == 0 if isinstance(total, int) else None

    def op_add(self, to, a):
        self.taken_up()
        self.sum(to, a, 0)

    def op_adc(self, to, a):
        need(self.carry is not None, "a carry that nothing has made is added")
        self.sum(to, a, self.carry)

    def op_inc(self, to):
        carry = self.carry
        self.sum(to, 1, 0)
        self.taken_up()
        self.carry = carry

    def op_sub(self, to, a):
        self.taken_up()
        x, y = self.word(to), self.word(a)
        need(isinstance(x, int) and isinstance(y, int), "a difference depends on data")
        self.take(to, x - y & WORD)
        self.zero, self.carry = x == y, int(x < y)

    def op_dec(self, to):
        carry = self.carry
        self.carry = 0
        self.op_sub(to, 1)
        self.carry = carry

    def op_test(self, a, b):
        self.taken_up()
        x, y = self.word(a), self.word(b)
        need(isinstance(x, int) and isinstance(y, int), "a test depends on data")
        self.zero = x & y == 0

    def op_and(self, to, a):
        self.taken_up()
        name, _, part = to.partition(":")
        mask = self.word(a)
        need(isinstance(mask, int), "a mask depends on data")
        # Half a register is written as a whole one with nothing above.
        mask &= {"": WORD, "k": 0xFFFFFFFF}[part]
        value = self.word(name)
        if isinstance(value, int):
            self.take(name, value & mask)
        else:
            self.take(name, self.domain.both(value, self.domain.exact(mask)))
        self.zero = None

    def op_shr(self, to, n):
        self.taken_up()
        value = self.word(to)
        self.take(to, value >> n if isinstance(value, int) else self.domain.right(value, n))
        self.zero = self.carry = None

    def op_mulx(self, high, low, a):
        below, above = self.domain.wide_product(self.value("rdx"), self.value(a))
        self.take(low, below)
        self.take(high, above)

    def op_imul(self, to, a):
        self.taken_up()
        self.take(to, self.domain.small_product(self.value(to), self.value(a)))
        self.zero = self.carry = None
