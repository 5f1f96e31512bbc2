# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# What the jobs share that have the kernel's own users of Poly1305 run on the
# library. install-dropin has put its libpoly1305 into the folder updates.

# shellcheck source=steps.sh
. /guest/steps.sh
counting=lib_poly1305_dropin_test
calls=/sys/module/$counting/parameters/calls
dropin_file=$(file_of libpoly1305)
dropin_away=/tmp/libpoly1305.ko
depmod_conf=/etc/depmod.d/test.conf
mkdir -p /etc/depmod.d
algorithm=lib_poly1305_algorithm
# Users before what they use.
users="wireguard tls $algorithm poly1305_kunit chacha20poly1305_kunit adiantum chacha20poly1305
	libchacha20poly1305 $counting libpoly1305"

# take_away, bring_back: what uninstall-dropin and install-dropin do.
take_away() {
	mv "$dropin_file" $dropin_away && depmod -a
}

bring_back() {
	mv $dropin_away "$dropin_file" && depmod -a
}

# unload MODULE...: those that are loaded; some are let go a little later.
unload() {
	for module in "$@"; do
		attempt=0
		while loaded "$module" && ! rmmod "$module" >/tmp/output 2>&1; do
			attempt=$((attempt + 1))
			if [ "$attempt" -eq 100 ]; then
				ktap_print_msg "rmmod: $(cat /tmp/output)"
				return 1
			fi
			sleep 0.1
		done
	done
}

clean() {
	unclean=0
	for namespace in /run/netns/*; do
		[ ! -e "$namespace" ] || ip netns del "${namespace##*/}" || unclean=1
	done
	if [ -e $dropin_away ]; then
		bring_back || unclean=1
	fi
	if [ -e $depmod_conf ]; then
		rm $depmod_conf && depmod -a || unclean=1
	fi
	# shellcheck disable=SC2086 # a list of names
	unload $users "$arch" $library || unclean=1
	return "$unclean"
}

# from_outside MODULE: it is not one of the kernel's own.
from_outside() {
	grep -q O "/sys/module/$1/taint"
}

the_kernels_own() {
	! from_outside "$1"
}

# listed_active NAME: the listing says that it computes.
listed_active() {
	awk -v name="$1" '$1 == name && $3 == "active" { found = 1 } END { exit !found }' $listing
}

# counted COMMAND...: it succeeds, and has the implementation that counts compute.
counted() {
	step modprobe $counting && step choose test-counting && step listed_active test-counting || return
	calls_before=$(cat $calls)
	"$@" || return
	calls_after=$(cat $calls)
	ktap_print_msg "$((calls_after - calls_before)) calls for $*"
	[ "$calls_after" -gt "$calls_before" ] && step choose auto && step listed_active "$arch_name"
}

# by_ours COMMAND...: it succeeds with the implementation that counts, and with
# the best one; what it has loaded is loaded anew in between.
by_ours() {
	counted "$@" || return
	# shellcheck disable=SC2086 # a list of names
	unload ${users%"$counting"*} && step from_outside libpoly1305 && "$@" && step listed_active "$arch_name"
}
