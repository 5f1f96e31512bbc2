# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# All that changes the table at once, for as many seconds as /files/seconds says: two
# modules of the same implementations, each loaded and unloaded by a loader of its
# own, so that registrations race, and of two some are refused and rolled back; a
# selector; readers; callers by contexts, one-shots, pins and the device; and a CPU
# that goes and comes.

# shellcheck source=steps.sh
. /guest/steps.sh
read -r seconds </files/seconds
end=/tmp/end
counts=/tmp/counts
cpu=/sys/devices/system/cpu/cpu1/online

# until_end NAME COMMAND...: again and again; counts how often it succeeded.
until_end() {
	of=$1
	count=0
	shift
	while [ ! -e $end ]; do
		! "$@" || count=$((count + 1))
	done
	echo "$of $count" >>$counts
}

# What these three do may fail, as another one, a pin or a selection is in the way.
load_and_unload() {
	insmod "$2"
	rmmod "$1"
}

choose_next() {
	case "$next" in
	generic) next=$arch_name ;;
	"$arch_name") next=auto ;;
	*) next=generic ;;
	esac
	echo "$next" >$parameter
}

plug() {
	echo 0 >$cpu && echo 1 >$cpu
}

# A listing is of one moment: one is active, and none is there twice.
read_listing() {
	awk '
		seen[$1]++ { twice = 1 }
		$3 == "active" { active++ }
		END { exit !(active == 1 && !twice && seen["selected:"]) }' $listing && return
	ktap_print_msg "failed: a listing that cannot be"
	: >/tmp/bad
	return 1
}

compute() {
	exec 3<>/dev/lib_poly1305
	cat /files/key /files/message >&3
	head -c 16 <&3 | cmp - /files/tag && return
	ktap_print_msg "failed: a wrong tag by the device"
	: >/tmp/bad
	return 1
}

# Catches two changes of the table at one time, a change that a look at it sees half,
# and code that is called when it is gone.
race() {
	step modprobe $device && step rmmod "$arch" && start_stress pins=1 || return
	until_end loads load_and_unload "$arch" "$arch_file" 2>/dev/null &
	until_end loads load_and_unload "$second" /files/second_copy.ko 2>/dev/null &
	until_end selections choose_next 2>/dev/null &
	until_end listings read_listing &
	until_end device compute &
	[ ! -e $cpu ] || until_end plugs plug 2>/dev/null &
	sleep "$seconds"
	: >$end
	wait
	# Whoever was in the way is not there any more.
	for module in "$arch" "$second"; do
		attempt=0
		while loaded "$module" && ! rmmod "$module" 2>/dev/null && [ "$attempt" -lt 500 ]; do
			attempt=$((attempt + 1))
		done
	done
	[ ! -e /tmp/bad ] && step choose auto && step not_loaded "$second" && step not_loaded "$arch" && step active generic &&
		step insmod "$arch_file" && step active "$arch_name" && step goes_on
}

# counted NAME MINIMUM: so many, by all that count under that name.
counted() {
	sum=$(awk -v name="$1" '$1 == name { sum += $2 } END { print sum + 0 }' $counts)
	numbers="$numbers, $sum $1"
	[ "$sum" -ge "$2" ] || few="$few $1"
}

# Catches a race that did not take place.
took_place() {
	numbers="$(sed -n 's/.*lib_poly1305_stress: \([0-9]* tags, 0 wrong\)$/\1/p' /tmp/log)"
	few=
	[ "${numbers%% *}" -ge 5000 ] || few=' tags'
	counted loads 2
	counted selections 50
	counted listings 20
	counted device 10
	[ ! -e $cpu ] || counted plugs 2
	ktap_print_msg "raced: $numbers"
	[ -z "$few" ] || ktap_print_msg "failed: too few:$few"
	[ -z "$few" ]
}

holds 'races: no wrong tag' race
dmesg >/tmp/log
holds 'races: took place' took_place
