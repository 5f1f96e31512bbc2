# SPDX-License-Identifier: GPL-2.0
"""An object file: its instructions, its constants, and what its relocations refer to."""

import capstone
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

from .memory import Region


class Object:
    """The code of an object's `.text`.

    `code` has the instructions by address; `names` the addresses of functions; `refers` the target of
    the relocated field at an address: (section, offset) in this object, or the name of what is outside.
    """

    def __init__(self, path):
        with open(path, "rb") as file:
            elf = ELFFile(file)
            self.x86 = elf["e_machine"] == "EM_X86_64"
            sections = list(elf.iter_sections())
            text = elf.get_section_by_name(".text")
            table = elf.get_section_by_name(".symtab")
            index = sections.index(text) if text in sections else elf.get_section_index(".text")
            self.text = text.data()
            symbols = [s for s in table.iter_symbols() if s["st_shndx"] == index]
            self.names = {s.name: s["st_value"] for s in symbols if s["st_info"]["type"] == "STT_FUNC"}
            self.sizes = {s["st_value"]: s["st_size"] for s in symbols if s["st_info"]["type"] == "STT_FUNC"}
            self.constants = {}
            for section in sections:
                if section.name.startswith(".rodata"):
                    self.constants[section.name] = constants(section)
            self.refers = {}
            for section in sections:
                if isinstance(section, RelocationSection) and section.name == ".rela.text":
                    for entry in section.iter_relocations():
                        self.refers[entry["r_offset"]] = self.target(table, sections, entry)
        self.code, self.oracles = {}, {}

    def replace(self, names):
        """Has calls of functions of this object as calls of functions outside."""
        self.oracles = {self.names[name]: name for name in names if name in self.names}

    @staticmethod
    def target(table, sections, entry):
        """(kind, section or name, offset). What the kernel patches, trampolines of static calls, is outside."""
        symbol = table.get_symbol(entry["r_info_sym"])
        kind, addend = entry["r_info_type"], entry["r_addend"]
        if symbol["st_shndx"] == "SHN_UNDEF" or symbol.name.startswith("__SCT__"):
            return kind, symbol.name, None
        return kind, sections[symbol["st_shndx"]].name, symbol["st_value"] + addend

    def function(self, address):
        """Disassembles the function at an address, if it was not before."""
        if address in self.code:
            return
        data = self.text[address : address + self.sizes[address]]
        for instruction in self.disassemble(data, address):
            self.code[instruction.address] = instruction

    def disassemble(self, data, address):
        """The instructions in data that is at an address, up to one that is not known."""
        at = 0
        while at < len(data):
            for instruction in self.decoder().disasm(data[at:], address + at):
                at += instruction.size
                yield instruction
            instruction = in_vex(self.decoder(), data[at : at + 5], address + at) if self.x86 else None
            if instruction is None:
                return
            at += instruction.size
            yield instruction

    def decoder(self):
        """A disassembler."""
        mode = (capstone.CS_ARCH_X86, capstone.CS_MODE_64) if self.x86 else (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM)
        decoder = capstone.Cs(*mode)
        decoder.detail = True
        return decoder

    def find(self, part):
        """The address of the one function whose name has `part` in it."""
        found = [a for name, a in self.names.items() if part in name and not name.startswith("__cfi_")]
        if len(set(found)) != 1:
            raise LookupError(f"{part}: {len(found)} functions")
        return found[0]


class Vex:
    """An instruction of AVX-IFMA, which capstone knows in the encoding of AVX-512 only: `evex`."""

    size = 5

    def __init__(self, evex, data):
        self.evex, self.bytes = evex, data

    def __getattr__(self, name):
        return getattr(self.evex, name)


def in_vex(decoder, data, address):
    """vpmadd52 of registers in the encoding of AVX-IFMA (Intel's Software Developer's Manual, volume 2), or None."""
    if len(data) < 5 or data[0] != 0xC4 or data[1] & 0x1F != 2 or data[2] & 0x87 != 0x85 or data[3] not in (0xB4, 0xB5) or data[4] < 0xC0:
        return None
    evex = bytes((0x62, data[1] & 0xE0 | 0x12, data[2] & 0xF8 | 0x05, 0x28, *data[3:]))
    return Vex(next(decoder.disasm(evex, address)), data)


def constants(section):
    """Constant data as a region."""
    data = section.data()
    region = Region(section.name, len(data), writable=False)
    for offset in range(0, len(data), 8):
        piece = data[offset : offset + 8]
        region.words[offset // 8] = int.from_bytes(piece, "little")
        region.there[offset // 8] = (1 << len(piece)) - 1
    return region
