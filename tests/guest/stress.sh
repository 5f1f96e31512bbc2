# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The arch module comes and goes, as often as /files/cycles says, under callers
# that compute on every CPU through contexts, one-shots and short pins.

# shellcheck source=steps.sh
. /guest/steps.sh
# shellcheck source=leaks.sh
. /guest/leaks.sh
read -r cycles </files/cycles

# now: hundredths of a second since boot. (The 1 keeps "08" from being octal, on
# which the shell would exit.)
now() {
	read -r seconds _ </proc/uptime
	echo $((${seconds%.*} * 100 + 1${seconds#*.} - 100))
}

# cycle: unloads the arch module, which takes more than one attempt when a short
# pin is there, and loads it again. What was refused is not part of the time.
cycle() {
	attempt=0
	while :; do
		begun=$(now)
		rmmod "$arch" >/tmp/output 2>&1 && break
		grep -q 'in use\|temporarily unavailable' /tmp/output || {
			ktap_print_msg "rmmod: $(cat /tmp/output)"
			return 1
		}
		attempt=$((attempt + 1))
		[ "$attempt" -lt 500 ] || return 1
	done
	read -r now_active <$parameter
	[ "$now_active" = generic ] && insmod "$arch_file" || return
	echo "$(($(now) - begun)) $attempt" >>/tmp/times
	read -r now_active <$parameter
	[ "$now_active" = "$arch_name" ]
}

# Catches code that is called when it is gone, or before it is there; a pin that
# holds nothing, or is never let go; computations that a change tears apart.
cycling() {
	: >/tmp/times
	step modprobe $library && step active "$arch_name" && start_stress pins=1 || return
	i=0
	while [ "$i" -lt "$cycles" ]; do
		cycle || return
		i=$((i + 1))
		# These looks take longer than a cycle.
		[ "$((i % 20))" -ne 0 ] || { consistent && say "$i cycles"; } || return
	done
	step goes_on && [ "$(cat $counters/hardirq_tags)" -gt 0 ]
}

# measure: what the cycles took.
measure() {
	sort -n /tmp/times | awk '
		{ took[NR] = $1; sum += $1; refused += $2 }
		END {
			printf "%d cycles, %d attempts refused, %d ms each (median), %d ms (mean)\n",
				NR, refused, took[int((NR + 1) / 2)] * 10, sum * 10 / NR
		}'
}

# Catches a stress that did not take place. (The tags are of all cycles, as the
# test before unloaded the caller.)
took_place() {
	tags=$(sed -n 's/.*lib_poly1305_stress: \([0-9]*\) tags, 0 wrong$/\1/p' /tmp/log)
	ktap_print_msg "$(measure), ${tags:-no} tags"
	[ "$(wc -l </tmp/times)" = "$cycles" ] && [ "${tags:-0}" -ge 5000 ]
}

holds 'stress: no wrong tag' cycling
dmesg >/tmp/log
holds 'stress: took place' took_place

# Catches memory that is lost with each cycle.
holds 'stress: kmemleak' no_leak
