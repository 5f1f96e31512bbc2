#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# builds.sh: the modules are built the same wherever the project is and whoever calls make; where
# they cannot be built, one sentence says so.

. "$(dirname "$0")/common.sh"

# As from a shell of the user's, also where make runs this.
unset MAKELEVEL MAKEFLAGS MFLAGS
find_tools
export KDIR SETUP=no
KDIR=$(test_kernel x86_64)/base
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# All but a name that nothing can be wrong with.
project=$work/project
copy_project "$project"
chmod 755 "$work"
cd "$project" || exit
ktap_print_header

# bits: a digest of each built module.
bits() {
	(cd "$project"/build/*/modules && find . -name '*.ko' -exec sha256sum {} + | sort)
}
# built COMMAND...: the command builds the library, in the copy's own build folder, with the same
# bits as the command before. It builds the default modules, which leaves out the large one of the
# suites.
built() {
	rm -rf "$project/build"
	"$project/scripts/config.sh" "$KDIR" defconfig
	"$@" && ls "$project"/build/*/modules/lib_poly1305/lib_poly1305.ko || return
	[ -e "$work/bits" ] || bits >"$work/bits"
	same "$(cat "$work/bits")" bits
}

# files FOLDER: of that checkout of the project.
files() {
	project_files "$1" | tr '\0' '\n' | sort
}
# Catches what is built taken for a part of the project, and a part that is lost, in the copy, which
# has no .git.
same_files() {
	mkdir -p build/folder target && touch build/folder/built target/built
	same "$(files "$PROJECT")" files "$project"
}
try 'files of a checkout without .git' same_files

# The environment: each of these alone would make the build go elsewhere, or end.
try 'environment' built env -u HOME CDPATH=/tmp:. KBUILD_OUTPUT="$work/elsewhere" O="$work/elsewhere" \
	MAKEFLAGS="-k O=$work/elsewhere" make O="$work/elsewhere" modules
try 'environment without make' built env CDPATH=/tmp:. KBUILD_OUTPUT="$work/elsewhere" O="$work/elsewhere" \
	MAKEFLAGS="-k O=$work/elsewhere" scripts/build.sh "$KDIR"
umask 077
try 'LLVM as a folder, ARCH by another name, umask 077' built \
	make LLVM="/usr/lib/llvm-$LLVM_VERSION/bin/" ARCH=x86 modules
umask 022

two_at_once() {
	make modules &
	make modules && wait $!
}
try 'two at once' built two_at_once

# installed FOLDER: whether modules are below it, and not in the build folder.
installed() {
	find "$1" -name lib_poly1305.ko | grep . && [ -z "$(find "$project/build" -path '*/lib/modules/*')" ]
}
in_this_order() {
	built make -j2 modules modules_install INSTALL_MOD_PATH="$work/root" && installed "$work/root"
}
try 'modules and modules_install at once' in_this_order
relative() {
	make modules_install INSTALL_MOD_PATH=root && installed "$project/root"
}
try 'relative INSTALL_MOD_PATH' relative

choices() {
	local target
	for target in defconfig savedefconfig olddefconfig; do
		make "$target" || return
	done
}
try 'targets of Kconfig' built eval 'choices && make modules'

# Paths.
for name in 'a space' a:colon; do
	mkdir "$work/$name"
	cp -a "$project" "$work/$name/"
	try "checkout in $name" refused 'has a space or a colon' make -C "$work/$name/project" --no-print-directory modules
	try "build in $name" refused 'has a space or a colon' env LIB_POLY1305_BUILD="$work/$name/build" make modules
	ln -s "$KDIR" "$work/$name/kernel"
	try "kernel in $name" refused 'has a space or a colon' make KDIR="$work/$name/kernel" modules
done
try 'INSTALL_MOD_PATH with a space' refused 'has a space' make modules_install INSTALL_MOD_PATH="$work/a space"

# Rights.
if [ "$(id -u)" -eq 0 ]; then
	nobody=(setpriv --reuid=65534 --clear-groups env -u HOME)
	rm -rf build
	try 'nothing can be written' refused 'set LIB_POLY1305_BUILD=' "${nobody[@]}" make modules
	read_only() {
		unshare --mount bash -e -c 'mount --bind . . && mount -o remount,ro,bind . && cd . && make modules'
	}
else
	chmod -R a-w "$project"
	try 'nothing can be written' refused 'set LIB_POLY1305_BUILD=' make modules
	read_only() {
		make modules
	}
fi
elsewhere() (
	export LIB_POLY1305_BUILD=$work/elsewhere
	scripts/config.sh "$KDIR" defconfig && read_only && find "$work/elsewhere" -name lib_poly1305.ko | grep .
)
try 'read-only checkout' elsewhere
chmod -R u+w "$project"

# Root in a user's checkout: git refuses it, and then make refuses the user what root has left.
# Catches what works only for the owner, and a list of files that git refuses to give.
another_user() {
	same "$(files "$PROJECT")" files "$project" && built make modules modules_install INSTALL_MOD_PATH="$work/root"
}
# Catches errors of make and cargo, of which none says whose files they are.
leftovers() {
	refused "$project/build" "${nobody[@]}" make modules && rm -r build &&
		refused "$project/target" "${nobody[@]}" make check &&
		refused "$work/cache/made" "${nobody[@]}" -u KDIR LIB_POLY1305_CACHE="$work/cache" make modules
}
if [ "$(id -u)" -eq 0 ] && command -v git >/dev/null; then
	rm -rf root
	mkdir -p target "$work/cache"
	git init --quiet
	git add --all
	chown -R 65534 "$project" "$work/cache"
	try 'checkout of another user' another_user
	touch target/made "$work/cache/made"
	try "root's leftovers" leftovers
else
	ktap_test_skip 'checkout of another user' 'only root can make one, with git'
	ktap_test_skip "root's leftovers" 'only root can leave them'
fi

ktap_finished
