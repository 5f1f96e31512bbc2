#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# dropin.sh check|build RELEASE VERSION: what DKMS runs for libpoly1305, by the scripts of
# lib-poly1305-dkms of that version.

packaging=/usr/src/lib-poly1305-$3/packaging
case "$1" in
check)
	# Built in, no module can take its place.
	grep -qx CONFIG_CRYPTO_LIB_POLY1305=m "/lib/modules/$2/build/.config" || {
		echo "error: kernel $2 has libpoly1305 built in, where no module can replace it" >&2
		exit 77
	}
	exec "$packaging/dkms_check.sh" "$2"
	;;
build) exec "$packaging/dkms_build.sh" "$2" LIB_POLY1305_DROPIN ;;
esac
