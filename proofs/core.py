# SPDX-License-Identifier: GPL-2.0
"""What the machines of all architectures have: steps, general registers, carries
and jumps.

Addresses and counters are numbers with bounds as well as with numbers: a jump
or an address that depends on anything else is a fault.
"""

from blocks import Unknown
from domains import WORD, Fault, need


class Core:
    # Other names of instructions.
    aliases = {}
    # Jumps: the flag that each looks at, and what it has to be.
    jumps = {}

    def __init__(self, domain, block, general, store):
        self.domain = domain
        self.block = block
        self.general = dict(general)
        self.store = store
        self.vector = {}
        self.zero = None
        # What the last addition carries out, until something takes it up.
        self.carry = 0
        self.at = 0
        # What there is whenever a loop begins again, by where it begins.
        self.rounds = {}
        # All that the last instruction has written.
        self.written = []

    def run(self, steps=100000):
        while self.at < len(self.block.code):
            steps -= 1
            need(steps, "it does not end")
            self.step()
        return self

    def step(self):
        """Runs one instruction."""
        code = self.block.code[self.at]
        self.at += 1
        self.written = []
        try:
            self.execute(code.op, code.args)
            if self.at == len(self.block.code):
                self.end()
        except Fault as fault:
            raise Fault(f"{self.block.name}: {code.text}: {fault}") from None

    def execute(self, op, args):
        method = getattr(self, "op_" + self.aliases.get(op, op), None)
        if op in self.jumps:
            flag, when = self.jumps[op]
            self.jump(getattr(self, flag), when, args[0])
        elif method:
            method(*args)
        else:
            raise Unknown(f"an instruction that this does not know: {op}")

    def end(self):
        """Of a block, or of a round of a loop."""
        self.taken_up()

    def address(self, memory):
        base = self.general[memory.register]
        need(isinstance(base, int), "an address depends on data")
        return base + memory.offset

    def value(self, arg):
        """A general operand in the domain."""
        return self.in_domain(self.word(arg))

    def in_domain(self, word):
        return self.domain.exact(word) if isinstance(word, int) else word

    def take(self, name, value):
        """Writes a general register."""
        self.general[name] = value
        self.written.append(value)

    def taken_up(self):
        """Nothing may be carried out of an addition and lost, but in addresses."""
        carry = getattr(self.carry, "most", 0)
        need(not carry, "what was carried out of a sum before is lost")
        self.carry = 0

    def total(self, x, y, carry):
        """A sum, of which the carry is kept."""
        if isinstance(x, int) and isinstance(y, int) and isinstance(carry, int):
            self.carry = x + y + carry >> 64
            return x + y + carry & WORD
        operands = map(self.in_domain, (x, y, carry))
        result, self.carry = self.domain.add_carry(*operands)
        return result

    def op_cmp(self, a, b):
        self.taken_up()
        x, y = self.word(a), self.word(b)
        need(isinstance(x, int) and isinstance(y, int), "a comparison depends on data")
        self.zero, self.carry = x == y, int(x < y)

    def jump(self, value, when, label):
        need(isinstance(value, (int, bool)), "a jump depends on data")
        if bool(value) != when:
            return
        target = self.block.target(label, self.at - 1)
        if target < self.at:
            now = (dict(self.general), dict(self.vector), dict(self.store.words))
            self.rounds.setdefault(label[:-1], []).append(now)
        self.at = target
