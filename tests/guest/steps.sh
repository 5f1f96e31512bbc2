# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the jobs share that load and unload modules: names, commands that are
# followed by a look at whether everything agrees, and tests made of them.
# shellcheck disable=SC2034 # the jobs use the names

library=lib_poly1305
device=lib_poly1305_device
example=template_c
stress=lib_poly1305_stress
provider=lib_poly1305_provider
no_memory=lib_poly1305_no_memory
case "$(uname -m)" in
x86_64)
	arch=lib_poly1305_x86
	arch_name=x86_64-avx2
	scalar_name=x86_64-bmi2
	names=4
	;;
aarch64)
	arch=lib_poly1305_arm64
	arch_name=arm64-neon
	scalar_name=arm64-scalar
	names=2
	;;
esac

# arch_name is the best on the CPU that QEMU emulates, of so many names, and
# scalar_name the next best. /files/best has the best of a machine that is none of
# QEMU's.
[ ! -e /files/best ] || read -r arch_name </files/best
# The same module under another name: tests/lifecycle.sh makes it.
second=bil_${arch#lib_}

parameter=/sys/module/$library/parameters/implementation
listing=/sys/kernel/debug/$library/implementations
counters=/sys/module/$stress/parameters
modalias=/sys/devices/system/cpu/modalias
# The name that a copy of the package's file has. Of lines with softdep for one module, modprobe takes
# the first in the order of the names of files, and depmod's file has the name modules.softdep.
modprobe_conf=/etc/modprobe.d/lib-poly1305.conf
mkdir -p /etc/modprobe.d

# file_of MODULE: where modprobe finds it.
file_of() {
	modinfo -n "$1"
}
# These stay known while a test has taken a file away.
library_file=$(file_of $library)
arch_file=$(file_of "$arch")
stress_file=$(file_of $stress)
provider_file=$(file_of $provider)
no_memory_file=$(file_of $no_memory)
away=/tmp/away.ko

loaded() {
	grep -q "^$1 " /proc/modules
}

not_loaded() {
	! loaded "$1"
}

# may_lack_memory: also allocations that may sleep can be made to fail, which the kernel
# does not remark each time.
may_lack_memory() {
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/failslab/verbose
}

# expedite: grace periods take a millisecond, and not some ticks.
expedite() {
	echo 1 >/sys/kernel/rcu_expedited
}

# references MODULE: how many lsmod shows.
references() {
	awk -v module="$1" '$1 == module { print $3 }' /proc/modules
}

# active NAME, selected NAME: is it what computes, and what was asked for?
active() {
	[ "$(cat $parameter)" = "$1" ]
}

selected() {
	grep -qx "selected: $1" $listing
}

# choose NAME: as "echo NAME >parameter", but it says the error's name.
choose() {
	echo "$1" | dd of=$parameter
}

# log_says PATTERN: since the test began.
log_says() {
	dmesg | grep -q "$1"
}

# Whether the list of modules, the table of implementations and the parameter
# tell the same story. A short pin comes and goes between two looks, so that
# pins are compared only if nobody takes short ones.
consistent() {
	if ! loaded $library; then
		if loaded "$arch" || [ -e $listing ]; then
			breaks "inconsistent: something is left without the library"
			return
		fi
		return 0
	fi
	short_pins=N
	! loaded $stress || read -r short_pins <$counters/pins
	problem=$(awk -v module="$arch" -v short_pins="$short_pins" -v parameter="$(cat $parameter)" '
		FILENAME == "/proc/modules" {
			if ($1 == module) { present = 1; references = $3 }
			next
		}
		FNR == 1 || $2 == "-" { next }
		$1 == "selected:" { selection = $2; next }
		$4 == module { registered = 1; pins += $5 }
		$3 == "active" { name = $1; actives++ }
		END {
			if (actives != 1) print actives + 0, "are active"
			if (name != parameter) print "the parameter says", parameter, "and the table", name
			if (present && !registered) print "loaded, but not in the table"
			if (!present && registered) print "in the table, but not loaded"
			if (short_pins == "N" && pins + 0 != references + 0) print pins + 0, "pins, but", references + 0, "references"
			if (present && name == "generic" && selection != "generic") print "generic is active by no selection"
			if (selection == "") print "no selection at all"
		}' /proc/modules $listing 2>&1) || problem="$problem (awk ended with status $?)"
	[ -z "$problem" ] || breaks "inconsistent: $problem"
}

# breaks WORDS: says what went wrong. The test has failed from then on, whatever it
# makes of that.
breaks() {
	ktap_print_msg "$*"
	broken=1
	return 1
}

# step COMMAND...: it succeeds, and everything agrees after it.
step() {
	"$@" >/tmp/output 2>&1 || breaks "failed: $*: $(cat /tmp/output)" && consistent
}

# refused WORDS COMMAND...: it fails, saying WORDS, and everything agrees.
refused() {
	words=$1
	shift
	if "$@" >/tmp/output 2>&1; then
		breaks "not refused: $*"
	elif grep -q "$words" /tmp/output; then
		consistent
	else
		breaks "refused in other words: $*: $(cat /tmp/output)"
	fi
}

# goes_on: the stress caller makes tags, and has made no wrong one.
goes_on() {
	tags_before=$(cat $counters/tags)
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.1
		[ "$(cat $counters/tags)" -lt "$((tags_before + 200))" ] || break
	done
	[ "$(cat $counters/tags)" -ge "$((tags_before + 200))" ] && [ "$(cat $counters/wrong)" = 0 ]
}

# start_stress [PARAMETER...]: by insmod, which loads nothing else.
start_stress() {
	step insmod "$stress_file" "$@" && step goes_on
}

end_stress() {
	step rmmod $stress && step log_says 'lib_poly1305_stress: [1-9][0-9]* tags, 0 wrong$'
}

# clean: unloads everything. What cannot be is a failure of the test before.
clean() {
	rm -f $modprobe_conf
	if [ -e $away ]; then
		mv $away "$arch_file"
		depmod -a
	fi
	unclean=0
	if loaded $stress; then
		end_stress || unclean=1
	fi
	exec 3<&- 4<&-
	for module in $device $example $provider $no_memory "$second" "$arch" $library; do
		if loaded "$module"; then
			step rmmod "$module" || unclean=1
		fi
	done
	! grep '^lib_poly1305' /proc/modules >/tmp/output || unclean=1
	return "$unclean"
}

# whole COMMAND...: it succeeds, no step in it fails, and it leaves no module.
whole() {
	dmesg -c >/dev/null
	broken=0
	"$@"
	result=$?
	[ "$broken" -eq 0 ] || result=1
	clean && return "$result"
}

# holds NAME COMMAND...: a test. /files/without has the names of those to be skipped.
holds() {
	if grep -qsxF "$1" /files/without; then
		ktap_test_skip "$1" 'not on this machine'
	else
		name=$1
		shift
		ktap_test_result "$name" whole "$@"
	fi
}
