# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests share: guests and what they say, copies of the project. Sourced, never
# run.

. "$(dirname "${BASH_SOURCE[0]}")/../scripts/common.sh"
. "$PROJECT/tests/ktap.sh"

# qemu_threads: the most host threads that QEMU here can emulate the two CPUs of an
# x86-64 guest with, for jobs in which they are to race. Before 10, one for both: with
# one each, 7.2 goes on with its translation of an instruction that another CPU has
# patched, after the kernel made all CPUs notice: "Oops: int3" in static calls. On a
# busy machine 10.0.2 was seen to do so as well, once in six runs of the suites: so
# only jobs that need it take more than one. On arm64 a static call is a branch through
# a word of data.
qemu_threads() {
	if at_least "$(qemu_version)" "$MIN_QEMU_THREADS"; then
		echo multi
	else
		echo single
	fi
}

# copy_project FOLDER: what belongs to the project, for tests that change it.
copy_project() {
	mkdir -p "$1"
	(cd "$PROJECT" && project_files "$PROJECT" | cpio --quiet --null -pdm "$1")
}

# monthly NAME COMMAND...: prints the path of that root of Debian in the cache, which the command makes
# once a month, given a path as its last argument. A mirror's copy of a release may be an old one.
# Fails if the command does. To be called in $( ), whose end unlocks the root for others.
monthly() {
	local path
	path=$CACHE/distro/$1-$(date +%Y-%m)
	mkdir -p "$CACHE/distro"
	# Two steps may want the same one at the same time.
	exec 9>"$CACHE/distro/$1.lock"
	flock 9
	if [ ! -e "$path" ]; then
		[ "${SETUP:-yes}" != no ] || die "the root $1 is not in the cache, and SETUP=no fetches none: run once without it"
		as_root find "$CACHE/distro" -maxdepth 1 -name "$1-20*" -exec rm -rf {} +
		# In a condition, bash would go on after an error.
		"${@:2}" "$path.partial" >&2 && as_root mv "$path.partial" "$path" || return
	fi
	echo "$path"
}

# same WANTED COMMAND...: succeeds if what the command says, sorted, is that; otherwise it says
# what differs.
same() {
	local wanted=$1 said
	shift
	said=$("$@") || return
	diff <(echo "$wanted") <(sort <<<"$said")
}

# boot_guest KDIR INITRAMFS LOG [CPU]: by qemu.sh, or for user-mode Linux, which has
# the CPU of this machine, by um.sh.
boot_guest() {
	if [ "$(kernel_arch "$1")" = um ]; then
		local options
		read -ra options <<<"${GUEST_CMDLINE:-}"
		"$PROJECT/tests/vm/um.sh" "$1/linux" "$3" mem=512M "initrd=$2" rdinit=/init \
			printk.devkmsg=on panic=-1 "${options[@]}"
		check_guest "$3"
	else
		"$PROJECT/tests/vm/qemu.sh" "$@"
	fi
}

# qemu_cpu ARCH: the one that has all that QEMU can emulate. The architected algorithm of
# pointer authentication is slow to emulate.
qemu_cpu() {
	case "$1" in
	arm64) echo max,pauth-impdef=on ;;
	*) echo max ;;
	esac
}

# boot_qemu ARCH KERNEL INITRAMFS LOG OPTION...: boots that kernel on two CPUs with these
# options of QEMU, leaves its console in LOG, and fails if the guest's job failed or the kernel
# complained.
#
# By emulation (TCG): that is the same on every machine, and a /dev/kvm that
# opens but boots nothing cannot make it hang.
boot_qemu() {
	local log=$4 limit=${QEMU_TIMEOUT:-1800} threads=${QEMU_THREADS:-single} console=ttyS0 qemu rc=0
	case "$1" in
	x86_64) qemu=(qemu-system-x86_64) ;;
	arm64)
		qemu=(qemu-system-aarch64 -machine virt)
		threads=multi
		console=ttyAMA0
		;;
	esac
	need "${qemu[0]}"
	timeout "$limit" "${qemu[@]}" -accel "tcg,thread=$threads" -smp 2 -nodefaults -display none -no-reboot \
		-serial "file:$log" -kernel "$2" -initrd "$3" "${@:5}" \
		-append "console=$console printk.devkmsg=on panic=-1 ${GUEST_CMDLINE:-}" </dev/null >"$log.qemu" 2>&1 || rc=$?
	if [ "$rc" -eq 124 ]; then
		did_not_end 'the guest' "$limit" "$log"
	elif [ "$rc" -ne 0 ]; then
		tail -n 3 "$log.qemu" >&2
		die "QEMU failed with status $rc"
	fi
	check_guest "$log"
}

