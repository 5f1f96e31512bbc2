#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [um|x86_64]: measures the library in a kernel.
#
#   um      in user-mode Linux, where the kernel's code runs at the machine's own
#           speed: what messages of all lengths take by each implementation that
#           the CPU has, what the table of implementations costs a call, and what
#           a second CPU gives
#   x86_64  in QEMU, by emulation: the latter, which shows the order of things
#           only. Before, looks at the code of a call in the built module, which
#           must hold no indirect call, nor one of a retpoline thunk.
#
# Each figure is a median, with the 10th and the 90th percentile next to it.

. "$(dirname "$0")/../../scripts/common.sh"

ARCH=${1:-um}
case "$ARCH" in
um | x86_64) ;;
*) die "no benchmark for '$ARCH': use um or x86_64" ;;
esac
export LIB_POLY1305_BUILD=$BUILD/bench
BUILD=$LIB_POLY1305_BUILD
find_tools
kernel=$("$PROJECT/tests/vm/kernel.sh" "$ARCH")
mkdir -p "$BUILD/logs"
log=$BUILD/logs/bench-$ARCH.log

# build_um: the benchmark built into user-mode Linux, as $BUILD/linux.
build_um() {
	local options
	mapfile -t options < <(kernel_make_options)
	options+=("ARCH=um" "O=$kernel/graft")
	# One checkout at a time: the tree has one link to the project.
	exec 9>"$kernel/.lock"
	flock 9
	ln -sfn "$PROJECT" "$kernel/tree/lib_poly1305"
	# Another checkout's objects may be newer than this one's files.
	rm -rf "$kernel/graft/lib_poly1305"
	cat "$kernel/fragment" "$PROJECT/bench/kernel/um.config" >"$kernel/graft/fragment"
	logged bench-config make -s -C "$kernel/tree" "${options[@]}" \
		KCONFIG_ALLCONFIG="$kernel/graft/fragment" allnoconfig
	grep -qx CONFIG_LIB_POLY1305_BENCH=y "$kernel/graft/.config" ||
		die "Kconfig takes no LIB_POLY1305_BENCH=y: see $kernel/graft/.config"
	logged bench-kernel make -s -C "$kernel/tree" "${options[@]}" -j"$JOBS" all
	cp "$kernel/graft/linux" "$BUILD/linux"
	exec 9>&-
}

# boot_um LOG PARAMETER...: boots it. There is no file system: once it has booted, KUnit
# halts the kernel.
boot_um() {
	"$PROJECT/tests/vm/um.sh" "$BUILD/linux" "$1" mem=256M kunit.enable=0 kunit_shutdown=halt "${@:2}"
}

run_um() {
	local name
	build_um
	# The portable implementation is compared with itself.
	boot_um "$log" lib_poly1305.implementation=generic
	while read -r name; do
		say "$name"
		boot_um "$log.$name" "lib_poly1305.implementation=$name" lib_poly1305_bench.lengths=1
		sed -n 's/^.*lib_poly1305_bench: \(length .*\)/\1/p' "$log.$name"
	done < <(sed -n 's/.*lib_poly1305: \(.*\) registered by .*/\1/p' "$log") >"$log.lengths"
	lengths <"$log.lengths"
}

# lengths: medians for messages of all lengths, each implementation a line.
lengths() {
	awk '
		$1 == "length" {
			if (!($2 in seen)) { seen[$2]; names[++n] = $2 }
			if (!($3 in known)) { known[$3]; bytes[++m] = $3 }
			median[$2, $3] = $5 / 10
		}
		END {
			print "TSC cycles for a message by lib_poly1305_mac(), medians; and the ratio to generic"
			printf "%-20s", "bytes"
			for (j = 1; j <= m; j++) printf " %13d", bytes[j]
			print ""
			for (i = 1; i <= n; i++) {
				printf "%-20s", names[i]
				for (j = 1; j <= m; j++)
					printf " %7.0f %5.2f", median[names[i], bytes[j]], median[names[i], bytes[j]] / median["generic", bytes[j]]
				print ""
			}
			print ""
		}'
}

# disassembly FUNCTION: its instructions in the built module.
disassembly() {
	"llvm-objdump$LLVM_TOOL_SUFFIX" -dr --no-show-raw-insn --disassemble-symbols="$1" "$module"
}

