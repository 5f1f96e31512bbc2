# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Modules that were built outside of this repository: /files has them. modprobe
# finds them, and the library for them.

# shellcheck source=steps.sh
. /guest/steps.sh

updates=/lib/modules/$(uname -r)/updates
mkdir -p "$updates"
cp /files/template_*.ko "$updates"
depmod -a

# Catches a module that does not find the library's symbols, or a wrong tag.
template() {
	step modprobe $library && step modprobe "$1" &&
		refused 'in use' rmmod $library &&
		step rmmod "$1" && step log_says "$1: the tag is right$" && step not_loaded "$1"
}

# Catches a module that does not say that it depends on the library.
alone() {
	step not_loaded $library && step modprobe "$1" && step loaded $library && step rmmod "$1"
}

holds 'template in C' template template_c
holds 'template in C brings the library' alone template_c
holds 'template in Rust' template template_rust
holds 'template in Rust with scatter lists' template template_sg
holds 'what README.md says of Rust' template template_readme
holds 'template in Rust brings the library' alone template_rust
