#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# deb.sh: builds the Debian packages in build/deb, in a clean root with debhelper, and has
# lintian look at them. What such a root begins with is kept for a month.
#
#   SUITE=trixie               the release they are built in
#   DEBFULLNAME= DEBEMAIL=     their maintainer; default: git's user

. "$(dirname "$0")/../tests/common.sh"

suite=${SUITE:-trixie}
site=$(debian_site)
need mmdebstrap
name=${DEBFULLNAME:-$(git config user.name 2>/dev/null || true)}
mail=${DEBEMAIL:-$(git config user.email 2>/dev/null || true)}
[ -n "$name$mail" ] || die "a package names its maintainer: set DEBFULLNAME= and DEBEMAIL="

# make_clean FILE: such a root, as a tarball.
make_clean() {
	logged deb-root as_root mmdebstrap --variant=buildd --include=debhelper,dh-dkms,lintian --format=tar --skip=output/dev \
		"$suite" "$1" "deb [signed-by=$DEBIAN_KEYRING] $site $suite main"
}
clean=$(monthly "build-$suite" make_clean)

check_ours "$BUILD"
out=$BUILD/deb
rm -rf "$out"
copy_project "$out/lib-poly1305"
mv "$out/lib-poly1305/packaging/debian" "$out/lib-poly1305/debian"
sed -i "s/@MAINTAINER@/$name <$mail>/" "$out/lib-poly1305/debian/"{control,changelog}

# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
logged deb as_root mmdebstrap --variant=custom --skip=update --format=null --setup-hook="tar-in '$clean' /" \
	--customize-hook='mkdir "$1/build"' --customize-hook="sync-in '$out' /build" \
	--customize-hook='chroot "$1" sh -c "cd /build/lib-poly1305 && dpkg-buildpackage -us -uc -b &&
		lintian --allow-root --fail-on error,warning ../*.changes"' \
	--customize-hook="sync-out /build '$out'" \
	"$suite" /dev/null "deb [signed-by=$DEBIAN_KEYRING] $site $suite main"
as_root chown -R "$(id -u):$(id -g)" "$out"
rm -rf "$out/lib-poly1305"
say "the packages are in $out"
