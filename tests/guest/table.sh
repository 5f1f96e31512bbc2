# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Loads the library, with the module for the architecture, and says what is in
# the table.

modprobe lib_poly1305 || return 1
while read -r line; do
	say "$line"
done </sys/kernel/debug/lib_poly1305/implementations
