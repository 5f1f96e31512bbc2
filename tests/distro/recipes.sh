#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# recipes.sh: what can be said of the recipes for Arch Linux and Fedora on Debian, by their tools
# there: they are read without a complaint, and take what they are to package. Nothing is installed
# on either distribution.

. "$(dirname "$0")/common.sh"

mkdir -p "$BUILD/logs"
work=$(mktemp -d -p "$BUILD")
root=$work/root
trap 'as_root rm -rf "$work"' EXIT
logged recipes-root as_root mmdebstrap --variant=apt --include=file,libarchive-tools,makepkg,pacman-package-manager,rpm,rpmlint trixie "$root" \
	"deb [signed-by=$DEBIAN_KEYRING] $(debian_site) trixie main"
version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$PROJECT/packaging/debian/changelog")
# The tarballs that the recipes ask for, which may be built by anybody in there.
for name in lib-poly1305 lib_poly1305; do
	copy_project "$work/$name-$version"
	as_root mkdir -p "$root/$name"
	tar -C "$work" -czf - "$name-$version" | as_root tee "$root/$name/$name-$version.tar.gz" >/dev/null
done
as_root cp "$PROJECT/packaging/arch/"* "$root/lib-poly1305/"
as_root cp "$PROJECT/packaging/fedora/"*.spec "$root/lib_poly1305/"
as_root chown -R 65534 "$root/lib-poly1305" "$root/lib_poly1305"

as_root ln -sfn /proc/self/fd "$root/dev/fd"
as_root mkdir -p "$root/var/lib/pacman/local"

# by_nobody FOLDER COMMAND...: in that folder of the root.
by_nobody() {
	as_root unshare --mount --mount-proc="$root/proc" chroot --userspec=65534:65534 "$root" \
		env --chdir="/$1" HOME="/$1" "${@:2}"
}

# Catches a version that was forgotten in a recipe.
versions() {
	local name
	for name in arch/PKGBUILD fedora/lib_poly1305{,-kmod}.spec; do
		grep -qE "^(pkgver=|Version: *)$version\$" "$PROJECT/packaging/$name" || return
	done
}

# Catches a package that lacks a file which the modules are built from, or by; and one whose dkms.conf
# says no version.
arch_package() {
	local lost
	by_nobody lib-poly1305 env PKGEXT=.pkg.tar makepkg --nodeps --force || return
	by_nobody lib-poly1305 bsdtar -xf "lib-poly1305-dkms-$version-1-any.pkg.tar" usr || return
	lost=$(cd "$PROJECT" && project_files . | tr '\0' '\n' |
		grep -E '^(Kbuild|Kconfig|(arch_|callers|generic|include|lib_poly1305|scripts).*/.*|packaging/[^/]*\.sh)$' |
		while read -r file; do
			[ -e "$root/lib-poly1305/usr/src/lib-poly1305-$version/$file" ] || echo "$file"
		done)
	echo "${lost:-nothing} is lost"
	[ -z "$lost" ] && grep -qx "PACKAGE_VERSION=\"$version\"" "$root/lib-poly1305/usr/src/lib-poly1305-$version/dkms.conf"
}

# specs COMMAND...: of both.
specs() {
	by_nobody lib_poly1305 "$@" lib_poly1305.spec && by_nobody lib_poly1305 "$@" lib_poly1305-kmod.spec
}

# Fedora's macros, as far as the specs use them.
macros=(-D '_sourcedir /lib_poly1305' -D '_modprobedir /usr/lib/modprobe.d')
# Of what rpmlint asks for, Fedora has buildroots by itself; nothing is tested in a build, and there is
# no site to have the source from.
as_root tee "$root/lib_poly1305/rpmlint.toml" >/dev/null <<'END'
Filters = ["no-buildroot-tag", "no-%check-section", "invalid-url Source0"]
END

ktap_print_header
try 'recipes have the version' versions
try 'Arch: makepkg reads it' by_nobody lib-poly1305 makepkg --printsrcinfo
try 'Arch: package' arch_package
try 'Fedora: rpmspec' specs rpmspec --parse
try 'Fedora: rpmlint' specs rpmlint --strict -c rpmlint.toml
try 'Fedora: sources' specs rpmbuild --nodeps "${macros[@]}" -bp
try 'Fedora: common package' by_nobody lib_poly1305 rpmbuild --nodeps "${macros[@]}" -bb lib_poly1305.spec
ktap_finished
