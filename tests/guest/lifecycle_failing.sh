# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of lifecycle.sh: modules of which some or all cannot be had.
# shellcheck source=steps.sh
. /guest/steps.sh

# Catches a name that is taken and takes the others of the arch module along.
taken_name() {
	step insmod "$library_file" && step insmod "$provider_file" name="$arch_name" && step insmod "$arch_file" &&
		step active "$arch_name" && grep -q "^$scalar_name .* standby  *$arch " $listing &&
		step rmmod $provider && step active "$scalar_name"
}
holds 'a name of the arch module is taken' taken_name

# Catches an implementation that computes wrongly and takes those along that do
# not, or that is not said to be declined: one with a wrong one was built.
wrong_one() {
	step insmod "$library_file" && step insmod /files/wrong_one.ko && step active "$scalar_name" &&
		step grep -q "^$arch_name .* declined: its self-test failed" $listing &&
		refused 'No such device' insmod "$stress_file" pin="$arch_name" && step rmmod "$arch" && step active generic
}
holds 'one of the arch module is wrong' wrong_one

# Catches a pin on a module whose init function may still fail, and does: its
# code would go away under the pin, or it could never go.
init_fails() {
	step insmod "$library_file" && start_stress pins=1 || return
	tries=0
	while [ "$tries" -lt 15 ]; do
		refused 'Input/output error' insmod "$provider_file" fail=1 && step active generic || return
		tries=$((tries + 1))
	done
	step goes_on
}
holds 'init fails under pins' init_fails

# sweep MODULE FILE: loads the module again and again, with another one of the allocations
# failing that are made from the moment its text is there until it is loaded: all of them.
# Each time it is there, or it is not and insmod says why.
sweep() {
	echo 100000 >/sys/module/$no_memory/parameters/nth
	step insmod "$2" && step rmmod "$1" || return
	# The kernel makes now a few more, now a few less.
	last=$(($(cat /sys/module/$no_memory/parameters/made) + 4))
	nth=0
	without=0
	while nth=$((nth + 1)) && [ "$nth" -le "$last" ]; do
		echo "$nth" >/sys/module/$no_memory/parameters/nth
		if insmod "$2" >/tmp/output 2>&1; then
			# The library does without its listing if it must.
			{ ! [ -e $listing ] || consistent; } && step rmmod "$1" || return
		else
			grep -q 'Cannot allocate memory' /tmp/output && step not_loaded "$1" || return
			without=$((without + 1))
		fi
	done
	echo "$last allocations, $without that $1 cannot do without" >/dev/kmsg
}

# without_memory MODULE FILE: sweeps until one of the module's own allocations was among
# those that failed, as a sweep in which the kernel makes more of them can miss it.
without_memory() {
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait && echo 0 >/sys/kernel/debug/failslab/verbose &&
		step insmod "$no_memory_file" module="$1" || return
	for _ in 1 2 3; do
		sweep "$1" "$2" || return
		! log_says 'refused: no memory for its self-test$' || return 0
	done
	return 1
}

# Catches an init function that leaves something behind when it fails.
library_without_memory() {
	without_memory $library "$library_file"
}
holds 'library without memory' library_without_memory
arch_without_memory() {
	step insmod "$library_file" && without_memory "$arch" "$arch_file" && step active generic
}
holds 'arch without memory' arch_without_memory
