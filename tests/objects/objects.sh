#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# objects.sh KDIR: builds the modules from nothing and looks at what came
# out: no warning, a small library, no way to a panic in it or in the
# implementations, frames that fit the kernel's stack (tests/objects/frames.py), and
# vector code only where it belongs (tests/objects/vectors.py, tests/objects/neon.py).

. "$(dirname "$0")/../common.sh"

KDIR=${1:?usage: objects.sh KDIR}
find_tools
arch=$(kernel_arch "$KDIR")
export LIB_POLY1305_BUILD=$BUILD/objects-$arch
rm -rf "$LIB_POLY1305_BUILD"
mkdir -p "$BUILD/logs"
log=$BUILD/logs/objects-$arch.log

# rustc, clang, objtool and modpost all say "warning" or "error".
modules=$("$PROJECT/scripts/build.sh" "$KDIR" 2>"$log") || {
	tail -n 20 "$log"
	die "the modules cannot be built"
}
if grep -n -i 'warning' "$log"; then
	die "the build gave warnings"
fi

module=$modules/lib_poly1305/lib_poly1305.ko

# .text and what the linker puts next to it.
text=$("llvm-size$LLVM_TOOL_SUFFIX" -A "$module" | awk '/^\.(text|init\.text|exit\.text|ret)/ { sum += $2 } END { print sum }')
echo "lib_poly1305.ko has $text bytes of text"
# An instruction of arm64 has four bytes, whatever it does.
limit=27
[ "$arch" != arm64 ] || limit=30
if [ "${text:-0}" -eq 0 ] || [ "$text" -ge $((limit * 1024)) ]; then
	die "lib_poly1305.ko must have some text, and less than $limit KiB"
fi

# Init code is freed after it ran.
for built in "$modules"/*/*.ko "$modules"/*/*/*.ko; do
	# Which a module that only has functions for others does not have.
	[ "${built##*/}" != libpoly1305.ko ] || continue
	"llvm-objdump$LLVM_TOOL_SUFFIX" -t "$built" | grep ' F \.init\.text.* init_module$' >/dev/null ||
		die "$built keeps its init function for ever"
done
echo "all modules free their init functions"

# The object as rustc made it: a module that is linked may have lost names.
for object in "$modules"/{lib_poly1305,arch_*}/lib_poly1305*_main.o; do
	name=$(basename "$object" _main.o)
	if "llvm-nm$LLVM_TOOL_SUFFIX" "$object" | grep -E 'panic|unwrap|expect_failed|slice_(start|end)|bounds'; then
		die "$name can panic"
	fi
	echo "no panic symbol in $name"
done

LLVM_TOOL_SUFFIX=$LLVM_TOOL_SUFFIX "$PROJECT/tests/objects/frames.py" "$modules"/{lib_poly1305,arch_*}/*.ko || exit

# check_vectors FOLDER CHECKER: the module in that folder, and all the others.
check_vectors() {
	local module others rows
	rows=$(implementations "$arch")
	module=$(echo "$modules/$1"/*.ko)
	mapfile -t others < <(find "$modules" -name '*.ko' ! -path "$module" | sort)
	wait "$!"
	LLVM_TOOL_SUFFIX=$LLVM_TOOL_SUFFIX "$PROJECT/tests/objects/$2" "$module" "${others[@]}" <<<"$rows"
}
case "$arch" in
x86_64) check_vectors arch_x86 vectors.py ;;
arm64) check_vectors arch_arm64 neon.py ;;
esac
