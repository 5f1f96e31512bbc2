# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The arch module on a CPU that can run some of what it has: BMI2, and no AVX2.

# shellcheck source=steps.sh
. /guest/steps.sh

# Catches a module that has all of its implementations or none.
some_of_it() {
	step modprobe $library && step loaded "$arch" && step active x86_64-bmi2 &&
		grep -q "^$arch_name  *- declined: the CPU has no " $listing && start_stress pins=1 && step goes_on &&
		refused 'No such device' choose "$arch_name" && step active x86_64-bmi2
}
holds 'partly declined: modprobe the library' some_of_it

# Catches registrations that outlive a module that had several.
come_and_go() {
	step modprobe $library && start_stress pins=0 && step rmmod "$arch" && step active generic && step goes_on &&
		step insmod "$arch_file" && step active x86_64-bmi2 && step goes_on
}
holds 'partly declined: rmmod arch, busy' come_and_go
