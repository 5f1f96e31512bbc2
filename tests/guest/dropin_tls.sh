# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of dropin.sh: TLS by the kernel, in software, over a TCP connection.
# shellcheck source=dropin_steps.sh
. /guest/dropin_steps.sh

ip link set lo up

# Catches records of any length that are sealed wrongly, or not opened.
tls() {
	step /files/tls && step loaded chacha20poly1305 && step the_kernels_own tls
}
holds 'dropin: TLS both ways' by_ours tls
