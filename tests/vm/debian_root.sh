#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debian_root.sh ARCH PACKAGES [TAR ARGUMENTS...]: prints a folder of the cache with
# what these packages, with commas between, and all that they depend on have for that
# architecture: x86_64, arm64 or um; tar's arguments say which files of it. They are of
# this machine's mirror, and of its own release or DEBIAN_SUITE, of which a mirror's copy may
# be an old one. The machine stays as it is.

. "$(dirname "$0")/../../scripts/common.sh"

packages=${2:?usage: debian_root.sh ARCH PACKAGES [TAR ARGUMENTS...]}
case "$1" in
x86_64) arch=amd64 ;;
arm64) arch=arm64 ;;
um) arch=$(dpkg --print-architecture) ;;
*) die "no Debian packages for ARCH=$1: use x86_64, arm64 or um" ;;
esac
shift 2

. /etc/os-release
suite=${DEBIAN_SUITE:-${VERSION_CODENAME:-unknown}}
# Named by what decides its content: the release's packages and this recipe.
digest=$({
	printf '%s\n' "$packages" "$@"
	cat "$PROJECT/tests/vm/debian_root.sh"
} | sha256sum | cut -c1-12)
root=$CACHE/debian/$arch-$suite-$digest
mkdir -p "$CACHE/debian"
exec 9>"$root.lock"
flock 9
if [ -d "$root" ]; then
	echo "$root"
	exit
fi

[ "${SETUP:-yes}" != no ] ||
	die "${packages//,/ } for $arch are not in the cache, and SETUP=no fetches nothing: run once without it"
need mmdebstrap
say "fetching ${packages//,/ } for $arch"
sources=$(debian_sources)
[ -z "${DEBIAN_SUITE:-}" ] || sources="deb [signed-by=$DEBIAN_KEYRING check-valid-until=no] $(debian_site) $suite main"
rm -rf "$root.partial"
mkdir "$root.partial"
# Every release has its own idea of where files are: here all are in /usr. tar does not read
# what comes after the end of an archive, and mmdebstrap must not find its pipe closed.
# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
mmdebstrap --variant=extract --architectures="$arch" --include="$packages" \
	--setup-hook='cd "$1" && mkdir usr && for folder in bin sbin lib lib64; do mkdir "usr/$folder" && ln -s "usr/$folder" .; done' \
	'' - - <<<"$sources" 2>"$root.log" |
	(tar -x -C "$root.partial" --no-same-owner --wildcards "$@" 2>>"$root.log" && cat >/dev/null) || {
	tail -n 5 "$root.log" >&2
	die "the packages ${packages//,/ } for $arch cannot be fetched: see $root.log"
}
mv "$root.partial" "$root"
echo "$root"
