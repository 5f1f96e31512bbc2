#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# templates.sh x86_64|arm64: copies callers/template_* to a folder outside of this
# repository, builds them against what "make headers_install" installed and nothing
# else, and loads them in the test kernel. Missing or wrong files must give a one-line
# error.

. "$(dirname "$0")/common.sh"

ARCH=${1:?usage: templates.sh x86_64|arm64}
case "$ARCH" in
x86_64) other=arm64 ;;
arm64) other=x86_64 ;;
*) die "no guest for ARCH=$ARCH: use x86_64 or arm64" ;;
esac
OTHER=$(test_kernel "$other")/base
begin_guests "$ARCH" '' "${TMPDIR:-/tmp}"

# refuses WORDS MAKE ARGUMENTS...: make fails, and its error has one line, with these
# words, besides make's own line about the recipe.
refuses() {
	local words=$1
	shift
	! "$@" >"$work/refusal" 2>&1 || {
		echo "not refused: $*"
		return 1
	}
	sed -i '/^make: \*\*\* \[.*\] Error [0-9]*$/d' "$work/refusal"
	cat "$work/refusal"
	[ "$(wc -l <"$work/refusal")" -eq 1 ] && grep -qF -- "$words" "$work/refusal"
}

# template NAME ARGUMENTS...: make in the copy of a template, with nothing of
# this script's environment.
template() {
	local name=$1
	shift
	env -i PATH="$PATH" HOME="$HOME" make -C "$work/$name" --no-print-directory "$@"
}

cleans() {
	template "$1" clean KDIR="$KDIR" LIB_POLY1305="$prefix" && [ ! -e "$work/$1/$1.ko" ]
}