# did_not_end WHO SECONDS LOG: dies. A kernel that hangs has often said why, which is shown.
did_not_end() {
	"$PROJECT/tests/objects/log.sh" "$3" || true
	die "$1 did not end within $2 s: its console is in $3"
}

# check_guest LOG: fails if the guest's job failed or its kernel complained.
check_guest() {
	sed -i 's/\r$//' "$1"
	# Said here, as a caller may be one in which no failure ends the script.
	"$PROJECT/tests/objects/log.sh" "$1" || die "the guest's log has complaints"
	grep -q 'guest: job ended with status 0$' "$1" || {
		grep -a 'guest: ' "$1" | tail -n 5 >&2 || tail -n 20 "$1" >&2
		die "the guest's job failed: its console is in $1"
	}
}

# arch_module ARCH: the module of implementations for it, as a path without suffix.
arch_module() {
	case "$1" in
	x86_64 | um) echo arch_x86/lib_poly1305_x86 ;;
	arm64) echo arch_arm64/lib_poly1305_arm64 ;;
	*) die "no module of implementations for ARCH=$1: use x86_64, arm64 or um" ;;
	esac
}

# implementations ARCH: the rows of that architecture's table: name, type, priority,
# priority where it is slow, registers, instruction, and features joined by +.
implementations() {
	(cd "$PROJECT" && cargo run --quiet --release --package lib_poly1305_tests --bin list_implementations) |
		sed -n "s/^${1/um/x86_64} //p"
}

# second_copy KDIR: that module, as it was built, under another name of as many bytes.
second_copy() {
	local module
	module=$(arch_module "$(kernel_arch "$1")")
	sed "s/${module##*/}/bil_${module##*/lib_}/g" "$(modules_folder "$1")/modules/$module.ko"
}

