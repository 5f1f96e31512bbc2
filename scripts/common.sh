# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What all scripts share: folders, messages, and the toolchain. Sourced, never run.

set -Eeuo pipefail
# In $( ) too, the first command that fails ends it: what is printed is never half of it.
shopt -s inherit_errexit

# What cd prints, and where make of a kernel builds, must not depend on the caller.
unset CDPATH KBUILD_OUTPUT O M MO
[ -n "${MAKELEVEL:-}" ] || unset MAKEFLAGS MFLAGS GNUMAKEFLAGS

# The locale decides the text of errors that scripts look for, and the order of sort.
export LC_ALL=C

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything that outlives a checkout: kernel sources, test kernels, tools.
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d : -f 6)}
CACHE=${LIB_POLY1305_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lib_poly1305}
# Everything else that is built: modules, initramfs images, logs.
BUILD=${LIB_POLY1305_BUILD:-$PROJECT/build}

# The lowest versions that Linux 7.2 and later can be built with.
# shellcheck disable=SC2034 # used by the scripts that source this one
{
	MIN_KERNEL=7.2
	MIN_RUSTC=1.85.0
	MIN_BINDGEN=0.71.1
	MIN_LLVM=17
	# The first QEMU that can run each CPU of an x86-64 guest in a thread of its own.
	MIN_QEMU_THREADS=10.0
	# The key that Debian signs all of its suites with.
	DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
}
# The LLVM of the distribution's packages that the test kernels are built with.
LLVM_VERSION=19

JOBS=${JOBS:-$(nproc)}

say() {
	printf '==> %s\n' "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# project_files FOLDER: the paths of the project's files in that copy of it, each ended by NUL: of
# all that git does not ignore, or without git, of all that .gitignore does not name. Told where its
# own files are, git does not refuse the folder of another user.
project_files() (
	cd "$1" || exit
	if [ -e .git ] && command -v git >/dev/null; then
		git --git-dir=.git --work-tree=. ls-files -z --cached --others --exclude-standard
	else
		mapfile -t ignored < <(sed -n 's|^/\(.*\)/$|-o\n-path\n./\1|p' .gitignore)
		find . \( -name .git "${ignored[@]}" \) -prune -o ! -type d -printf '%P\0' | sort -z
	fi
)

# as_root COMMAND...: runs it as root, through sudo only if that is needed.
as_root() {
	# Of a function of that name, sudo knows nothing.
	if [ "$(id -u)" -eq 0 ]; then
		command "$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "'$*' needs root: run it as root, or install sudo"
	fi
}

# need COMMAND...: all of these are installed.
need() {
	local command
	for command; do
		PATH=$PATH:/sbin:/usr/sbin command -v "$command" >/dev/null ||
			die "no $command: run 'make setup', or install it"
	done
}

# check_ours FOLDER [EXPRESSION]: in that folder, or in what find's expression takes of it, there is
# nothing that this user cannot change, as there may be after sudo.
check_ours() {
	local theirs
	[ "$(id -u)" -ne 0 ] || return 0
	theirs=$(find "$@" ! -type l ! -user "$(id -u)" ! -writable -print -quit 2>/dev/null || true)
	[ -z "$theirs" ] ||
		die "$theirs belongs to $(stat -c %U "$theirs"): run 'sudo chown -R $(id -un) $1', or remove that folder as root"
}

# test_kernel ARCH [FLAVOUR]: prints the folder of that test kernel, which is built if it is missing;
# with SETUP=no it is not: then the part of kernel.sh is run that only looks.
test_kernel() {
	local recipe=$PROJECT/tests/vm/kernel.sh folder
	if [ "${SETUP:-yes}" != no ]; then
		"$recipe" "$@"
		return
	fi
	folder=$(bash -c "$(sed '/^# Two checkouts may want/,$d' "$recipe")" "$recipe" "$@") || exit
	[ -n "$folder" ] || die "no $1${2:+-$2} test kernel is built, and SETUP=no builds none: run 'make setup', or set KDIR="
	echo "$folder"
}

# at_least VERSION MINIMUM: is VERSION the same or newer?
at_least() {
	[ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# qemu_version: of the QEMU for x86-64 on this machine, or 0.
qemu_version() {
	{ qemu-system-x86_64 --version 2>/dev/null || echo version 0; } | sed -n '1s/.*version \([0-9.]*\).*/\1/p'
}

# debian_sources [LABEL]: the lines of apt's sources for what this machine has of Debian:
# all of it, or the archive of that label.
debian_sources() {
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets 'Created-By: Packages' \
		--format '$(ORIGIN)|$(LABEL)|deb [signed-by='"$DEBIAN_KEYRING"'] $(SITE) $(RELEASE) $(COMPONENT)' |
		sed -n "s/^Debian|${1:-[^|]*}|//p" | sort -u | grep . ||
		die "apt has no Debian archive in its sources: add one"
	[ -r "$DEBIAN_KEYRING" ] || die "no $DEBIAN_KEYRING: install the package debian-archive-keyring"
}

# debian_site: the mirror that this machine uses for its own release.
debian_site() {
	debian_sources Debian | sed -n '1s/.*] \([^ ]*\) .*/\1/p'
}

# logged NAME COMMAND...: runs it with its output in a log, a line of progress
# every half minute, and the end of the log on failure.
logged() {
	local name=$1 log=$BUILD/logs/$1.log start=$SECONDS pid rc=0
	shift
	mkdir -p "$BUILD/logs"
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		if (((SECONDS - start) % 30 == 29)); then
			say "$name: $((SECONDS - start)) s, $(wc -l <"$log") lines: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-60)"
		fi
	done
	wait "$pid" || rc=$?
	if [ "$rc" -ne 0 ]; then
		tail -n 30 "$log" >&2
		die "$name failed with status $rc; the whole log is $log"
	fi
	say "$name: done in $((SECONDS - start)) s"
}

# host_arch: the kernel's name for this machine's architecture.
host_arch() {
	case "$(uname -m)" in
	x86_64) echo x86_64 ;;
	aarch64) echo arm64 ;;
	*) die "no test kernel for a $(uname -m) machine: use an x86-64 or arm64 one" ;;
	esac
}

