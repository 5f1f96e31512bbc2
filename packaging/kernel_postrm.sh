#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# In /etc/kernel/postrm.d: what was made for a kernel that is removed goes with it.

release=$1
# Also run when the package of that kernel is upgraded.
case "$DEB_MAINT_PARAMS" in
*upgrade*) exit 0 ;;
esac
[ -n "$release" ] || exit 0
for folder in kernels callers refused; do
	rm -rf "/var/lib/lib-poly1305/$folder/$release"
done
# Modules that an upgrade left, of which DKMS knows nothing.
updates=updates/dkms
if cd "/lib/modules/$release" 2>/dev/null && rm -f "$updates"/lib_poly1305*.ko* && [ -d "$updates" ]; then
	rmdir -p --ignore-fail-on-non-empty "$updates"
fi
