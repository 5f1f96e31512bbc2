#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check.sh [NAME...]: the lints, or those named, each of which is a test.
#
#   rustfmt, clippy   with the kernel's settings; clippy for the host crates too
#   checkpatch        on C, strictly
#   shell             shellcheck, on scripts
#   spdx              every file says its licence
#   kerneldoc         HTML of the headers' comments, by the kernel's own tools
#   provenance        crates and Python packages are those of docs/provenance.md
#   maintainers       MAINTAINERS names files that exist, by the kernel's own tool
#   scripts           nothing in scripts/ is unused
#   names             tests and files that the documentation names are there
#   circles           no files of Rust need each other
#   checks            a kernel that complains is noticed, and a test that did not run
#   mutants           every fault can still be put in, and says what must catch it
#   lifecycle         every test of a lifecycle is in the documentation
#   objects*          what the built modules contain

. "$(dirname "$0")/common.sh"

find_tools
cd "$PROJECT" || exit
check_ours "${CARGO_TARGET_DIR:-$PROJECT/target}"
KSRC=$("$PROJECT/scripts/kernel_source.sh")
[ -n "${KDIR:-}" ] || KDIR=$(test_kernel x86_64)/base
need cargo patch perl shellcheck sphinx-build
mapfile -d '' -t files < <(project_files "$PROJECT")
wait "$!"

# named [-v] REGEX: the files of the project with such paths, or all others, each ended by NUL.
named() {
	printf '%s\0' "${files[@]}" | grep -zE "$@"
}

# no_warnings COMMAND...: it succeeds, and says nothing of a warning.
no_warnings() {
	local said rc=0
	said=$("$@" 2>&1) || rc=$?
	echo "$said"
	[ "$rc" -eq 0 ] && [[ $said != *warning* ]]
}

tool() {
	# Next to the compiler that builds the kernel code.
	echo "$(dirname "$(command -v "$RUSTC")")/$1"
}

check_rustfmt() {
	named '\.rs$' |
		xargs -0 "$(tool rustfmt)" --check --edition 2021 --config-path "$KSRC/.rustfmt.toml"
}

check_clippy_host() {
	cargo clippy --release --all-targets --quiet -- -D warnings
}

# Warnings are errors by the test kernel's CONFIG_WERROR. The output of a build
# has a folder of its own: clippy makes no code that could be used.
check_clippy_kernel() {
	LIB_POLY1305_BUILD=$BUILD/clippy no_warnings "$PROJECT/scripts/build.sh" "$KDIR" \
		CLIPPY=1 CLIPPY_DRIVER="$(tool clippy-driver)" modules
}

# The same for a copy of the template in Rust, which is not built with the others.
check_clippy_template() {
	local work rc=0
	work=$(mktemp -d)
	"$PROJECT/scripts/headers_install.sh" "$KDIR" "$work/prefix" &&
		cp -a callers/template_rust "$work/" &&
		no_warnings make -C "$work/template_rust" KDIR="$KDIR" LIB_POLY1305="$work/prefix" \
			CLIPPY=1 CLIPPY_DRIVER="$(tool clippy-driver)" || rc=1
	rm -rf "$work"
	return "$rc"
}

check_checkpatch() {
	# EXPORT_SYMBOL asks for the function right above the export, and the
	# functions are in Rust.
	named '\.[ch]$' |
		xargs -0 "$KSRC/scripts/checkpatch.pl" --no-tree --strict --terse --quiet --ignore EXPORT_SYMBOL --file
}

check_shellcheck() {
	named '(\.sh|^packaging/arch/.*|^packaging/debian/.*\.p[a-z]*|^packaging/initramfs/hook|^tests/guest/init|^tests/vm/qemu_tcg/qemu-system-x86_64|^\.ci/run)$' |
		xargs -0 shellcheck
}

check_spdx() {
	local missing
	missing=$(printf '%s\n' "${files[@]}" |
		grep -vE '(Cargo.lock|^tests/fuzz/corpus/.*|\.md|^packaging/debian/(changelog|copyright|control|source/format))$' | xargs grep -d skip -L SPDX-License-Identifier || true)
	[ -z "$missing" ] || {
		echo "no SPDX line: $missing"
		return 1
	}
}

check_kerneldoc() {
	"$PROJECT/scripts/htmldocs.sh"
}

