#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# htmldocs.sh: makes HTML of the kernel-doc comments of include/, by the kernel's
# own tools, in build/htmldocs. A warning is an error.

. "$(dirname "$0")/common.sh"

command -v sphinx-build >/dev/null ||
	die "no sphinx-build: run 'make setup', or install Sphinx (Debian's package is python3-sphinx)"
srctree=$("$PROJECT/scripts/kernel_source.sh")
export srctree PYTHONDONTWRITEBYTECODE=1
"$srctree/scripts/kernel-doc" -none -Wall -Werror "$PROJECT"/include/*.h
sphinx-build -q -W --keep-going -d "$BUILD/htmldocs.cache" "$PROJECT/docs/html" "$BUILD/htmldocs"
say "the documentation is $BUILD/htmldocs/index.html"
