# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# On a distribution's own kernel: the modules of the package load, compute and unload; then
# what other jobs do in test kernels. The parts need the files that tests/distro/modules.sh
# makes.

# shellcheck source=distro_package.sh
. /guest/distro_package.sh
for part in loading absent selecting unloading failing; do
	# shellcheck source=/dev/null # they are checked on their own
	. "/guest/lifecycle_$part.sh"
done
# shellcheck source=stress.sh
. /guest/stress.sh
for part in modules tls wireguard; do
	# shellcheck source=/dev/null # they are checked on their own
	. "/guest/dropin_$part.sh"
done
