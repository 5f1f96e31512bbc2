# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# The kernel's own users of Poly1305, its suites and its self-tests, on the
# library. The parts need the files that tests/dropin.sh makes.

# shellcheck source=dropin_steps.sh
. /guest/dropin_steps.sh
for part in modules $(cat /files/parts); do
	# shellcheck source=/dev/null # they are checked on their own
	. "/guest/dropin_$part.sh"
done
