# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of distro.sh: the modules that the package has installed.

# shellcheck source=steps.sh
. /guest/steps.sh

key=85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b

# tag FILE: by the device.
tag() {
	{
		echo $key | xxd -r -p >&3
		cat "$1" >&3
		head -c 16 <&3 | xxd -p
	} 3<>/dev/lib_poly1305
}

# same FILE: the device and openssl agree.
same() {
	[ "$(tag "$1")" = "$(openssl mac -macopt hexkey:$key -in "$1" POLY1305 | tr A-F a-f)" ]
}

comes_with_library() {
	modprobe $library && loaded "$arch" && [ "$(cat $parameter)" = "$arch_name" ]
}
holds 'modprobe loads library and implementations' comes_with_library

agrees_with_openssl() {
	modprobe $device && same /dev/null && same /etc/passwd && same /bin/bash
}
holds 'the device agrees with openssl' agrees_with_openssl

unloads() {
	modprobe $device && rmmod $device "$arch" $library
}
holds 'all of it unloads' unloads
