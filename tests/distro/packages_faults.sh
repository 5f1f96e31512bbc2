# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What can go wrong with the packages. Sourced by packages.sh, whose states these tests
# begin from.

: "${work:?}" "${root:?}" "${old:?}" "${new:?}" "${this:?}" "${next:?}" "${source:?}" "${dkms_deb:?}" "${dropin_deb:?}"

# Kernels in patterns.
any_old=${old//+/.}
any_new=${new//+/.}

# says STATUS WORDS COMMAND...: it ends with that status, and says WORDS, a pattern, in a line.
says() {
	local wanted=$1 words=$2 said status=0
	shift 2
	said=$("$@" 2>&1) || status=$?
	{ [ "$status" -eq "$wanted" ] && grep -E "$words" <<<"$said"; } || {
		echo "status $status, not $wanted, or no line '$words': $said"
		return 1
	}
}

# package STATUS: dpkg's of the package with the library.
package() {
	# shellcheck disable=SC2016 # dpkg-query expands it
	[ "$(inside dpkg-query -W -f '${Status}' lib-poly1305-dkms)" = "$1" ]
}

# holds_old: the older kernel has the library, and its own libpoly1305.
holds_old() {
	[[ "$(inside modinfo -k "$old" -n lib_poly1305)" == */updates/dkms/* ]] && own "$old"
}

# check VERSION: the script that DKMS runs first.
check() { inside "/usr/src/lib-poly1305-$1/packaging/dkms_check.sh" "$old"; }

# What does not fit a kernel is no failed build: apt is content, and nothing is installed.
# Catches a refusal that leaves the package unconfigured, or says nothing.
state unfit start
as_root mv "$root/var/lib/apt/lists" "$root/var/lib/apt/lists.away"
no_source() {
	says 0 "^lib-poly1305: no modules for kernel $any_old: .*neither installed nor in apt's lists" install &&
		package 'install ok installed' && own "$old" && ! inside dkms status | grep installed
}
try 'no source in the archive' no_source
config=$root/lib/modules/$old/build/.config
other_rustc() {
	as_root sed -i 's/^CONFIG_RUSTC_VERSION_TEXT=.*/CONFIG_RUSTC_VERSION_TEXT="rustc 1.2.3"/' "$config"
	says 77 "was built with 'rustc 1.2.3', and rustc is 'rustc 1" check "$this"
}
try 'another rustc' other_rustc
no_rust() {
	as_root sed -i '/^CONFIG_RUST=/d' "$config"
	says 77 'is built without Rust: use one' check "$this" && says 77 'bad exit status: 77' inside dkms build "lib-poly1305/$this" -k "$old"
}
try 'a kernel without Rust' no_rust
no_headers() {
	as_root mv "$root/lib/modules/$old/build" "$root/lib/modules/$old/away"
	says 77 "has no headers here: install linux-headers-$any_old" check "$this" && upgrade && package 'install ok installed'
}
try 'no headers' no_headers

# Catches metadata of another configuration, for which nothing would say so but a crash.
state 'other options' install
other_options() {
	echo 'CONFIG_OF_ANOTHER_KERNEL=y' | as_root tee -a "$root/lib/modules/$old/build/.config" >/dev/null
	says 77 "linux-source-.* does not configure as kernel $any_old was" check "$this"
}
try 'other options' other_options

# Catches an upgrade that takes the modules of a kernel that it cannot build for.
without_headers() {
	as_root mv "$root/lib/modules/$old/build" "$root/lib/modules/$old/away"
	says 0 "^lib-poly1305: kernel $any_old keeps the modules" upgrade && holds_old
}
state 'without headers' install
try 'upgrade without headers' without_headers
built_in() {
	as_root sed -i 's/^CONFIG_CRYPTO_LIB_POLY1305=.*/CONFIG_CRYPTO_LIB_POLY1305=y/' "$root/lib/modules/$old/build/.config"
	says 77 'has libpoly1305 built in, where no module' inside "/usr/src/lib-poly1305-dropin-$this/dropin.sh" check "$old" x86_64 "$this"
}
state 'built in' drop-in
try 'libpoly1305 that is built in' built_in

# What only fails now is a failed build, which apt says, and which it ends when told to.
# Catches a failure that passes for a refusal, and modules that never come.
state failing start
no_room() {
	as_root mkdir "$root/var/lib/lib-poly1305"
	as_root mount -t tmpfs -o size=100m none "$root/var/lib/lib-poly1305"
	says 100 "^lib-poly1305: no modules for kernel $any_old: .*takes 3000 MiB .* make room" install || return
	as_root umount "$root/var/lib/lib-poly1305"
	package 'install ok half-configured' && own "$old"
}
try 'no room' no_room
no_network() {
	echo 'Acquire::http::Proxy "http://127.0.0.1:9";' | as_root tee "$root/etc/apt/apt.conf.d/99none" >/dev/null
	says 1 "cannot be downloaded \(E: .*: connect to the network" check "$this" && own "$old" || return
	as_root rm "$root/etc/apt/apt.conf.d/99none"
}
try 'no network' no_network
state mended failing old
mended() { inside dpkg --configure -a && holds "$this" '' "$old"; }
try 'configured when it is mended' mended

# Catches a kernel upgrade that takes the modules of the kernel before, or ends well without
# those of the new one.
state 'failing kernel' install
mkdir -p "$work/source/linux"
printf '%%:\n\tfalse\n' >"$work/source/linux/Makefile"
as_root mv "$root/usr/src/$source.tar.xz" "$root/usr/src/away"
as_root tar -cJf "$root/usr/src/$source.tar.xz" -C "$work/source" linux
no_metadata() {
	says 100 "Consult /var/lib/dkms/lib-poly1305/$this/build/make.log" kernel || return
	grep -E "Rust metadata of kernel $any_new cannot be made: .*make.log" "$root/var/lib/dkms/lib-poly1305/$this/build/make.log" &&
		holds_old
}
try 'metadata that cannot be made' no_metadata
truncated() {
	head -c 1000 "$root/usr/src/away" | as_root tee "$root/usr/src/$source.tar.xz" >/dev/null
	says 1 'Consult' inside dpkg --configure -a || return
	grep 'tar.xz cannot be unpacked' "$root/var/lib/dkms/lib-poly1305/$this/build/make.log" && holds_old
}
try 'a source that cannot be unpacked' truncated
state 'mended kernel' 'failing kernel' new
kernel_mended() { inside dpkg --configure -a && holds "$this" '' "$old" "$new"; }
try 'the kernel is configured when it is mended' kernel_mended

# An upgrade that does not compile.
dpkg-deb -R "$work/build/deb/lib-poly1305-dkms_${next}_all.deb" "$work/broken"
echo broken >>"$work/broken/usr/src/lib-poly1305-$next/lib_poly1305/exports.c"
dpkg-deb --root-owner-group -b "$work/broken" "$work/broken.deb" >/dev/null
state 'failed upgrade' drop-in
as_root cp "$work/broken.deb" "$root/packages/"
before=$(as_root sha256sum <"$root/lib/modules/$old/updates/dkms/lib_poly1305.ko.xz")
# Catches a kernel that is left without modules, or with half of the drop-in.
failed_upgrade() {
	says 100 "^lib-poly1305: kernel $any_old keeps the modules" apt install /packages/broken.deb "${dropin_deb}_${next}_all.deb" || return
	package 'install ok half-configured' && holds_old &&
		[ "$(as_root sha256sum <"$root/lib/modules/$old/updates/dkms/lib_poly1305.ko.xz")" = "$before" ]
}
try 'failed upgrade' failed_upgrade
mend() { inside dpkg -i "${dkms_deb}_${next}_all.deb" "${dropin_deb}_${next}_all.deb"; }
step 'failed upgrade, upgrade' 'failed upgrade' mend "$next" "$next" "$old"
step 'failed upgrade, removal' 'failed upgrade' purge '' '' "$old"
step 'failed upgrade, kernel upgrade' 'failed upgrade, upgrade' kernel "$next" "$next" "$old $new" new

# twins NAME FOLDER...: other files of that module, in each compression.
twins() {
	local folder twin name=$1
	shift
	for folder; do
		twin=$root/lib/modules/$old/$folder/$name.ko
		as_root mkdir -p "${twin%/*}"
		xz -dc "$root/var/lib/dkms/"lib-poly1305*"/$this/$old/x86_64/module/$name.ko.xz" | as_root tee "$twin" >/dev/null
		as_root xz -k "$twin"
		as_root gzip -k "$twin"
		as_root zstd -q "$twin"
	done
}
# no_twins NAME: there is one file of that name, which modprobe takes, but for the kernel's own.
no_twins() {
	local taken
	taken=$(inside modinfo -k "$old" -n "$1") || return
	same "$root$taken" find "$root/lib/modules/$old/" -path '*/kernel/*' -prune -o -name "$1.ko*" -print
}
state twins drop-in
# Catches a twin that depmod takes, and one that goes or stays silently.
package_twins() {
	twins lib_poly1305 updates extra updates/dkms updates/lib_poly1305 && twins libpoly1305 updates extra updates/dkms || return
	apt install --reinstall "${dkms_deb}_${this}_all.deb" "${dropin_deb}_${this}_all.deb" >"$work/said" 2>&1 || {
		cat "$work/said"
		return 1
	}
	for twin in extra/lib_poly1305.ko.zst updates/lib_poly1305/lib_poly1305.ko updates/libpoly1305.ko.gz extra/libpoly1305.ko.xz; do
		grep -F "==> removing /lib/modules/$old/$twin, which" "$work/said" || return
	done
	no_twins lib_poly1305 && no_twins libpoly1305 && holds "$this" "$this" "$old"
}
try 'twins of the packages' package_twins
foreign_twin() {
	inside dkms uninstall "lib-poly1305-dropin/$this" -k "$old" &&
		as_root cp "$root/lib/modules/$old/kernel/lib/crypto/libpoly1305.ko.xz" "$root/lib/modules/$old/updates/" || return
	says 101 "updates/libpoly1305.ko.xz is not of lib_poly1305, .*: remove it" inside dkms install "lib-poly1305-dropin/$this" -k "$old"
}
try 'a twin of somebody else' foreign_twin

# From sources, next to the packages.
sources() {
	inside env SETUP=no make -C /project KDIR="/var/lib/lib-poly1305/kernels/$old" "$@"
}
state sources drop-in
as_root cp -a "$work/project" "$root/project"
# Catches modules from sources that are installed, but not those that are loaded.
from_sources() {
	sources modules && says 2 "updates/dkms/lib_poly1305.ko.xz is installed by DKMS" sources modules_install &&
		says 2 "updates/dkms/libpoly1305.ko.xz is installed by DKMS" sources install-dropin &&
		says 2 "updates/dkms/libpoly1305.ko.xz is installed by DKMS" sources uninstall-dropin && holds "$this" "$this" "$old"
}
try 'sources, with the packages' from_sources
source_twins() {
	inside dkms uninstall "lib-poly1305/$this" -k "$old" && inside dkms uninstall "lib-poly1305-dropin/$this" -k "$old" &&
		twins lib_poly1305 updates extra updates/lib_poly1305 && twins libpoly1305 updates extra &&
		says 0 "^==> removing /lib/modules/$any_old/extra/lib_poly1305.ko.gz" sources modules_install &&
		says 0 "^==> removing /lib/modules/$any_old/updates/libpoly1305.ko.zst" sources install-dropin &&
		no_twins lib_poly1305 && no_twins libpoly1305 &&
		[[ "$(inside modinfo -k "$old" -n lib_poly1305)" == */updates/lib_poly1305/lib_poly1305.ko* ]] &&
		[[ "$(inside modinfo -k "$old" -n libpoly1305)" == */updates/callers/* ]] &&
		sources uninstall-dropin && own "$old"
}
try 'twins of sources' source_twins
