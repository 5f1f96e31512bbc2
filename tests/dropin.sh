#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dropin.sh x86_64|arm64 [throughput|modversions]: the module in place of the kernel's
# libpoly1305 is installed and taken away; in the booted kernel, that kernel's own
# users, suites and self-tests of Poly1305 run on it as they were built: on x86-64,
# a WireGuard tunnel and TLS as well, or what such a tunnel carries.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: dropin.sh x86_64|arm64 [throughput|modversions]}
how=${2:-}
find_tools
flavour=
case "$ARCH $how" in
'x86_64 ' | 'x86_64 throughput' | 'arm64 ') ;;
# The loader compares what the users were built against with what the drop-in exports.
'x86_64 modversions') flavour=modversions ;;
*) die "no test of the kernel's own users for '$ARCH $how': use x86_64, arm64, x86_64 throughput or x86_64 modversions" ;;
esac
begin_guests "$ARCH" "$flavour"
release=$(cat "$KDIR/include/config/kernel.release")
root=$work/root
modules=$root/lib/modules/$release
dropin=$PROJECT/scripts/dropin.sh

# installed: names, sizes and times of all modules; depmod's files change.
installed() {
	(cd "$modules" && find . -name '*.ko*' -printf '%p %s %T@\n' | sort)
}

# preferred PATTERN: modprobe takes a libpoly1305 of that path.
preferred() {
	# shellcheck disable=SC2053 # a pattern
	[[ $(/sbin/modinfo -b "$root" -k "$release" -n libpoly1305) == $1 ]]
}

# The kernel's own modules, as its modules_install would have them.
mkdir -p "$root/usr/lib"
ln -s usr/lib "$root/lib"
mkdir -p "$modules/kernel"
cp "$KDIR/modules.order" "$KDIR/modules.builtin" "$KDIR/modules.builtin.modinfo" "$modules/"
sed 's/\.o$/.ko/' "$KDIR/modules.order" | (cd "$KDIR" && cpio --quiet -pdm "$modules/kernel")
find "$modules/kernel" -name '*.ko' -exec "llvm-strip$LLVM_TOOL_SUFFIX" --strip-debug {} +

export INSTALL_MOD_PATH=$root INSTALL_MOD_STRIP=1
installed >"$work/before"

# Catches a library that is not installed along with the drop-in.
install_alone() {
	logged "dropin-$ARCH-install" "$dropin" install "$KDIR" && preferred '*/updates/*' &&
		[ "$(find "$modules/updates" -name '*.ko' | wc -l)" -eq 3 ]
}
# Catches a second installation that fails, or copies anew what is there.
install_twice() {
	installed | grep -v libpoly1305 >"$work/once"
	logged "dropin-$ARCH-again" "$dropin" install "$KDIR" && preferred '*/updates/*' &&
		installed | grep -v libpoly1305 | cmp - "$work/once"
}
# Catches files or folders of the drop-in that stay.
uninstall() {
	logged "dropin-$ARCH-uninstall" "$dropin" uninstall "$KDIR" && preferred '*/kernel/lib/crypto/*' &&
		[ ! -e "$modules/updates/callers" ] && installed | grep -v updates | cmp - "$work/before"
}
# Catches a drop-in that comes with all other modules.
plain_install() {
	logged "dropin-$ARCH-plain" "$PROJECT/scripts/build.sh" "$KDIR" modules_install &&
		preferred '*/kernel/lib/crypto/*' && [ -z "$(find "$modules/updates" -name 'libpoly1305*')" ]
}
try 'install' install_alone
try 'install, twice' install_twice
try 'uninstall' uninstall
try 'uninstall, twice' uninstall
try 'plain modules_install' plain_install
logged "dropin-$ARCH-install" "$dropin" install "$KDIR"

# What guests have beside modules: on x86-64 the programs for networks.
parts=()
if [ "$ARCH" = x86_64 ]; then
	parts=(tls wireguard)
	[ "$how" != throughput ] || parts=(throughput)
	"clang$LLVM_TOOL_SUFFIX" -O2 -Wall -Werror -static -o "$work/files/tls" "$PROJECT/tests/guest/tls.c"
	export GUEST_NETWORK=yes
fi
echo "${parts[@]}" >"$work/files/parts"
jobs=(modules "${parts[@]}")
jobs=("${jobs[@]/#/dropin_}")
run_guest "dropin-$ARCH${how:+-$how}" dropin '' "${jobs[@]/%/.sh}"
ktap_finished
