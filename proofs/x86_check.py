# SPDX-License-Identifier: GPL-2.0
"""What is proved of an implementation for x86-64 and a number of blocks."""

from .section import end_section, prover
from .values import Fault
from .x86 import Machine, Partial

# Where the implementations are: the module, a part of the function's name, whether it uses aids.
IMPLEMENTATIONS = {
    "portable": ("lib_poly1305", "lib_poly1305_generic_blocks", False),
    "x86_64-bmi2": ("lib_poly1305_x86", "provider6blocksNtB4_4Bmi2E", False),
    "x86_64-avx2": ("lib_poly1305_x86", "provider6blocksNtB4_4Avx2E", True),
    "x86_64-avxifma": ("lib_poly1305_x86", "provider6blocksNtB4_7AvxIfmaE", True),
    "x86_64-avx512ifma": ("lib_poly1305_x86", "provider6blocksNtB4_10Avx512IfmaE", True),
}


class Section:
    """The kernel's functions around vector code."""

    def __init__(self, available):
        self.available, self.open = available, False
        self.functions = {
            "irq_fpu_usable": lambda machine: Partial(int(self.available)),
            "kernel_fpu_begin_mask": self.begin,
            "kernel_fpu_end": self.end,
        }

    def begin(self, _):
        if self.open or not self.available:
            raise Fault("begins a section where none may be")
        self.open = True

    def end(self, machine):
        end_section(self, machine)


prove = prover(Machine, Section)
