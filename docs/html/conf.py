# SPDX-License-Identifier: GPL-2.0
"""Sphinx with the kernel's own extension for kernel-doc comments: see htmldocs.sh."""

import os
import sys

sys.path.insert(0, os.path.join(os.environ["srctree"], "Documentation/sphinx"))

project = "lib_poly1305"
copyright = "lib_poly1305 authors"
extensions = ["kerneldoc"]
kerneldoc_srctree = os.path.abspath("../..")
primary_domain = "c"
highlight_language = "c"
html_theme = "alabaster"
html_copy_source = False
# Every name that a comment refers to is documented here, but for these.
nitpicky = True
nitpick_ignore = [
    ("c:identifier", name)
    for name in ("__u8", "size_t", "iov_iter", "scatterlist", "lib_poly1305_pin")
]
