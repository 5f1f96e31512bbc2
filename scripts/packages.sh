#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Installs the distribution packages that building and testing need. If the
# distribution's QEMU is too old, it comes from the backports, and bindgen from
# crates.io. Packages that are installed already are left as they are.

. "$(dirname "$0")/common.sh"

# Elsewhere what docs/testing.md lists has to be there.
command -v apt-get >/dev/null || {
	"$PROJECT/scripts/preflight.sh" --toolchain
	exec "$PROJECT/scripts/preflight.sh" --tests
}

# Packages that every Debian release has. Compilers are installed by version, so that
# all releases use the same ones.
packages=(
	"clang-$LLVM_VERSION" "lld-$LLVM_VERSION" "llvm-$LLVM_VERSION" "libclang-$LLVM_VERSION-dev"
	arch-test bc bison build-essential ca-certificates cpio flex kmod mmdebstrap pahole pkg-config python3 pypy3 pypy3-venv rsync xz-utils
	libdw-dev libelf-dev libssl-dev openssl
	python3-sphinx shellcheck
	isolinux syslinux-common xorriso
)

# candidate PACKAGE: the version apt would install, or nothing.
candidate() {
	apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -v '(none)' || true
}

# upstream DEBIAN-VERSION: the part before the Debian revision.
upstream() {
	printf '%s\n' "$1" | sed -E 's/^[0-9]+://; s/[+~-].*//'
}

missing() {
	local p
	for p in "$@"; do
		dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null | grep -q '^install ok installed$' || printf '%s\n' "$p"
	done
}

# The first of these families whose compiler is new enough. Debian 12 has a current one
# under another name, for browser updates.
rust_packages() {
	local rustc
	rustc=$(candidate rustc)
	if [ -n "$rustc" ] && at_least "$(upstream "$rustc")" "$MIN_RUSTC"; then
		echo rustc rust-src rust-clippy rustfmt cargo
		return
	fi
	rustc=$(candidate rustc-web)
	if [ -n "$rustc" ] && at_least "$(upstream "$rustc")" "$MIN_RUSTC"; then
		echo rustc-web rust-web-src rust-web-clippy rustfmt-web cargo-web
		return
	fi
	die "no rustc $MIN_RUSTC or newer in this release's packages: enable its security or backports suite"
}

update_lists() {
	# Old lists name files that the archive has no more.
	if [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 -print -quit 2>/dev/null)" ]; then
		say "updating the package lists"
		as_root apt-get update -q >&2
	fi
}

install() {
	local wanted
	mapfile -t wanted < <(missing "$@")
	[ "${#wanted[@]}" -eq 0 ] && return
	update_lists
	say "installing ${wanted[*]}"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${wanted[@]}" >&2
}

# install_backports PACKAGE...: installs from the backports of this release, through a
# private apt configuration: the machine's own sources, and that suite if they lack
# it. The machine's configuration and package lists are not changed.
install_backports() {
	local suite apt site rc=0
	suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}-backports")
	site=$(debian_site)
	apt=$(mktemp -d)
	mkdir -p "$apt/parts" "$apt/lists/partial" "$apt/cache/archives/partial"
	find /etc/apt/sources.list.d \( -name '*.list' -o -name '*.sources' \) -exec cp -t "$apt/parts" {} +
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' | grep -x "$suite" >/dev/null ||
		echo "deb [signed-by=$DEBIAN_KEYRING] $site $suite main" >"$apt/parts/lib_poly1305_backports.list"
	local options=(-q -y -t "$suite" --no-install-recommends -o Dir::Etc::sourceparts="$apt/parts"
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=
		-o Acquire::Languages=none -o APT::Update::Error-Mode=any)
	{
		as_root apt-get "${options[@]}" update &&
			as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install "$@"
	} >&2 || rc=$?
	as_root rm -rf "$apt"
	return "$rc"
}

# QEMU 10 runs both CPUs of an x86-64 guest at the same instant (qemu.sh).
install_qemu() {
	local version qemu=(qemu-system-x86 qemu-system-arm qemu-user)
	version=$(upstream "$(candidate qemu-system-x86)")
	if at_least "$(qemu_version)" "$MIN_QEMU_THREADS" || at_least "$version" "$MIN_QEMU_THREADS"; then
		install "${qemu[@]}"
		return
	fi
	say "installing ${qemu[*]} from the backports, as this release's is $version"
	install_backports "${qemu[@]}" || {
		say "that fails: with QEMU $version the two CPUs of x86-64 guests share a thread of this machine"
		install "${qemu[@]}"
	}
}

bindgen_version() {
	"$1" --version 2>/dev/null | sed -n 's/^bindgen \([0-9.]*\).*/\1/p'
}

install_bindgen() {
	local version
	find_tools
	version=$(bindgen_version "$BINDGEN" || true)
	if [ -n "$version" ] && at_least "$version" "$MIN_BINDGEN"; then
		return
	fi
	version=$(candidate bindgen)
	if [ -n "$version" ] && at_least "$(upstream "$version")" "$MIN_BINDGEN"; then
		install bindgen
		return
	fi
	say "building bindgen, as the distribution's is older than $MIN_BINDGEN"
	logged bindgen cargo install --locked --root "$CACHE/tools" bindgen-cli@0.73.2
}

[ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -print -quit 2>/dev/null)" ] || update_lists
read -r -a rust <<<"$(rust_packages)"
[ "${#rust[@]}" -gt 0 ] || exit 1
# A cargo of the user's own builds the host tests as well as the distribution's.
if command -v cargo >/dev/null; then
	unset 'rust[4]'
fi
install "${packages[@]}" "${rust[@]}"
install_qemu
install_bindgen
