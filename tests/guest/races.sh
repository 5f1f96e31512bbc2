# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# All that changes the table at once, for as long as /files/limits says: two modules of
# the same implementations, each loaded and unloaded by a process of its own, so that
# registrations race, and of two some are refused and rolled back, or lack memory midway;
# a provider that loads, or fails midway; selectors; readers; callers by contexts,
# one-shots, pins, the device and the drop-in, which come and go as well; and a CPU that does.

# shellcheck source=steps.sh
. /guest/steps.sh
# shellcheck source=leaks.sh
. /guest/leaks.sh
read -r seconds cycles </files/limits
counts=/tmp/counts
cpu=/sys/devices/system/cpu/cpu1/online
dropin=/files/libpoly1305.ko
cp /files/second_copy.ko "/tmp/$second.ko"
# Of two that load one file at once, the kernel gives the second the result of the first.
mkdir /tmp/other
cp "$provider_file" /tmp/other/

racers() {
	set -- "load:$arch_file" "starve:/tmp/$second.ko" "load:$provider_file" "fail:/tmp/other/$provider.ko fail=1" \
		"load:$(file_of $device)" device "load:$(file_of $example)" list \
		"select:generic,$arch_name,auto,test-provider" "select:auto,$scalar_name,generic"
	[ ! -e $dropin ] || set -- "$@" "load:$dropin+$(file_of lib_poly1305_dropin_test)"
	[ ! -e $cpu ] || set -- "$@" plug
	/files/races "$seconds" "$cycles" "$@" >$counts 2>/tmp/output && return
	breaks "$(cat /tmp/output)"
}

# Catches two changes of the table at one time, a change that a look at it sees half,
# code that is called when it is gone, and an error that is none of those expected.
race() {
	# With shorter grace periods there are more races.
	expedite
	may_lack_memory
	step insmod "$library_file" && step insmod "$no_memory_file" && start_stress pins=1 && racers &&
		step choose auto && step active generic && step insmod "$arch_file" && step active "$arch_name" && step goes_on
}

# counted NAME MINIMUM: so many, by all that count under that name.
counted() {
	sum=$(awk -v name="$1" '$1 == name { print $2 }' $counts)
	numbers="$numbers, $sum $1"
	[ "${sum:-0}" -ge "$2" ] || few="$few $1"
}

# Catches a race that did not take place.
took_place() {
	numbers="$(sed -n 's/.*lib_poly1305_stress: \([0-9]* tags, 0 wrong\)$/\1/p' /tmp/log)"
	few=
	[ "${numbers%% *}" -ge 5000 ] || few=' tags'
	counted loads "$cycles"
	counted fails 2
	counted starved 2
	counted selections 20
	counted listings 10
	counted device 10
	[ ! -e $cpu ] || counted plugs 2
	counted seconds 1
	ktap_print_msg "raced: $numbers"
	[ -z "$few" ] || ktap_print_msg "failed: too few:$few"
	[ -z "$few" ]
}

holds 'races: no wrong tag' race
dmesg >/tmp/log
holds 'races: took place' took_place

# Catches memory that is lost when a change is refused, or undone.
holds 'races: kmemleak' no_leak
