#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# um.sh LINUX LOG PARAMETER...: boots that program, which is user-mode Linux, with two
# CPUs at the machine's own speed, leaves its console in LOG, and fails if it does not
# end by itself or complained.

. "$(dirname "$0")/../common.sh"

linux=${1:?usage: um.sh LINUX LOG PARAMETER...}
log=${2:?usage: um.sh LINUX LOG PARAMETER...}
shift 2
limit=${UM_TIMEOUT:-1800}

# More than one CPU takes the way by seccomp.
rc=0
timeout "$limit" "$linux" ncpus=2 seccomp=on console=tty0 con=null con0=fd:0,fd:1 "$@" </dev/null >"$log" 2>&1 || rc=$?
[ "$rc" -ne 124 ] || did_not_end 'user-mode Linux' "$limit" "$log"
[ "$rc" -eq 0 ] || {
	tail -n 20 "$log" >&2
	die "user-mode Linux ended with status $rc: see $log"
}
"$PROJECT/tests/objects/log.sh" "$log"
