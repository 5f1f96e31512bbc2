# SPDX-License-Identifier: GPL-2.0
"""Runs these tests and reports KTAP: `python3 -m proofs [NAME...]`, with names as unittest has them."""

import sys
from pathlib import Path
from unittest import defaultTestLoader as loader

import ktap

HERE = Path(__file__).parent

if __name__ == "__main__":
    names = sys.argv[1:]
    sys.exit(ktap.run(loader.loadTestsFromNames(names) if names else loader.discover(HERE, top_level_dir=HERE.parent)))
