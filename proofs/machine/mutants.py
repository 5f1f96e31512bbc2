# SPDX-License-Identifier: GPL-2.0
"""Leaves out each instruction of an implementation in turn: the proofs must fail.

What survives has to have one of these reasons:

- nothing: it does nothing (`nop`, `endbr64`), or writes what is there already, in all calls;
- public: it overwrites what is public by what is public, and nothing uses it: it wipes where no secret was;
- way: it only decides between two ways that give the same result;
- upper: it is a `vzeroupper` that another one follows before the section ends, or else that would be seen.
"""

from .arithmetic import same
from .values import Fault, Secret

class Trace:
    """What instructions did, by address: a set of `value`, `secret` (wrote or overwrote one), `jump`, `flags`."""

    def __init__(self):
        self.did = {}

    def step(self, machine, address, step):
        """Runs an instruction."""
        did = self.did.setdefault(address, set())
        registers, vectors = list(machine.r), [list(v) for v in machine.v]
        flags, memory = (machine.carry, machine.result), machine.written
        machine.written = []
        following = step[0](machine)
        pairs = list(zip(registers, machine.r))
        pairs += [pair for before, after in zip(vectors, machine.v) for pair in zip(before, after)]
        pairs += machine.written
        machine.written = memory
        for before, after in pairs:
            if before is not after and not equal(before, after):
                did.add("secret" if Secret in (type(before), type(after)) else "value")
        if following not in (None, step[1]):
            did.add("jump")
        if flags != (machine.carry, machine.result):
            did.add("flags")
        return following


def equal(a, b):
    """Whether two values are the same."""
    return type(a) is type(b) and type(a) in (int, Secret) and same(a, b)


class Mutants:
    """The instructions that an implementation executes in some cases, by address."""

    def __init__(self, code, entry, prove, cases):
        self.code, self.entry, self.prove = code, entry, prove
        self.steps, self.through, self.did = {}, {}, {}
        for case in cases:
            trace = Trace()
            self.steps[case] = self.run(case, trace=trace).steps
            for address, did in trace.did.items():
                self.through.setdefault(address, []).append(case)
                self.did.setdefault(address, set()).update(did)
        for found in self.through.values():
            found.sort(key=self.steps.get)

    def run(self, case, **options):
        """Proves a case."""
        return case.prove(self.code, self.entry, self.prove, **options)

    def seen(self, address):
        """The fault that shows if an instruction is left out, or None: if it changes nothing anyway, or else."""
        if not self.did[address]:
            return None
        for case in self.through[address]:
            try:
                self.run(case, left_out=address, limit=2 * self.steps[case] + 1000)
            except Fault as fault:
                return fault
        return None

    def reason(self, address):
        """Why an instruction that can be left out is one that changes nothing, or None."""
        did = self.did[address]
        if self.text(address).startswith("vzeroupper"):
            return "upper"
        if not did - {"flags"}:
            jumps = self.text(address).startswith(("cmp", "test", "j"))
            return "way" if jumps and did else "nothing"
        if did == {"jump"}:
            return "way"
        if "secret" not in did:
            return "public"
        return None

    def text(self, address):
        """An instruction as text."""
        instruction = self.code.object.code[address]
        return f"{instruction.mnemonic} {instruction.op_str}"
