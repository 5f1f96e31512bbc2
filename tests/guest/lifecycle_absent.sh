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

# packaged PATTERN: these lines of packaging/modprobe.conf count, where they are comments.
packaged() {
	sed -n "s/^#\($1.*\)/\1/p" /files/modprobe.conf >$modprobe_conf && [ -s $modprobe_conf ]
}

# Shows that "blacklist" keeps udev from loading it, and not the library: that
# word is for aliases, and modprobe ignores it for soft dependencies.
blacklisted() {
	packaged "blacklist $arch" && step modprobe -b "$(cat $modalias)" && step not_loaded "$arch" && step modprobe $library && step active "$arch_name"
}
holds 'blacklist stops udev only' blacklisted

# Catches a library that insists where an administrator said no.
forbidden() {
	packaged "install $arch " && does_without
}
holds 'install /bin/false' forbidden

# Catches a line that modprobe ignores, as it does one without "pre:".
alone() {
	packaged 'softdep' && step modprobe $device && step not_loaded "$arch" && step active generic &&
		step modprobe "$arch" && step active "$arch_name"
}
holds 'softdep of nothing' alone

# Catches a library that is loaded all the same, by itself or for what needs it: a softdep makes
# modprobe ignore "install".
banned() {
	packaged "\(softdep\|install\) $library " && refused 'install command' modprobe $library &&
		refused 'install command\|Unknown symbol' modprobe $device && refused 'install command' modprobe "$arch" &&
		step not_loaded $library
}
holds 'install /bin/false, of the library' banned

# Catches an option that only counts for who names the library.
optioned() {
	packaged 'options' && step modprobe $device && step loaded "$arch" && step active generic && step selected generic
}
holds 'options of the library' optioned

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
