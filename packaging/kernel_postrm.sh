#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In /etc/kernel/postrm.d: what was made for a kernel that is removed goes with it.

release=$1
[ -z "$release" ] || [ -d "/lib/modules/$release/build" ] ||
	rm -rf "/var/lib/lib-poly1305/kernels/$release" "/var/lib/lib-poly1305/callers/$release"