# find_tools: sets RUSTC, BINDGEN and LLVM. The distribution's rustc is the default,
# because it comes with rust-src, which kernel builds need; bindgen is in the cache if
# the distribution's is too old.
find_tools() {
	RUSTC=${RUSTC:-/usr/bin/rustc}
	if [ -z "${BINDGEN:-}" ]; then
		if [ -x "$CACHE/tools/bin/bindgen" ]; then
			BINDGEN=$CACHE/tools/bin/bindgen
		else
			BINDGEN=bindgen
		fi
	fi
	LLVM=${LLVM:--$LLVM_VERSION}
	LLVM_TOOL_SUFFIX=
	local libraries=
	case "$LLVM" in
	-*) LLVM_TOOL_SUFFIX=$LLVM ;;
	# A folder of tools, as the kernel takes one.
	*/)
		PATH=$LLVM:$PATH
		libraries=${LLVM}../lib
		;;
	esac
	libraries=${libraries:-/usr/lib/llvm$LLVM_TOOL_SUFFIX/lib}
	# bindgen must load the same libclang as the compiler it works for.
	if [ -z "${LIBCLANG_PATH:-}" ] && [ -d "$libraries" ]; then
		export LIBCLANG_PATH=$libraries
	fi
}

# kernel_make_options CONFIG: the variables for every make of the kernel with that
# configuration, and of modules for it. One that is built by gcc has the GNU tools.
kernel_make_options() {
	local llvm=$LLVM
	! grep -qx CONFIG_CC_IS_GCC=y "$1" || llvm=
	printf '%s\n' "LLVM=$llvm" "RUSTC=$RUSTC" "BINDGEN=$BINDGEN"
}

# kernel_arch KDIR: the ARCH= of the kernel configured there.
kernel_arch() {
	local arch
	for arch in UML ARM64 X86_64; do
		if grep -qx "CONFIG_$arch=y" "$1/include/config/auto.conf"; then
			arch=${arch,,}
			echo "${arch/uml/um}"
			return
		fi
	done
	die "the kernel in $1 is not for x86_64, arm64 or um: set KDIR= to one that is"
}

# modules_folder KDIR: where the modules for that kernel are built. Its name ends in a
# digest of the path of KDIR, as kernels of one release may have different
# configurations.
modules_folder() {
	printf '%s/%s-%s-%s\n' "$BUILD" "$(kernel_arch "$1")" "$(cat "$1/include/config/kernel.release")" \
		"$(realpath "$1" | sha256sum | cut -c1-8)"
}
