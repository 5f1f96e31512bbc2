# SPDX-License-Identifier: GPL-2.0
"""What is proved of an implementation for x86-64 and a number of blocks."""

from .memory import Pointer
from .values import Confidential, Fault
from .x86 import Machine, Partial

# Where the implementations are: the module, a part of the function's name, whether it uses aids.
IMPLEMENTATIONS = {
    "portable": ("lib_poly1305", "lib_poly1305_generic_blocks", False),
    "x86_64-bmi2": ("lib_poly1305_x86", "provider6blocksNtB4_4Bmi2E", False),
    "x86_64-avx2": ("lib_poly1305_x86", "provider6blocksNtB4_4Avx2E", True),
    "x86_64-avx512": ("lib_poly1305_x86", "provider6blocksNtB4_6Avx512E", True),
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
        if not self.open:
            raise Fault("ends no section")
        self.open = False
        left = [i for i in range(32) if any(isinstance(word, Confidential) for word in machine.v[i])]
        if left:
            raise Fault(f"vector registers {left} have secrets at the end of the section")


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