install=(env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$PROJECT" --no-print-directory headers_install SETUP=no)
prefix=$work/prefix
logged "headers_install-$ARCH" "${install[@]}" KDIR="$KDIR" INSTALL_HDR_PATH="$prefix"

for name in template_c template_rust; do
	cp -a "$PROJECT/callers/$name" "$work/$name"
	try "$name builds" template "$name" KDIR="$KDIR" LIB_POLY1305="$prefix"
	try "$name is cleaned" cleans "$name"
	try "$name builds by a relative path" template "$name" KDIR="$KDIR" LIB_POLY1305=../prefix
done

# What docs/callers.md says of scatter lists: the crate root has another name, and
# Kbuild is the one that is printed there.
cp -a "$PROJECT/callers/template_rust" "$work/template_sg"
crate=$work/template_sg/template_sg_main.rs
sed 's/template_rust/template_sg/; s/^ *pr_info/        no_list()?;\n&/' "$work/template_sg/template_rust.rs" >"$crate"
rm "$work/template_sg/template_rust.rs"
cat >>"$crate" <<'END'

#[path = "lib_poly1305/lib_poly1305_sg.rs"]
pub mod lib_poly1305_sg;

fn no_list() -> Result {
    // SAFETY: NULL is a list without bytes.
    let list = unsafe { lib_poly1305_sg::ScatterList::from_raw(core::ptr::null_mut()) };
    pin_init::stack_pin_init!(let computation = lib_poly1305::Poly1305::new(&KEY));
    computation.update_sg(list, 0, 0)
}
END
sed -n 's/^    //; /^obj-m += mine/,/^.(obj)/p' "$PROJECT/docs/callers.md" | sed 's/mine/template_sg/g' >"$work/template_sg/Kbuild"
try 'a template with scatter lists builds' template template_sg KDIR="$KDIR" LIB_POLY1305="$prefix"

# What README.md says of calls from C: that alone.
mkdir "$work/template_words"
cp "$PROJECT"/callers/template_c/{Makefile,Kbuild} "$work/template_words/"
sed -i 's/template_c/template_words/g' "$work/template_words/Kbuild"
{
	echo '// SPDX-License-Identifier: GPL-2.0'
	sed -n '/^## From C/,/^## From R/s/^    //p' "$PROJECT/README.md" | sed -E 's/^(int|void) [a-z_]+\(.*/static __maybe_unused &/'
	printf 'MODULE_DESCRIPTION("The example");\nMODULE_LICENSE("GPL");\n'
} >"$work/template_words/template_words.c"
try 'what README.md says of C builds' template template_words KDIR="$KDIR" LIB_POLY1305="$prefix"

# What README.md says of calls from Rust: the template's module around it.
cp -a "$PROJECT/callers/template_rust" "$work/template_readme"
rm "$work/template_readme/template_rust.rs"
{
	echo '// SPDX-License-Identifier: GPL-2.0'
	printf '\n//! The example.\n\nuse kernel::prelude::*;\n\n'
	sed -n '/^## From Rust/,/^## /s/^    //p' "$PROJECT/README.md"
	sed -n '/^module! {/,$p' "$PROJECT/callers/template_rust/template_rust.rs" |
		sed 's/template_rust/template_readme/; s/^ *pr_info/        answer(|key| *key = KEY, MESSAGE, TAG, c"generic")?;\n&/'
} >"$work/template_readme/template_readme.rs"
echo 'obj-m += template_readme.o' >"$work/template_readme/Kbuild"
sed -n '/^obj-m/d; s/template_rust/template_readme/g; /[^ ]/p' "$PROJECT/callers/template_rust/Kbuild" >>"$work/template_readme/Kbuild"
try 'what README.md says of Rust builds' template template_readme KDIR="$KDIR" LIB_POLY1305="$prefix"

cp "$work"/template_*/*.ko "$work/files/"
run_guest "templates-$ARCH" templates '' templates.sh

# Folders that are what headers_install made, but for one thing.
variant() {
	cp -a "$prefix" "$work/$1"
	echo "$work/$1"
}
unbuilt=$(variant unbuilt)
rm "$unbuilt/Module.symvers"
unknown=$(variant unknown)
rm "$unknown/kernel.mk"
# A kernel of the same release whose configuration differs.
mkdir -p "$work/kernel/include/config"
cp "$KDIR/include/config/kernel.release" "$work/kernel/include/config/"
{
	cat "$KDIR/include/config/auto.conf"
	echo CONFIG_SOMETHING=y
} >"$work/kernel/include/config/auto.conf"
mkdir "$work/newer"
cp -a "$work/kernel/include" "$work/newer/"
echo 99.1.0 >"$work/newer/include/config/kernel.release"

for name in template_c template_rust; do
	try "$name without LIB_POLY1305" refuses 'is not installed in LIB_POLY1305=""' template "$name" KDIR="$KDIR"
	try "$name with another folder" refuses "is not installed in LIB_POLY1305=\"$work\"" \
		template "$name" KDIR="$KDIR" LIB_POLY1305="$work"
	try "$name without symbols" refuses 'has no Module.symvers' \
		template "$name" KDIR="$KDIR" LIB_POLY1305="$unbuilt"
	try "$name for an unknown kernel" refuses 'does not say for which kernel it is' \
		template "$name" KDIR="$KDIR" LIB_POLY1305="$unknown"
	try "$name without a kernel" refuses 'there is no built kernel in KDIR' \
		template "$name" KDIR="$work/missing" LIB_POLY1305="$prefix"
	try "$name for another architecture" refuses "for a kernel $(cat "$KDIR/include/config/kernel.release") of another configuration" \
		template "$name" KDIR="$OTHER" LIB_POLY1305="$prefix"
	try "$name for another configuration" refuses 'of another configuration' \
		template "$name" KDIR="$work/kernel" LIB_POLY1305="$prefix"
	try "$name for another release" refuses 'is 99.1.0: run "make headers_install' \
		template "$name" KDIR="$work/newer" LIB_POLY1305="$prefix"
done
try 'headers_install without a folder' refuses 'INSTALL_HDR_PATH= is not set' "${install[@]}" KDIR="$KDIR"
: >"$work/file"
try 'headers_install to a file' refuses 'cannot be created: set INSTALL_HDR_PATH=' \
	"${install[@]}" KDIR="$KDIR" INSTALL_HDR_PATH="$work/file"

ktap_finished
