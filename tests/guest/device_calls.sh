# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of device.sh: system calls that a shell cannot make. tests/guest/device.c
# says what each test catches.

calls() {
	/files/device "$1"
}
# Allocations fail for the test that asks for it.
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose
holds 'memory that cannot be read: EFAULT' calls unreadable
holds 'memory that cannot be written: EFAULT' calls unwritable
holds 'positions: ESPIPE' calls positions
holds 'a signal ends a write' calls signals
holds 'open without memory: ENOMEM' calls no_memory
holds 'processes that share a file' calls sharing
