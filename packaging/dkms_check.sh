#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms_check.sh RELEASE: whether modules can be built for that kernel. For DKMS a status of
# 77 means that they cannot, and that this is no error: the package stays configured, and
# the next kernel is tried again. The reason is in DKMS's log, and in the one of the system.

. "$(dirname "$0")/../scripts/common.sh"

release=${1:?usage: dkms_check.sh RELEASE}
said=$("$PROJECT/packaging/kernel_build.sh" "$release" 2>&1 >/dev/null) || {
	echo "$said" >&2
	logger -t lib-poly1305 -- "not built for kernel $release: $(tail -n 1 <<<"$said")" 2>/dev/null || true
	exit 77
}
