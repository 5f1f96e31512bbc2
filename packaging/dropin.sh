#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dropin.sh check|build|install RELEASE ARCH VERSION: what DKMS runs for libpoly1305, by the
# scripts of lib-poly1305-dkms of that version.

set -eu
sources=/usr/src/lib-poly1305-$4
case "$1" in
check)
	# Built in, no module can take its place.
	grep -qx CONFIG_CRYPTO_LIB_POLY1305=m "/lib/modules/$2/build/.config" || {
		echo "error: kernel $2 has libpoly1305 built in, where no module can replace it" >&2
		exit 77
	}
	exec "$sources/packaging/dkms_check.sh" "$2"
	;;
build) exec "$sources/packaging/dkms_build.sh" "$2" LIB_POLY1305_DROPIN ;;
install)
	"$sources/scripts/twins.sh" "/lib/modules/$2" updates/dkms libpoly1305
	# DKMS takes away the kernel's own file, and puts it back when it removes the drop-in,
	# unless this link says that it installed the drop-in before. That file is the
	# package's of the kernel, and loses to the drop-in where it is.
	ln -sfn "$4/$2/$3" "/var/lib/dkms/lib-poly1305-dropin/kernel-$2-$3"
	;;
esac
