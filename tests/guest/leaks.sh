# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What jobs share that look for lost memory, on a kernel with kmemleak.

# Only objects of some seconds are looked at, and only those that two scans do not find
# are reported.
no_leak() {
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak && sleep 6 && echo scan >/sys/kernel/debug/kmemleak &&
		cat /sys/kernel/debug/kmemleak >/tmp/leaks || return
	head -n 20 /tmp/leaks >/dev/kmsg
	! [ -s /tmp/leaks ]
}
