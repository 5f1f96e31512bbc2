# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of lifecycle.sh: the parameter "implementation".
# shellcheck source=steps.sh
. /guest/steps.sh

# chosen NAME ACTIVE: it is the selection, and that one computes.
chosen() {
	selected "$1" && active "$2"
}

# Catches a selection that is forgotten when something better comes.
generic_at_load() {
	step modprobe $library implementation=generic && step loaded "$arch" && step chosen generic generic
}
holds 'generic at load' generic_at_load

# Catches a library that does not load because the selection is not there yet.
arch_at_load() {
	step modprobe $library implementation="$arch_name" && step chosen "$arch_name" "$arch_name"
}
holds 'arch at load' arch_at_load

# Catches the same where it stays away for long.
arch_later() {
	step insmod "$library_file" implementation="$arch_name" && step chosen "$arch_name" generic &&
		step insmod "$arch_file" && step chosen "$arch_name" "$arch_name"
}
holds 'arch at load, loaded later' arch_later

# Catches a selection that cannot be fulfilled, and is taken for none.
nonsense_at_load() {
	refused 'Invalid parameters\|Invalid argument' modprobe $library implementation=nonsense &&
		step log_says 'nonsense not selected: no implementation has that name' &&
		step not_loaded $library && step not_loaded "$arch" && step modprobe $library && step active "$arch_name"
}
holds 'nonsense at load' nonsense_at_load

# Catches a parameter that others than root can write.
mode() {
	step modprobe $library && [ "$(stat -c %a $parameter)" = 644 ]
}
holds 'mode 0644' mode

# Catches a change that running callers notice, or that does not last.
at_run_time() {
	step modprobe $library && start_stress pins=0 && step choose generic && step chosen generic generic && step goes_on &&
		step rmmod "$arch" && step insmod "$arch_file" && step chosen generic generic &&
		step choose "$arch_name" && step chosen "$arch_name" "$arch_name" && step goes_on &&
		step choose auto && step chosen auto "$arch_name"
}
holds 'generic, arch and auto at run time' at_run_time

# refused_whole WORDS NAME: and nothing has changed.
refused_whole() {
	cp $listing /tmp/before
	refused "$1" choose "$2" && step cmp /tmp/before $listing
}

# Catch a refused selection that changes something all the same.
nonsense_at_run_time() {
	step modprobe $library && refused_whole 'No such file or directory' nonsense && step choose generic &&
		refused_whole 'No such file or directory' nonsense
}
holds 'nonsense at run time' nonsense_at_run_time

not_a_name() {
	step modprobe $library && refused_whole 'Invalid argument' '' && refused_whole 'Invalid argument' 'Not a name' &&
		refused_whole 'Invalid argument' a-name-of-thirty-two-characters- &&
		refused_whole 'Invalid argument' "$(dd if=/dev/zero bs=3000 count=1 2>/dev/null | tr '\0' a)"
}
holds 'not a name' not_a_name

# Catches a valid name, with the newline of "echo", that is too long for a buffer.
longest_name() {
	step modprobe $library && refused_whole 'No such file or directory' a-name-of-thirty-one-characters
}
holds 'longest name' longest_name

not_there() {
	step insmod "$library_file" && refused_whole 'Resource temporarily unavailable' "$arch_name"
}
holds 'arch that is not loaded' not_there

# Catches a selection that goes away with the module.
selection_stays() {
	step modprobe $library && step choose "$arch_name" && step rmmod "$arch" && step chosen "$arch_name" generic &&
		step insmod "$arch_file" && step chosen "$arch_name" "$arch_name" && step choose auto &&
		step chosen auto "$arch_name"
}
holds 'the selection outlives the module' selection_stays