# check_call: prints the way from lib_poly1305_mac() to the implementation.
check_call() {
	local module=$1/lib_poly1305/lib_poly1305.ko function
	for function in lib_poly1305_mac lib_poly1305_target_call; do
		disassembly "$function" >"$BUILD/logs/$function.txt"
		! grep -E '(call|jmp)q?[[:space:]]+\*|__x86_indirect_thunk' "$BUILD/logs/$function.txt" >&2 ||
			die "$function has an indirect call: see $BUILD/logs/$function.txt"
	done
	grep -q '__SCT__lib_poly1305_target' "$BUILD/logs/lib_poly1305_target_call.txt" ||
		die "lib_poly1305_target_call does not call its target: see $BUILD/logs/lib_poly1305_target_call.txt"
	echo 'lib_poly1305_mac:'
	grep -B 5 -A 1 'R_X86_64_PLT32.*lib_poly1305_target_call' "$BUILD/logs/lib_poly1305_mac.txt" ||
		die "lib_poly1305_mac does not call lib_poly1305_target_call: see $BUILD/logs/lib_poly1305_mac.txt"
	sed '1,/^Disassembly/d' "$BUILD/logs/lib_poly1305_target_call.txt"
	echo 'no indirect call, no retpoline thunk'
}

run_x86_64() {
	local modules
	logged bench-modules "$PROJECT/scripts/build.sh" "$kernel/base"
	modules=$(tail -n 1 "$BUILD/logs/bench-modules.log")
	check_call "$modules"
	"$PROJECT/tests/vm/initramfs.sh" "$kernel/base" bench "$BUILD/bench.initramfs"
	# Two threads of the host will do, as no code is patched under callers: the
	# target stays what it is from the beginning, the portable implementation.
	QEMU_THREADS=multi GUEST_CMDLINE=module_blacklist=lib_poly1305_x86 \
		"$PROJECT/tests/vm/qemu.sh" "$kernel/base" "$BUILD/bench.initramfs" "$log"
}

# table: the figures in the log.
table() {
	local mhz
	# The clock of the counter, as virtual machines say it.
	mhz=$(sed -n 's/^cpu MHz[^0-9]*//p' /proc/cpuinfo | head -n 1)
	sed -n 's/^.*lib_poly1305_bench: //p' "$log" | awk -v mhz="${mhz:-0}" '
		function row(unit, digits) {
			printf "%-12s %6s  %-16s", $2, $3, $4
			for (i = 5; i <= 7; i++)
				printf " %10.*f", digits, $i / unit
			print ""
		}
		function target(what, result, words) {
			verdict = verdict sprintf("%s: %s (target: %s)\n", what, result, words)
		}
		$1 == "target" || $1 == "active" {
			print
		}
		$1 == "cost" && !costs++ {
			print "\nTSC cycles for a message; chained ones wait for the tag of the one before"
			printf "%-12s %6s  %-16s %10s %10s %10s\n", "messages", "bytes", "way", "10%", "median", "90%"
		}
		$1 == "cost" {
			row(10, 1)
			if ($3 == 16 && $4 == "library-direct")
				target($2 " messages of 16 bytes, library-direct " $6 / 10, $6 <= 120 ? "met" : "missed", "at most 12 cycles")
			if ($4 == "dropin-pieces") {
				ns = $6 / 10 / mhz * 1000
				target($2 " messages of " $3 " bytes, dropin-pieces " sprintf("%.1f ns", ns), ns <= 5 ? "met" : "missed", "at most 5 ns")
			}
		}
		$1 == "rate" && !rates++ {
			print "\nMillions of messages of 64 bytes in a second, and the ratio; counted ones take a"
			print "reference, as to a module, which all CPUs write to"
			printf "%-12s %6s  %-16s %10s %10s %10s\n", "", "CPUs", "way", "10%", "median", "90%"
		}
		$1 == "rate" { row(1e6, 3) }
		$1 == "ratio" {
			row(1000, 3)
			low[$4] = $5
			ratio[$4] = $6
		}
		END {
			# What shares nothing scales, unless somebody else uses the CPUs.
			missed = low["direct"] < 1900 ? "unknown, the machine is busy" : "missed"
			target("two CPUs over one " ratio["library"] / 1000, ratio["library"] >= 1900 ? "met" : missed, "at least 1.9")
			printf "\n%s", verdict
		}'
}

case "$ARCH" in
um) echo "user-mode Linux: code at the machine's own speed" ;;
x86_64) echo 'QEMU: emulated by TCG, with lockdep: no rate means anything for a CPU' ;;
esac
echo "load average before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
"run_$ARCH"
echo "load average after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
table
