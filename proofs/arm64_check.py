# SPDX-License-Identifier: GPL-2.0
"""What is proved of an implementation for arm64 and a number of blocks."""

from .arm64 import Machine
from .memory import Pointer
from .values import Confidential, Fault

# Where the implementations are: the module, a part of the function's name, whether it uses aids.
IMPLEMENTATIONS = {
    "portable": ("lib_poly1305", "lib_poly1305_generic_blocks", False),
    "arm64-scalar": ("lib_poly1305_arm64", "provider6blocksNtB4_6ScalarE", True),
    "arm64-neon": ("lib_poly1305_arm64", "provider6blocksNtB4_4NeonE", True),
}
# Functions in C that are not executed, because the kernel patches their branches when it boots.
ORACLES = ("lib_poly1305_arm64_neon_begin", "lib_poly1305_arm64_neon_end")
ROOM_WORDS = 66


class Section:
    """The functions around vector code."""

    residue, clearing = False, ()

    def __init__(self, available):
        self.available, self.open = available, False
        self.functions = dict(zip(ORACLES, (self.begin, self.end)))

    def begin(self, machine):
        if self.open:
            raise Fault("a section in a section")
        machine.store(machine.r[0], 8 * ROOM_WORDS, [None] * ROOM_WORDS)
        self.open = self.available
        machine.v = [[None, None] for _ in range(32)]
        return int(self.available)

    def end(self, machine):
        if not self.open:
            raise Fault("ends no section")
        self.open = False
        left = [i for i in range(32) if any(isinstance(word, Confidential) for word in machine.v[i])]
        if left:
            raise Fault(f"vector registers {left} have secrets at the end of the section")
        machine.v = [[None, None] for _ in range(32)]


def prove(code, entry, inputs, *, section=True, base=0, trace=None, limit=100000):
    """Calls an implementation, and checks all properties; returns the machine."""
    kernel = Section(section)
    machine = Machine(code.object, code.compiled, kernel, base)
    machine.trace, machine.limit = trace, limit
    machine.call(entry, [Pointer(inputs.state, 0), inputs.workspace_pointer(), Pointer(inputs.data, 0), inputs.blocks])
    if kernel.open:
        raise Fault("the section is not ended")
    inputs.check()
    machine.no_secrets("at return", machine.NOT_PRESERVED)
    left = machine.stack.secrets()
    if left:
        raise Fault(f"the stack has secrets at {left}")
    return machine