# odd_modules KDIR FOLDER: leaves in the folder arch modules for lifecycle jobs that are
# like ours, which is built: the second copy; one of another ABI, and in the file "abi" its
# version and ours; and one that computes wrongly where it is best. Also what the package
# has for modprobe.d.
odd_modules() {
	local arch module project header ours its candidates=include/lib_poly1305_candidates.rs
	arch=$(kernel_arch "$1")
	module=$(arch_module "$arch")
	second_copy "$1" >"$2/second_copy.ko"
	cp "$PROJECT/packaging/modprobe.conf" "$2/"

	project=$(mktemp -d -p "$BUILD")
	copy_project "$project"
	header=$project/include/lib_poly1305_provider.h
	ours=$(sed -n 's/^#define LIB_POLY1305_ABI_VERSION\t//p' "$header")
	its=$((ours + 1))
	sed -i "s/^#define LIB_POLY1305_ABI_VERSION\t.*/#define LIB_POLY1305_ABI_VERSION\t$its/" "$header"
	# Without the suites, which are most of what there is to build.
	LIB_POLY1305_BUILD=$project/build "$project/scripts/config.sh" "$1" defconfig >&2
	LIB_POLY1305_BUILD=$project/build logged "modules-other-abi-$arch" "$project/scripts/build.sh" "$1"
	cp "$project/build"/*/modules/"$module.ko" "$2/other_abi.ko"
	echo "$its $ours" >"$2/abi"

	sed -i "s/^#define LIB_POLY1305_ABI_VERSION\t.*/#define LIB_POLY1305_ABI_VERSION\t$ours/" "$header"
	sed -i "s/::absorb(state, workspace, blocks)/::absorb(state, workspace, blocks.get(if \$priority == 200 { 16.. } else { 0.. }).unwrap_or_default())/" \
		"$project/$candidates"
	! cmp -s "$PROJECT/$candidates" "$project/$candidates" ||
		die "nothing is wrong in $candidates: the line that is to be changed is another one"
	LIB_POLY1305_BUILD=$project/build logged "modules-wrong-one-$arch" "$project/scripts/build.sh" "$1"
	cp "$project/build"/*/modules/"$module.ko" "$2/wrong_one.ko"
	rm -rf "$project"
}

# guest_program NAME FOLDER: builds tests/guest/NAME.c for guests of KDIR, without
# libraries that it would need there, and leaves it in the folder.
guest_program() {
	local options=(-O2 -Wall -Wextra -Werror -static)
	find_tools
	if [ "$(kernel_arch "$KDIR")" = arm64 ] && [ "$(host_arch)" != arm64 ]; then
		options+=(--target=aarch64-linux-gnu "--sysroot=$("$PROJECT/tests/host/arm64_sysroot.sh")" -fuse-ld=lld)
	fi
	"clang$LLVM_TOOL_SUFFIX" "${options[@]}" -o "$2/$1" "$PROJECT/tests/guest/$1.c"
}

# try NAME COMMAND...: a test, of which the end of what it says is shown if it fails.
try() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1 </dev/null); then
		ktap_test_pass "$name"
	else
		tail -n 40 <<<"$said" | sed 's/^/# /'
		ktap_test_fail "$name"
	fi
}

# refused WORDS COMMAND...: the command fails, and all it says is an error with these words; what
# make says of that is its own.
refused() {
	local words=$1 said rc=0
	shift
	said=$("$@" 2>&1) || rc=$?
	echo "status $rc of $*: $said"
	said=$(grep -v '^make: \*\*\* ' <<<"$said" || true)
	[ "$rc" -ne 0 ] && [[ $said == 'error: '* && $said == *"$words"* && $said != *$'\n'* ]]
}

# begin_guests ARCH [FLAVOUR [FOLDER]]: builds the modules for that test kernel, which is
# KDIR then, makes a folder $work, in FOLDER or where all is built, and $work/files for
# what guests are to find in /files.
begin_guests() {
	KDIR=$(test_kernel "$1" ${2:+"$2"})/base
	mkdir -p "$BUILD/logs"
	work=$(mktemp -d -p "${3:-$BUILD}")
	trap 'rm -rf "$work"' EXIT
	mkdir "$work/files"
	logged "modules-$1${2:+-$2}" "$PROJECT/scripts/build.sh" "$KDIR"
	ktap_print_header
}

# finds_leaks: whether KDIR has kmemleak, and then has its guests show all that is lost: without checks
# of its own the allocator keeps arrays of free objects, where the address of one that was leaked
# stays, so that kmemleak overlooks it.
finds_leaks() {
	grep -qx CONFIG_DEBUG_KMEMLEAK=y "$KDIR/.config" || return
	export GUEST_CMDLINE=slab_debug=FZP
}

# guest_tests FILE...: the names of the tests in these files of tests/guest.
guest_tests() {
	(cd "$PROJECT/tests/guest" && sed -n "s/^[[:space:]]*holds '\([^']*\)'.*/\1/p" "$@")
}

# guest_results LOG FILE...: these tests passed or were skipped in the guest that has
# this log, each once, and there were no others.
guest_results() {
	guest_tests "${@:2}" | "$PROJECT/tests/ktap.py" guest "$1"
}

# run_guest NAME JOB CPU FILE...: boots a guest, on that CPU or on the usual one if it is
# "", with what is in the folders $work/files and $root; a test, that has as its own
# tests those of the files.
run_guest() {
	local log=$BUILD/logs/$1.log
	say "booting $1"
	"$PROJECT/tests/vm/initramfs.sh" "$KDIR" "$2" "$work/initramfs" "$work/files" "${root:-}"
	boot_guest "$KDIR" "$work/initramfs" "$log" "$3"
	ktap_test_result "$1" guest_results "$log" "${@:4}"
}
