# SPDX-License-Identifier: GPL-2.0
"""What is the same of calls on both architectures: the end of a section of vector code, and what is checked."""

from .memory import Pointer
from .values import Confidential, Fault


def end_section(section, machine):
    """Ends a section, at which no vector register has a secret."""
    if not section.open:
        raise Fault("ends no section")
    section.open = False
    left = [i for i in range(32) if any(isinstance(word, Confidential) for word in machine.v[i])]
    if left:
        raise Fault(f"vector registers {left} have secrets at the end of the section")


def prover(machine_of, section_of):
    """What proves calls on an architecture with that machine and these functions around vector code."""

    def prove(code, entry, inputs, *, section=True, base=0, trace=None, limit=100000):
        """Calls an implementation, and checks all properties; returns the machine."""
        kernel = section_of(section)
        machine = machine_of(code.object, code.compiled, kernel, base)
        machine.trace, machine.limit = trace, limit
        machine.call(entry, [Pointer(inputs.state, 0), inputs.workspace_pointer(), Pointer(inputs.data, 0), inputs.blocks])
        if kernel.open:
            raise Fault("the section is not ended")
        inputs.check()
        check_clean(machine)
        return machine

    return prove


def check_clean(machine):
    """That a call that returned left no secret in registers and on its stack."""
    machine.no_secrets("at return", machine.NOT_PRESERVED)
    left = machine.stack.secrets()
    if left:
        raise Fault(f"the stack has secrets at {left}")
