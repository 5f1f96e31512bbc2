# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# On a distribution's own kernel in lockdown, as Secure Boot has it, which does not know the
# key that DKMS has signed the package's modules with.

# shellcheck source=steps.sh
. /guest/steps.sh

# Catches words that docs/packaging.md says the kernel has for it, and has not.
locked() {
	step grep -q '\[integrity\]' /sys/kernel/security/lockdown &&
		refused 'Operation not permitted' modprobe $library && step not_loaded $library &&
		step log_says 'Lockdown: modprobe: unsigned module loading is restricted'
}
mount -t securityfs none /sys/kernel/security 2>/dev/null
holds 'lockdown: refused' locked
