#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms_check.sh RELEASE: whether modules can be built for that kernel. For DKMS a status of
# 77 means that they cannot, and that this is no error: the package stays configured, and
# the next kernel is tried. Any other is a failed build. The reason is in DKMS's log, in the
# one of the system, and for the package's postinst in /var/lib/lib-poly1305/refused.

. "$(dirname "$0")/../scripts/common.sh"

release=${1:?usage: dkms_check.sh RELEASE}
reason=${LIB_POLY1305_STORE:-/var/lib/lib-poly1305}/refused/$release
rm -f "$reason"
rc=0
said=$("$PROJECT/packaging/kernel_build.sh" "$release" 2>&1 >/dev/null) || rc=$?
echo "$said" >&2
[ "$rc" -ne 0 ] || exit 0

said="no modules for kernel $release: $(tail -n 1 <<<"$said" | sed 's/^error: //')"
logger -t lib-poly1305 -- "$said" 2>/dev/null || true
mkdir -p "${reason%/*}"
echo "$said" >"$reason"
exit "$rc"
