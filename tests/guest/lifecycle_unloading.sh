# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of lifecycle.sh: modules that come and go under callers that compute.
# shellcheck source=steps.sh
. /guest/steps.sh

# Catches code that is called before it can be, and computations that do not
# survive a change of what computes them.
loaded_under_callers() {
	step insmod "$library_file" && start_stress pins=1 && step active generic && step insmod "$arch_file" &&
		step active "$arch_name" && step goes_on
}
holds 'arch loaded under callers' loaded_under_callers

# Catches a module that cannot be unloaded although nobody uses it.
rmmod_idle() {
	step modprobe $library && step rmmod "$arch" && step active generic && step insmod "$arch_file" && step active "$arch_name"
}
holds 'rmmod arch, idle' rmmod_idle

# Catches code that goes away while it runs: callers are no users of the module.
rmmod_busy() {
	step modprobe $library && start_stress pins=0 || return
	for _ in 1 2; do
		step rmmod "$arch" && step active generic && step goes_on && step insmod "$arch_file" && step active "$arch_name" &&
			step goes_on || return
	done
}
holds 'rmmod arch, busy' rmmod_busy

# Catches a pin that kmod, or the kernel itself, does not see.
rmmod_pinned() {
	step modprobe $library && start_stress pin="$arch_name" pins=0 && refused 'in use' rmmod "$arch" &&
		refused 'temporarily unavailable' busybox rmmod "$arch" && step active "$arch_name" && step goes_on &&
		end_stress && step rmmod "$arch"
}
holds 'rmmod arch, pinned' rmmod_pinned

# Catches a pin that keeps its module in use when it is let go, one of what is
# not active above all.
pinned_standby() {
	step modprobe $library implementation=generic && start_stress pin="$arch_name" pins=0 && step active generic &&
		refused 'in use' rmmod "$arch" && step goes_on && end_stress && step rmmod "$arch"
}
holds 'rmmod arch, pinned on standby' pinned_standby

# Catches a library that goes away under an implementation, or a caller.
rmmod_library() {
	step modprobe $library && refused 'in use' rmmod $library && step rmmod "$arch" && start_stress pins=1 &&
		refused 'in use' rmmod $library && step goes_on
}
holds 'rmmod the library: in use' rmmod_library

# Catches modules that hold each other. (kmod 30 unloads both and fails.)
remove_idle() {
	step modprobe $library && step loaded "$arch" || return
	modprobe -r $library >/tmp/output 2>&1 || ktap_print_msg "modprobe -r fails: $(cat /tmp/output)"
	step not_loaded $library && step not_loaded "$arch"
}
holds 'modprobe -r the library, idle' remove_idle

# Catches callers that do not survive an ordinary command: modprobe unloads the
# arch module first, and then sees that the library is in use.
remove_busy() {
	step modprobe $library && start_stress pins=0 && refused 'in use' modprobe -r $library && step loaded $library &&
		step goes_on && ktap_print_msg "then, what computes is $(cat $parameter)" && step modprobe "$arch" && step active "$arch_name" &&
		step goes_on
}
holds 'modprobe -r the library, busy' remove_busy

# Catches a pin that this does not stop at.
remove_pinned() {
	step modprobe $library && start_stress pin="$arch_name" pins=0 && refused 'in use' modprobe -r $library &&
		step loaded $library && step loaded "$arch" && step active "$arch_name" && step goes_on
}
holds 'modprobe -r the library, pinned' remove_pinned

# Catches the same for the arch module by its own name.
remove_arch() {
	step modprobe $library && start_stress pins=0 && step modprobe -r "$arch" && step loaded $library &&
		step active generic && step goes_on
}
holds 'modprobe -r arch, busy' remove_arch

# Catches a file of the library that is still open when the library goes: its
# code would run, when the file is closed at the latest.
open_listing() {
	step modprobe $library && exec 3<$listing && step rmmod "$arch" && refused 'in use' rmmod $library &&
		step grep -q '^generic ' /proc/self/fd/3 && exec 3<&- && step rmmod $library
}
holds 'rmmod the library, its listing open' open_listing

# The same after it was read, and while another process has it open.
read_listing() {
	step modprobe $library && exec 3<$listing && read -r _ <&3 && exec 4<$listing && exec 3<&- &&
		step rmmod "$arch" && refused 'in use' rmmod $library && exec 4<&- && step rmmod $library
}
holds 'rmmod the library, its listing half read' read_listing

# Catches the same of the parameter: whoever has it open is told that it is gone.
open_parameter() {
	step modprobe $library && exec 3<$parameter && exec 4>$parameter && step rmmod "$arch" && step rmmod $library || return
	read -r _ <&3 2>/tmp/output && return 1
	echo generic >&4 2>/tmp/output && return 1
	exec 3<&- && exec 4>&-
}
holds 'rmmod the library, its parameter open' open_parameter

# Catches the same of the device.
open_device() {
	step modprobe $device && exec 3<>/dev/$library && refused 'in use' rmmod $device && exec 3<&- && step rmmod $device
}
holds 'rmmod the device, open' open_device
