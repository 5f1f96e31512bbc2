# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The same on a kernel that was told to take only signed modules (module.sig_enforce=1).

# shellcheck source=steps.sh
. /guest/steps.sh

# Catches words that docs/packaging.md says the kernel has for it, and has not.
enforced() {
	refused 'Key was rejected by service' modprobe $library && step not_loaded $library &&
		step log_says 'Loading of module with unavailable key is rejected'
}
holds 'only signed modules: refused' enforced
