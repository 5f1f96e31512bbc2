#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh ARCH [FLAVOUR]: builds the test kernel for x86_64, arm64 or um once,
# keeps it in the cache and prints its folder. A flavour is that kernel with
# the options of configs/ARCH-FLAVOUR.config on top, built by gcc if these say so. In
# the folder:
#
#   tree/   the kernel source as links, plus this project as a folder of it
#   graft/  the build folder that kunit.py uses, project built in
#   base/   a copy of it from before that: the test kernel itself, and the
#           KDIR that modules are built against (without objects)
#   fragment  the options that the tests ask for
#
# The folder's name holds a digest of all that decides the result: the source,
# the configuration, the tools and this recipe.

. "$(dirname "$0")/../../scripts/common.sh"

ARCH=${1:?usage: kernel.sh x86_64|arm64|um [FLAVOUR]}
name=$ARCH${2:+-$2}
configs=("$PROJECT/tests/vm/configs/common.config" "$PROJECT/tests/vm/configs/$ARCH.config")
[ "$ARCH" = um ] || configs+=("$PROJECT/tests/vm/configs/callers.config")
[ -z "${2:-}" ] || configs+=("$PROJECT/tests/vm/configs/$name.config")
for config in "${configs[@]}"; do
	[ -f "$config" ] || die "no test kernel $name: see tests/vm/configs for what there is"
done

find_tools
"$PROJECT/scripts/preflight.sh" --toolchain
KSRC=$("$PROJECT/scripts/kernel_source.sh")

compiler=clang$LLVM_TOOL_SUFFIX
! grep -qx CONFIG_CC_IS_GCC=y "${configs[@]}" || compiler=gcc
need "$compiler"

# key: the digest in the folder's name.
key() {
	{
		echo "$KSRC"
		cat "$KSRC/Makefile" "${configs[@]}" "$PROJECT/tests/vm/kernel.sh"
		"$RUSTC" -vV
		"$BINDGEN" --version
		"$compiler" --version
	} | sha256sum | cut -c1-12
}

folder=$CACHE/kernel/$name-$(make -s -C "$KSRC" kernelversion)-$(key)
if [ -f "$folder/.complete" ]; then
	echo "$folder"
	exit
fi

# Two checkouts may want the same kernel at the same time.
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
if [ -f "$folder/.complete" ]; then
	echo "$folder"
	exit
fi

# link_tree: the source as links one level deep, with real copies of the two
# files that name the project, and of kunit.py, which takes the tree it is in
# for the kernel.
link_tree() {
	local entry
	rm -rf "$folder/tree"
	mkdir -p "$folder/tree/tools/testing"
	for entry in "$KSRC"/* "$KSRC"/.[a-z]*; do
		case "${entry##*/}" in
		Kbuild | Kconfig | tools | .complete | .git) ;;
		*) ln -s "$entry" "$folder/tree/" ;;
		esac
	done
	for entry in "$KSRC"/tools/*; do
		[ "${entry##*/}" = testing ] || ln -s "$entry" "$folder/tree/tools/"
	done
	for entry in "$KSRC"/tools/testing/*; do
		[ "${entry##*/}" = kunit ] || ln -s "$entry" "$folder/tree/tools/testing/"
	done
	cp -r "$KSRC/tools/testing/kunit" "$folder/tree/tools/testing/"
	chmod -R u+w "$folder/tree/tools/testing/kunit"
	sed '$a\\nobj-y += lib_poly1305/' "$KSRC/Kbuild" >"$folder/tree/Kbuild"
	sed '$a\\nsource "lib_poly1305/Kconfig"' "$KSRC/Kconfig" >"$folder/tree/Kconfig"
	ln -s "$PROJECT" "$folder/tree/lib_poly1305"
}

# check_config: every line of the fragments must have survived Kconfig, or the
# kernel is not the one that the tests need.
check_config() {
	local line missing=()
	while read -r line; do
		case "$line" in
		CONFIG_*) grep -qxF "$line" "$folder/graft/.config" || missing+=("$line") ;;
		'# CONFIG_'*) ! grep -q "^$(cut -d ' ' -f 2 <<<"$line")=" "$folder/graft/.config" || missing+=("$line") ;;
		esac
	done <"$folder/fragment"
	[ "${#missing[@]}" -eq 0 ] || die "this kernel does not take ${missing[*]}: see ${configs[*]##*/}"
}

# last_of_each: of what sets an option, the last line.
last_of_each() {
	tac | awk '/^(# )?CONFIG_/ { name = $1 == "#" ? $2 : $1; sub(/=.*/, "", name); if (!seen[name]++) print }' | tac
}

link_tree
mkdir -p "$folder/graft"
cat "${configs[@]}" | last_of_each >"$folder/fragment"
mapfile -t options < <(kernel_make_options "$folder/fragment")
options+=("ARCH=$ARCH" "O=$folder/graft")
say "the $name test kernel ($(basename "$KSRC")) takes minutes to build, once"
logged "kernel-$name-config" make -C "$folder/tree" "${options[@]}" KCONFIG_ALLCONFIG="$folder/fragment" allnoconfig
grep -qx CONFIG_RUST=y "$folder/graft/.config" ||
	die "the kernel finds no usable Rust toolchain: $(make -C "$folder/tree" "${options[@]}" rustavailable 2>&1 | grep -m 1 '^\*\*\* [A-Z]' || true)"
check_config
logged "kernel-$name" make -C "$folder/tree" "${options[@]}" -j"$JOBS" all
rm -rf "$folder/base"
cp -a --reflink=auto "$folder/graft" "$folder/base"
# It knows its own path. Modules need none of its objects.
sed -i 's|/graft$|/base|' "$folder/base/Makefile"
find "$folder/base" -type f \( -name '*.[oa]' -o -name 'vmlinux.unstripped' \) -delete
touch "$folder/.complete"
echo "$folder"
