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
	while [ "$tries" -lt 10 ]; do
		refused 'Input/output error' insmod "$provider_file" fail=1 && step active generic || return
		tries=$((tries + 1))
	done
	step goes_on
}
holds 'init fails under pins' init_fails