check_provenance() {
	local python
	python=$("$PROJECT/scripts/proofs_python.sh") && "$python" tests/provenance.py
}

# The tool asks the repository that it is in for files: here that of a copy, as a checkout may have none.
check_maintainers() {
	local complaints work rc=0
	work=$(mktemp -d)
	copy_project "$work" && git -C "$work" init --quiet && git -C "$work" add --all || return
	complaints=$(cd "$work" && "$KSRC/scripts/get_maintainer.pl" --self-test 2>&1) || rc=1
	rm -rf "$work"
	[ "$rc" -eq 0 ] || return
	[ -z "$complaints" ] || {
		echo "$complaints"
		return 1
	}
}

# What is in scripts/ is there because something runs or takes it in.
check_scripts() {
	local file rc=0
	for file in scripts/*; do
		named -v "^docs/|\.md$|^$file$" | xargs -0 grep -d skip -lF "${file##*/}" >/dev/null || {
			echo "nothing uses $file"
			rc=1
		}
	done
	return "$rc"
}

# The documentation names no test, and no file, that there is not, here or in the kernel.
# shellcheck disable=SC2016 # what is between backquotes is Markdown's
check_names() {
	local name rc=0
	while read -r name; do
		named -v '^docs/|^README\.md$' | xargs -0 grep -d skip -lwF -e "$name" >/dev/null || {
			echo "docs name $name, which is nowhere"
			rc=1
		}
	done < <(sed -n '/^|/s/`/\n`/gp' docs/testing.md docs/lifecycle.md | sed -nE 's/^`([a-z][a-z_]*_[a-z_0-9]+)$/\1/p' | sort -u)
	wait "$!" || rc=1
	while read -r name; do
		[ -e "$name" ] || [ -e "$KSRC/$name" ] || [ -e "$KSRC/tools/testing/kunit/$name" ] ||
			named "/$name$" >/dev/null || {
			echo "docs name the file $name, which is nowhere"
			rc=1
		}
	done < <(grep -hoE '`[A-Za-z0-9_/]+\.(sh|rs|c|h|py|config)`' docs/*.md README.md | tr -d '`' | sort -u)
	wait "$!" || rc=1
	return "$rc"
}

# Of a folder that holds a crate, or a part of one.
check_circles() {
	named '\.rs$' | xargs -0 -n 1 dirname | sort -u | xargs tests/circles.py
}

# docs/lifecycle.md has a row for every test of a lifecycle.
check_lifecycle() {
	local name rc=0
	while read -r name; do
		grep -qF "\`${name/#order: */order: }" docs/lifecycle.md || {
			echo "docs/lifecycle.md does not name '$name'"
			rc=1
		}
	done < <(sed -n "s/^ *holds '\([^']*\)'.*/\1/p" tests/guest/{lifecycle_,stress,races,modversions}*.sh)
	wait "$!" || rc=1
	return "$rc"
}

# Every fault of tests/mutants can be put in, and says what it is and who must catch it.
check_mutants() {
	local patch rc=0
	for patch in tests/mutants/*.patch; do
		patch -s -p1 --fuzz=0 --force --dry-run <"$patch" || {
			echo "$patch cannot be put in any more"
			rc=1
		}
		[ "$(grep -cE -m 3 '^(Fault|Command|Caught-by): .' "$patch")" -eq 3 ] || {
			echo "$patch lacks a line Fault, Command or Caught-by"
			rc=1
		}
	done
	return "$rc"
}

check_checks() {
	"$PROJECT/tests/objects/checks.sh"
}

check_objects() {
	"$PROJECT/tests/objects/objects.sh" "$KDIR"
}

check_objects_arm64() {
	local kernel
	kernel=$(test_kernel arm64) || return
	"$PROJECT/tests/objects/objects.sh" "$kernel/base"
}

names=("$@")
[ "$#" -gt 0 ] || names=(rustfmt clippy_host clippy_kernel clippy_template checkpatch shellcheck spdx kerneldoc
	provenance maintainers scripts names circles checks lifecycle mutants objects objects_arm64)
ktap_print_header
for name in "${names[@]}"; do
	if [ "$name" = maintainers ] && ! command -v git >/dev/null; then
		ktap_test_skip "$name" "the kernel's tool takes the names of files from git"
	else
		try "$name" "check_$name"
	fi
done
ktap_finished
