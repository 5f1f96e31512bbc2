# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Modules that come and go, in one boot. The parts need the files that
# tests/lifecycle.sh makes. lifecycle_declined.sh and lifecycle_partly.sh are for
# other CPUs.

for part in loading absent selecting unloading failing; do
	# shellcheck source=/dev/null # they are checked on their own
	. "/guest/lifecycle_$part.sh"
done
