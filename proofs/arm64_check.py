# SPDX-License-Identifier: GPL-2.0
"""What is proved of an implementation for arm64 and a number of blocks."""

from .arm64 import Machine
from .section import end_section, prover
from .values import Fault

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
        end_section(self, machine)
        machine.v = [[None, None] for _ in range(32)]


prove = prover(Machine, Section)
