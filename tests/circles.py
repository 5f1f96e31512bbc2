#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""circles.py FOLDER...: fails if files of Rust in a folder need each other in a circle.

A file needs another one that it names by `super::`, `self::` or `crate::`. A file that declares the
others as its modules needs them all, and they may name what it declares, so it is left out.
"""

import graphlib
import pathlib
import re
import sys


def needs(folder):
    """By the name of each file of a folder, the names of those that it needs."""
    texts = {path.stem: re.sub(r"//.*", "", path.read_text()) for path in folder.glob("*.rs")}
    roots = {name for name, text in texts.items() if re.search(r"^(?:pub )?mod \w+;", text, re.M)}
    return {
        name: set(re.findall(r"\b(?:super|self|crate)::(\w+)", text)) & set(texts) - roots - {name}
        for name, text in texts.items()
        if name not in roots
    }


def main():
    count = 0
    for folder in map(pathlib.Path, sys.argv[1:]):
        files = needs(folder)
        count += len(files)
        try:
            graphlib.TopologicalSorter(files).prepare()
        except graphlib.CycleError as error:
            sys.exit(f"error: files of {folder} need each other: {' <- '.join(error.args[1])}")
    if not count:
        sys.exit("error: there is no file to look at")
    print(f"no circle between {count} files")


main()
