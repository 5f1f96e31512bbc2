#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Prints the folder of the kernel source for the test kernels. Fetches it and unpacks
# it into the cache if it is not there.
#
#   KSRC=DIR   use that tree as it is
#   KVER=7.3   use that series; default: the newest linux-source-7.x package, as of
#              when a test kernel was first built here; KVER=newest: as of now
#
# linux-source packages have the same files on every architecture and release, so
# newer suites are searched, too, through a private apt configuration. The machine's
# own is not changed.

. "$(dirname "$0")/common.sh"

if [ -n "${KSRC:-}" ]; then
	[ -f "$KSRC/rust/Makefile" ] ||
		die "KSRC=$KSRC is not a kernel source tree: set it to the folder that contains rust/Makefile"
	cd "$KSRC" && pwd
	exit
fi

series=${KVER:-newest}
[ "$series" != newest ] || series='7\.[0-9]+'

# A tree that was unpacked before is used until the cache is cleared or another series
# is requested, so that a test run never changes kernels unasked. What KVER=newest has
# brought is marked otherwise.
complete=.complete
if [ "${KVER:-}" = newest ]; then
	complete=.newest
else
	tree=$(find "$CACHE/src" -mindepth 2 -maxdepth 2 -name "$complete" -printf '%h\n' 2>/dev/null |
		grep -E "/linux-source-${series}_[^/]*$" | sort -V | tail -n 1 || true)
	if [ -n "$tree" ]; then
		echo "$tree"
		exit
	fi
fi
[ "${SETUP:-yes}" != no ] ||
	die "no source of ${KVER:+the $KVER }kernel is unpacked, and SETUP=no fetches none: run 'make setup', or unpack one and set KSRC="

apt=$CACHE/apt
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$CACHE/src"
# Two test kernels may want a source at the same time: the second one finds it unpacked.
exec 9>"$CACHE/src/.lock"
flock 9

site=$(debian_site)
private_apt() {
	local tool=$1
	shift
	"$tool" -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
		-o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
		-o APT::Sandbox::User= -o Acquire::Languages=none "$@"
}

# Suites have their code names here, as mirrors may have old copies under the aliases.
# Suites that a mirror does not have are left out.
say "looking for the newest linux-source package"
: >"$apt/sources.list"
suites=()
for suite in trixie-backports forky-backports forky sid; do
	line="deb [signed-by=$DEBIAN_KEYRING] $site $suite main"
	echo "$line" >"$apt/one.list"
	if private_apt apt-get -o Dir::Etc::sourcelist="$apt/one.list" -o APT::Get::List-Cleanup=false update -q >"$apt/log" 2>&1; then
		echo "$line" >>"$apt/sources.list"
		suites+=("$suite")
	fi
done
[ "${#suites[@]}" -gt 0 ] || die "none of Debian's newer suites can be read ($(tail -n 1 "$apt/log")): unpack a kernel source and set KSRC="

# Newest series first, then the newest version in it.
pattern="^linux-source-$series$"
package=$(private_apt apt-cache pkgnames linux-source- | grep -E "$pattern" | sort -V | tail -n 1 || true)
[ -n "$package" ] ||
	die "no package linux-source (of series ${KVER:-7.x}) in ${suites[*]}: set KVER= to another series, or unpack a kernel source and set KSRC="
version=$(private_apt apt-cache madison "$package" | awk -F '|' '{ gsub(/ /, "", $2); print $2 }' | sort -V | tail -n 1)

tree=$CACHE/src/${package}_$version
if [ -e "$tree/.complete" ] || [ -e "$tree/.newest" ]; then
	touch "$tree/$complete"
	echo "$tree"
	exit
fi
work=$tree.partial
rm -rf "$work"
mkdir -p "$work"
say "downloading $package $version"
(cd "$work" && private_apt apt-get download -q "$package=$version" >&2)
say "unpacking it"
dpkg-deb -x "$work/"*.deb "$work/deb"
mkdir "$work/tree"
tar -C "$work/tree" --strip-components=1 -xf "$work/deb/usr/src/$package.tar.xz"
rm -rf "$tree"
mv "$work/tree" "$tree"
touch "$tree/$complete"
rm -rf "$work"
echo "$tree"
