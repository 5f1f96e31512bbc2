# SPDX-License-Identifier: GPL-2.0
"""Proofs about the machine code of the modules' objects: see values.py for the method."""
