# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of dropin.sh: a WireGuard tunnel between two network namespaces.
# shellcheck source=dropin_steps.sh
. /guest/dropin_steps.sh
# shellcheck source=tunnel.sh
. /guest/tunnel.sh

both_ways() {
	transfer a b 10.1.0.2 && transfer b a 10.1.0.1
}

# Catches packets that the other end does not open.
tunnel() {
	step open_tunnel && step the_kernels_own wireguard && step both_ways && step close_tunnel
}
holds 'dropin: WireGuard' by_ours tunnel

# cycle: the arch module goes, and comes back.
cycle() {
	step rmmod "$arch" && step listed_active generic && sleep 0.1 &&
		step modprobe "$arch" && step listed_active "$arch_name" && sleep 0.1
}

# Catches packets that are lost, or a kernel that is, while the code changes.
tunnel_while_changing() {
	step open_tunnel && step from_outside libpoly1305 || return
	: >/tmp/go_on
	while [ -e /tmp/go_on ]; do
		if both_ways >/dev/null 2>&1; then echo right; else echo wrong; fi >>/tmp/transfers
	done &
	transfers=$!
	cycles=0
	while { [ "$cycles" -lt 12 ] || [ "$(grep -c . /tmp/transfers)" -lt 2 ]; } && cycle; do
		cycles=$((cycles + 1))
	done
	rm /tmp/go_on
	wait $transfers
	ktap_print_msg "$cycles cycles, $(grep -c right /tmp/transfers) right, $(grep -c wrong /tmp/transfers) wrong"
	[ "$cycles" -ge 12 ] && grep -q right /tmp/transfers && ! grep -q wrong /tmp/transfers && step close_tunnel
}
: >/tmp/transfers
holds 'dropin: WireGuard while implementations come and go' tunnel_while_changing
