# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of lifecycle.sh: what is loaded, in whichever order.
# shellcheck source=steps.sh
. /guest/steps.sh
# Every module that goes waits for grace periods, which would be a fifth of the time of all parts.
expedite

# Catches a library that comes without the fast implementation.
modprobe_library() {
	step modprobe $library && step loaded "$arch" && step active "$arch_name" && step selected auto
}
holds 'modprobe the library' modprobe_library

# Catches a soft dependency that works only for the library itself.
modprobe_caller() {
	step modprobe "$1" && step loaded $library && step loaded "$arch" && step active "$arch_name"
}
holds 'modprobe the device' modprobe_caller $device
holds 'modprobe the C example' modprobe_caller $example

# in_order MODULE...: by insmod. Whoever comes before the library is refused,
# leaves nothing behind, and comes again at the end.
in_order() {
	for module; do
		if [ "$module" = $library ] || loaded $library; then
			step insmod "$(file_of "$module")" || return
		else
			refused 'Unknown symbol' insmod "$(file_of "$module")" && step not_loaded "$module" || return
		fi
	done
	for module; do
		loaded "$module" || step insmod "$(file_of "$module")" || return
	done
	step active "$arch_name"
}

# Catch an implementation that is used only if it came at the right time, and
# a refused module that leaves something behind.
holds 'order: library, arch, caller' in_order $library "$arch" $example
holds 'order: library, caller, arch' in_order $library $example "$arch"
holds 'order: arch, library, caller' in_order "$arch" $library $example
holds 'order: arch, caller, library' in_order "$arch" $example $library
holds 'order: caller, library, arch' in_order $example $library "$arch"
holds 'order: caller, arch, library' in_order $example "$arch" $library

# Catches an arch module that can do without the library: it would never be used.
without_library() {
	refused 'Unknown symbol' insmod "$arch_file" && step not_loaded "$arch" &&
		step log_says "$arch: Unknown symbol lib_poly1305_register"
}
holds 'arch without the library' without_library

# Catches a table of CPU features that udev finds no module by.
by_modalias() {
	step modprobe -n -v "$(cat $modalias)" && grep -q "insmod $arch_file" /tmp/output && step modprobe -b "$(cat $modalias)" &&
		step active "$arch_name"
}
holds 'modalias of the CPU' by_modalias

# Catches two implementations of one name, and one that takes the other's place.
# (Newer kernels turn EEXIST of an init function into EBUSY.)
second_copy() {
	step modprobe $library && cp $listing /tmp/before &&
		refused 'File exists\|Device or resource busy' insmod /files/second_copy.ko &&
		step log_says "$arch_name refused: an implementation of that name is registered" &&
		step cmp /tmp/before $listing && step active "$arch_name" && step not_loaded "$second"
}
holds 'second copy of the arch module' second_copy

# Catches a module that was built against another table of functions.
# /files/abi has the version it was built with, and that of the library.
other_abi() {
	read -r its ours </files/abi
	step insmod "$library_file" && cp $listing /tmp/before &&
		refused 'Exec format error\|Invalid module format' insmod /files/other_abi.ko &&
		step log_says "refused: abi_version $its .*not $ours " && step cmp /tmp/before $listing && step not_loaded "$arch"
}
holds 'other ABI version' other_abi
