#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# reproducible.sh ARCH: the modules have the same bits wherever, whenever and by whomever they are
# built, also with debugging information, which has most to say of all that. Each module is a test.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: reproducible.sh x86_64|arm64}
find_tools
KDIR=$(test_kernel "$ARCH")/base
export KDIR SETUP=no
# As CONFIG_DEBUG_INFO has it, which the test kernels are without.
export KCFLAGS=-g KRUSTFLAGS=-Cdebuginfo=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
ktap_print_header

# build PROJECT NAME COMMAND...: builds there the default modules, which leaves out the large one of
# the suites, by that command before the script.
build() {
	# shellcheck disable=SC2016 # what that shell expands
	logged "reproducible-$ARCH-$2" "${@:3}" sh -e -c '
		"$0/scripts/config.sh" "$KDIR" defconfig
		"$0/scripts/build.sh" "$KDIR" modules' "$1"
}
here=$work/here
copy_project "$here"
build "$here" here env LIB_POLY1305_BUILD="$here/build"

# There all is another: how long and deep names are, the age of files and their order in folders,
# the user, the number of jobs, and what the environment and the clock say.
there=$work/the/other/checkout
mkdir -p "$there" "$work/bin" "$work/built"
(cd "$here" && project_files "$here" | sort -zr | cpio --quiet --null -pd "$there")
find "$there" -exec touch -h -d '2001-02-03 04:05' {} +
# shellcheck disable=SC2016 # the arguments of that script
printf '#!/bin/sh\nexec %s -d "now 500 days 7 hours" "$@"\n' "$(command -v date)" >"$work/bin/date"
chmod 755 "$work/bin/date"
another=(env PATH="$work/bin:$PATH" LIB_POLY1305_BUILD="$work/built" JOBS=1 TZ=Asia/Kathmandu
	HOME=/nonexistent BINDGEN="$BINDGEN" LOGNAME=another USER=another KBUILD_BUILD_USER=another
	KBUILD_BUILD_HOST=another KBUILD_BUILD_TIMESTAMP=never)
if [ "$(id -u)" -eq 0 ]; then
	chown -R 65534 "$there" "$work/built"
	# The cache may be in a folder that is root's alone, which access(2) must not find closed, either.
	another=(setpriv --reuid=65534 --clear-groups --securebits=+no_setuid_fixup
		--inh-caps=+dac_override --ambient-caps=+dac_override "${another[@]}")
fi
umask 077
build "$there" there "${another[@]}"

# has_debug_info MODULE: without it, nothing would be shown.
has_debug_info() {
	readelf -SW "$1" | grep -F ' .debug_info '
}
# same_bits FILE: in both folders.
same_bits() {
	has_debug_info "$one/$1" && cmp "$one/$1" "$other/$1"
}
one=$(echo "$here"/build/*/modules)
other=$(echo "$work"/built/*/modules)
# Catches a place, a date or a name that got into a module, and an order that is left to chance.
while read -r module; do
	try "$module" same_bits "$module"
done < <(cd "$one" && find . -name '*.ko' -printf '%P\n' | sort)
# Catches a module that only one of both has.
files() {
	(cd "$1" && find . -name '*.ko')
}
[ -n "$(files "$one")" ] || die "no module was built in $one: see $BUILD/logs/reproducible-$ARCH-here.log"
try 'the same modules' same "$(files "$one" | sort)" files "$other"
[ "$(id -u)" -eq 0 ] || ktap_test_skip 'another user' 'only root can be one'
ktap_finished
