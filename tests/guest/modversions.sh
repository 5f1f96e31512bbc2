# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Symbol versions: /files has a caller and a provider that were built against
# structures of another layout, under the same ABI version and of the same size.

# shellcheck source=steps.sh
. /guest/steps.sh

# Catches a caller that would keep its message where the library has the pad.
changed_caller() {
	step modprobe $library &&
		refused 'Invalid parameters' insmod /files/changed_caller.ko &&
		step log_says 'disagrees about version of symbol lib_poly1305_' &&
		step not_loaded $example && step modprobe $example
}

# Catches a provider whose name the library would take for its owner.
changed_provider() {
	step modprobe $library && step rmmod "$arch" &&
		refused 'Invalid parameters' insmod /files/changed_provider.ko &&
		step log_says 'disagrees about version of symbol lib_poly1305_register' &&
		step active generic && step modprobe "$arch" && step active "$arch_name"
}

holds 'changed context' changed_caller
holds 'changed ops' changed_provider
