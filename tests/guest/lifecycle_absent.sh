# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of lifecycle.sh: the arch module cannot be loaded, or must be fetched.
# shellcheck source=steps.sh
. /guest/steps.sh

# does_without: the library works, and says EAGAIN of the name.
does_without() {
	step modprobe $library && step not_loaded "$arch" && step active generic &&
		refused 'Resource temporarily unavailable' choose "$arch_name" && step active generic &&
		refused 'Resource temporarily unavailable' insmod "$stress_file" pin="$arch_name" && step not_loaded $stress &&
		start_stress pins=1
}

# Catches a library that needs a module which is not installed, and one that
# does not find it when it is.
absent() {
	mv "$arch_file" $away && depmod -a && does_without && end_stress &&
		mv $away "$arch_file" && depmod -a && start_stress pin="$arch_name" pins=0 && step active "$arch_name"
}
holds 'arch not installed' absent

# Catches the same where an initramfs has the list of modules, but not all
# files. (The list is what depmod made for the whole system.)
incomplete() {
	mv "$arch_file" $away && grep -q "$arch.ko" "/lib/modules/$(uname -r)/modules.dep" && does_without
}
holds 'arch listed, but missing' incomplete

# Shows that "blacklist" keeps udev from loading it, and not the library: that
# word is for aliases, and modprobe ignores it for soft dependencies.
blacklisted() {
	echo "blacklist $arch" >$modprobe_conf
	step modprobe -b "$(cat $modalias)" && step not_loaded "$arch" && step modprobe $library && step active "$arch_name"
}
holds 'blacklist stops udev only' blacklisted

# Catches a library that insists where an administrator said no.
forbidden() {
	echo "install $arch /bin/false" >$modprobe_conf
	does_without
}
holds 'install /bin/false' forbidden

# Catches a pin that does not load what it names, or does not hold it.
fetched() {
	step insmod "$library_file" && step not_loaded "$arch" && start_stress pin="$arch_name" pins=0 &&
		step loaded "$arch" && step active "$arch_name" && [ "$(references "$arch")" = 1 ]
}
holds 'a pin loads the module' fetched

# Catches a pin of nothing, and a module loaded for a name it does not have.
nonsense() {
	step insmod "$library_file" && refused 'Unknown symbol\|No such file' insmod "$stress_file" pin=nonsense &&
		step not_loaded "$arch" && step not_loaded $stress
}
holds 'a pin of an unknown name' nonsense
