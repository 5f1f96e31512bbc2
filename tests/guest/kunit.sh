# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Loads every module, so that the suites run, and unloads them again.

# Where the kernel can, allocations fail for the tests that ask for it.
failslab=/sys/kernel/debug/failslab
if [ -d $failslab ]; then
	echo N >$failslab/ignore-gfp-wait
	echo 0 >$failslab/verbose
fi

for module in lib_poly1305_kunit template_c lib_poly1305_device; do
	say "modprobe $module"
	modprobe "$module" || return 1
done
while read -r line; do
	say "$line"
done </sys/kernel/debug/lib_poly1305/implementations
say "$(cat /sys/module/lib_poly1305/parameters/implementation) is active"
# Files of KUnit may stay open, and say then that what they are of is gone.
set -- /sys/kernel/debug/kunit/lib_poly1305_*/results
exec 3<"$1" 4<"$1" && read -r _ <&4
for module in lib_poly1305_device template_c lib_poly1305_kunit; do
	rmmod "$module" || return 1
done
! read -r _ <&3 && exec 3<&- 4<&- || return 1
# The module for the architecture came with the library, and needs it.
for module in lib_poly1305_x86 lib_poly1305_arm64; do
	! grep -q "^$module " /proc/modules || rmmod "$module" || return 1
done
rmmod lib_poly1305 || return 1
# Nothing must be left of them.
! grep -q '^lib_poly1305' /proc/modules
