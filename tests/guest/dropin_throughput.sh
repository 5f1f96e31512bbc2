# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of dropin.sh: what a WireGuard tunnel carries over the drop-in, and over
# the kernel's own libpoly1305, in turns.

# shellcheck source=dropin_steps.sh
. /guest/dropin_steps.sh
mib=4
# shellcheck source=tunnel.sh
. /guest/tunnel.sh

# hundredths: of a second since boot. (The 1 keeps "08" from being octal.)
hundredths() {
	read -r seconds _ </proc/uptime
	echo $((${seconds%.*} * 100 + 1${seconds#*.} - 100))
}

# timed NAME: how long the file takes, there and back.
timed() {
	step open_tunnel || return
	begun=$(hundredths)
	step transfer a b 10.1.0.2 && step transfer b a 10.1.0.1 || return
	echo "$1 $(($(hundredths) - begun))" >>/tmp/times
	step close_tunnel && unload wireguard libchacha20poly1305 libpoly1305 "$arch" $library
}

own() {
	take_away && timed own && bring_back
}

# Catches a drop-in that costs more than emulation, which is noisy, can hide. Each
# of the two is the first one of a pair by turns.
throughput() {
	: >/tmp/times
	for _ in 1 2 3 4 5; do
		own && timed ours && timed ours && own || return
	done
	awk -v mib=$mib '
		function sort(list, n,  i, j, swap) {
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
					swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap
				}
		}
		{ time[$1] = $2 }
		NR % 2 == 0 {
			n++
			own[n] = 200 * mib / time["own"]
			ours[n] = 200 * mib / time["ours"]
			ratio[n] = time["own"] / time["ours"]
		}
		function show(what, list) {
			sort(list, n)
			middle = (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
			printf "throughput: %s %.2f (median of %d; %.2f to %.2f)\n", what, middle, n, list[1], list[n]
		}
		END {
			show("own, MiB/s", own)
			show("ours, MiB/s", ours)
			show("ratio", ratio)
			exit !(n == 10 && middle >= 0.8)
		}' /tmp/times >/tmp/result
	result=$?
	while read -r line; do
		ktap_print_msg "$line"
	done </tmp/result
	return "$result"
}
holds 'dropin: throughput of WireGuard' throughput
