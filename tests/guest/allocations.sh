# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Every allocation of what the library and its callers do fails once: allocations.c.

# shellcheck source=steps.sh
. /guest/steps.sh
leaks=/sys/kernel/debug/kmemleak
may_lack_memory
# Loading and unloading wait for hundreds of grace periods.
expedite

# fails OPERATION...: each allocation of these, one at a time.
fails() {
	loaded $no_memory || step insmod "$no_memory_file" || return
	/files/allocations "$library_file" "$@" >/tmp/output 2>&1 || breaks "$(cat /tmp/output)" || return
	while read -r line; do
		ktap_print_msg "$line"
	done </tmp/output
	consistent
}

# Catches an init function that leaves something behind or succeeds without what it needs.
library() {
	fails "load:$library_file"
}
holds 'allocations: load the library' library

# Catches implementations, or records of declined ones, that stay when others fail.
register() {
	step insmod "$library_file" && fails "load:$arch_file" "load:$provider_file" && step active generic
}
holds 'allocations: register and decline' register

# Catches a pin that holds nothing, or stays, when the module that has its
# implementation cannot be loaded.
get() {
	step insmod "$library_file" && fails "load:$stress_file pin=$scalar_name pins=0+$arch"
}
holds 'allocations: get' get

# Catches a selection that is changed by halves, and a listing that ends early.
select_and_list() {
	step insmod "$library_file" && step insmod "$arch_file" && start_stress pins=0 &&
		fails select:generic "select:$scalar_name" list && step active "$arch_name" && step goes_on
}
holds 'allocations: select and list' select_and_list

# Catches an open file that is there without its memory, or stays without being open.
device() {
	step insmod "$library_file" && fails "load:$(file_of $device)" && step insmod "$(file_of $device)" && fails device
}
holds 'allocations: device' device

# Catches a drop-in that is there without the library, and what tests it likewise.
dropin() {
	step insmod "$library_file" && fails "load:/files/libpoly1305.ko" && step insmod /files/libpoly1305.ko &&
		fails "load:$(file_of lib_poly1305_dropin_test)"
	result=$?
	rmmod libpoly1305 && return "$result"
}
holds 'allocations: drop-in' dropin

# Catches memory that is lost on the way out.
no_leak() {
	sleep 6
	echo scan >$leaks && sleep 6 && echo scan >$leaks && cat $leaks >/tmp/leaks || return
	head -n 20 /tmp/leaks >/dev/kmsg
	! [ -s /tmp/leaks ]
}
holds 'allocations: kmemleak' no_leak
