# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The arch module on a CPU that cannot run what it has.

# shellcheck source=steps.sh
. /guest/steps.sh

declined() {
	grep -q "^$arch_name  *- declined: the CPU has no " $listing && log_says "$arch_name declined: the CPU has no " &&
		[ "$(grep -c declined: $listing)" = "$names" ]
}

# Catches a library that does not load, or does not say why it is slow.
modprobe_library() {
	step modprobe $library && step not_loaded "$arch" && step active generic && step declined && start_stress pins=1
}
holds 'declined: modprobe the library' modprobe_library

# Catch a module that stays although it is of no use.
by_insmod() {
	step insmod "$library_file" && start_stress pins=1 && refused 'No such device' insmod "$arch_file" && step not_loaded "$arch" &&
		step declined && step active generic && step goes_on
}
holds 'declined: insmod arch' by_insmod

by_modprobe() {
	step insmod "$library_file" && refused 'No such device' modprobe "$arch" && step not_loaded "$arch" && step declined &&
		refused 'No such device' modprobe "$arch" && step declined
}
holds 'declined: modprobe arch, twice' by_modprobe

# Catches a selection that is taken to be fulfilled some day.
choose_it() {
	step modprobe $library && cp $listing /tmp/before && refused 'No such device' choose "$arch_name" &&
		step cmp /tmp/before $listing && step active generic
}
holds 'declined: selected at run time' choose_it

# Catches a library that does not load because of a selection that cannot come true.
choose_it_at_load() {
	step modprobe $library implementation="$arch_name" && step active generic && step selected "$arch_name" && step declined
}
holds 'declined: selected at load' choose_it_at_load

# Catches a pin that says EAGAIN, so that its caller tries again for ever.
pin_it() {
	step modprobe $library && refused 'No such device' insmod "$stress_file" pin="$arch_name" && step not_loaded $stress
}
holds 'declined: pinned' pin_it

# Catches the same where the pin is what has the module loaded.
pin_it_first() {
	step insmod "$library_file" && refused 'No such device' insmod "$stress_file" pin="$arch_name" && step not_loaded $stress &&
		step declined
}
holds 'declined: pinned before it was known' pin_it_first

# Catches a table of CPU features that has udev try in vain. (The feature 0x128,
# which this CPU lacks, is BMI2.)
modalias_of_another() {
	refused 'not found' modprobe -n -v "$(cat $modalias)" &&
		step modprobe -n -v "$(sed 's/:feature:/&,0128,/' $modalias)" && grep -q "insmod $arch_file" /tmp/output
}
holds 'declined: modalias of the CPU' modalias_of_another
