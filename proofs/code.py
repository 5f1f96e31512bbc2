# SPDX-License-Identifier: GPL-2.0
"""The objects of a build, and the implementations in them."""

import os
from pathlib import Path

from . import arm64_check, x86_check
from .objects import Object

FOLDERS = {"lib_poly1305": "lib_poly1305", "lib_poly1305_x86": "arch_x86", "lib_poly1305_arm64": "arch_arm64"}


class Code:
    """An object, and the functions that its instructions became."""

    loaded = {}

    def __init__(self, path):
        self.object, self.compiled = Object(path), {}

    @classmethod
    def load(cls, folder, name):
        """A module's object."""
        place = path(folder, name)
        if place not in cls.loaded:
            cls.loaded[place] = cls(place)
        return cls.loaded[place]


def path(folder, name):
    """A module's object file, in a folder of built modules."""
    return Path(folder) / FOLDERS[name] / f"{name}.o"


def modules(arch):
    """The folder with the modules for an architecture: MODULES_arm64, say, or the last build for a test kernel."""
    if f"MODULES_{arch}" in os.environ:
        return os.environ[f"MODULES_{arch}"]
    builds = Path(__file__).parents[1].glob(f"build/{arch}-*-lib-poly1305-*/modules")
    return max(builds, key=lambda folder: path(folder, "lib_poly1305").stat().st_mtime)


CHECKS = {"x86_64": x86_check, "arm64": arm64_check}
# The modules that register implementations.
PROVIDERS = {"x86_64": "lib_poly1305_x86", "arm64": "lib_poly1305_arm64"}


def implementation(name, arch="x86_64"):
    """The code of an implementation, the address of its function, and whether it uses aids."""
    module, part, aid = CHECKS[arch].IMPLEMENTATIONS[name]
    code = Code.load(modules(arch), module)
    if arch == "arm64":
        code.object.replace(arm64_check.ORACLES)
    return code, code.object.find(part), aid
