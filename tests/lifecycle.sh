#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# lifecycle.sh x86_64|arm64|um [FLAVOUR]: modules loaded, unloaded, refused and
# selected in every order, by the real kmod in the test kernel, or in that flavour of
# it; on x86-64, also on CPUs that lack some or all of what there is code for, and
# with kernels that do without it.

. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/vm/states.sh"

ARCH=${1:?usage: lifecycle.sh x86_64|arm64|um [FLAVOUR]}
flavour=${2:-}
begin_guests "$ARCH" "$flavour"
odd_modules "$KDIR" "$work/files"

if [ "$ARCH" = um ]; then
	active_of um >"$work/files/best"
	[ "$(cat "$work/files/best")" != generic ] || die "this machine's CPU has no BMI2: there is nothing to load"
	# There are no aliases of CPUs; and what is made to fail in lifecycle_failing.sh is
	# the best of the CPUs that QEMU emulates.
	{
		printf '%s\n' 'modalias of the CPU' 'blacklist stops udev only'
		guest_tests lifecycle_failing.sh
	} >"$work/files/without"
fi

# boot JOB CPU FILE...: as run_guest does, under a name that says all of it.
boot() {
	run_guest "$1-$ARCH${flavour:+-$flavour}${2:+-${2//[^a-z0-9]/-}}${GUEST_CMDLINE:+-${GUEST_CMDLINE//[^a-z0-9]/-}}" "$@"
}

boot lifecycle '' lifecycle_{loading,absent,selecting,unloading,failing}.sh
# On a CPU that lacks all, or some of, what there is code for; or which has it, where the kernel does
# not save registers, or was told that it has not. Each boot takes a while: the ordinary kernel has one
# of each kind, and the debug kernel the others.
case "$ARCH $flavour" in
'x86_64 ')
	boot lifecycle_declined qemu64 lifecycle_declined.sh
	GUEST_CMDLINE=noxsave boot lifecycle_partly max lifecycle_partly.sh
	;;
'x86_64 debug')
	boot lifecycle_declined max,-bmi2 lifecycle_declined.sh
	boot lifecycle_partly max,-avx2 lifecycle_partly.sh
	GUEST_CMDLINE=clearcpuid=avx2 boot lifecycle_partly max lifecycle_partly.sh
	;;
esac

ktap_finished
