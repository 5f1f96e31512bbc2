#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms_build.sh RELEASE [OPTION...]: builds the modules for that installed kernel, those
# that users need and those of the options, such as LIB_POLY1305_DROPIN, in the folder build
# of the current one, leaves them in the folder built, and makes sure that the kernel can load
# them. What callers link to is left below /var/lib/lib-poly1305/callers.

LIB_POLY1305_BUILD=$PWD/build
export LIB_POLY1305_BUILD

. "$(dirname "$0")/../scripts/common.sh"

release=${1:?usage: dkms_build.sh RELEASE}
shift
KDIR=$("$PROJECT/packaging/kernel_build.sh" "$release")
folder=$(modules_folder "$KDIR")
mkdir -p "$folder/config"
{
	printf 'CONFIG_%s=m\n' LIB_POLY1305 LIB_POLY1305_X86 LIB_POLY1305_ARM64 LIB_POLY1305_DEVICE "$@"
	printf '# CONFIG_LIB_POLY1305_%s is not set\n' TEMPLATE_C KUNIT_TEST BENCH STRESS_TEST DROPIN_TEST
	[[ " $* " == *DROPIN* ]] || echo '# CONFIG_LIB_POLY1305_DROPIN is not set'
} >"$folder/config/.config"
modules=$("$PROJECT/scripts/build.sh" "$KDIR") ||
	die "the modules do not build for kernel $release, as said above: boot another kernel for them, and report this"

built=$PWD/built
rm -rf "$built"
mkdir "$built"
find "$modules" -name '*.ko' -exec cp -t "$built" {} +
# modpost has refused symbols that the kernel's Module.symvers does not have. What is left
# is whether that is the file of the kernel that shall load them.
cmp -s "$KDIR/Module.symvers" "/lib/modules/$release/build/Module.symvers" ||
	die "$KDIR has other symbols than the headers of kernel $release: remove that folder, and build again"
for module in "$built/"*.ko; do
	vermagic=$(modinfo -F vermagic "$module")
	[ "${vermagic%% *}" = "$release" ] ||
		die "${module##*/} is for kernel ${vermagic%% *}, not $release: remove $KDIR, and build again"
done

# The rest is of the package with the library.
[ $# -eq 0 ] || exit 0
callers=${LIB_POLY1305_STORE:-/var/lib/lib-poly1305}/callers/$release
rm -rf "$callers"
"$PROJECT/scripts/headers_install.sh" "$KDIR" "$callers"
