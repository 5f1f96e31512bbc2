# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What becomes of each implementation on each machine that tests run on: active, on
# standby or declined. Sourced after common.sh.

# can_run FEATURES NEEDS: whether a CPU with these features can run what needs those.
can_run() {
	local need
	for need in ${2//+/ }; do
		[[ " $1 " == *" $need "* ]] || return
	done
}

# um_machine: this machine, whose CPU user-mode Linux has. Nothing is slow there.
um_machine() {
	local rows flags best name priority needs
	rows=$(implementations um)
	flags=$(sed -n 's/^flags[^:]*: //p' /proc/cpuinfo | head -n 1)
	best=$(while read -r name _ priority _ _ _ needs; do
		! can_run "$flags" "$needs" || echo "$priority $name"
	done <<<"$rows" | sort -n | sed -n '$s/.* //p')
	echo "${best:-generic} $flags"
}

# The implementation that must be active, and the features that the CPU has and the
# kernel uses: of those that begin with "no", it does without one of tigerlake's.
declare -A machines=(
	[arm64]='arm64-neon asimd'
	[cortex-a72]='arm64-neon asimd'
	[thunderx2]='arm64-scalar asimd'
	[vulcan]='arm64-scalar asimd'
	[xgene]='arm64-scalar asimd'
	[x86_64]='x86_64-avx2 bmi2 avx2'
	[corei7_haswell_4770]='x86_64-avx2 bmi2 avx2'
	[arrow_lake]='x86_64-avxifma bmi2 avx2 avx_ifma'
	[tigerlake]='x86_64-avx512ifma bmi2 avx2 avx512vl avx512ifma'
	[both-ifma]='x86_64-avx512ifma bmi2 avx2 avx512vl avx512ifma avx_ifma'
	[no-ifma]='x86_64-avx2 bmi2 avx2 avx512vl'
)
# Not in there, where a failure would be lost.
machines[um]=$(um_machine)

# active_of MACHINE: the name of the one that is active there.
active_of() {
	echo "${machines[$1]%% *}"
}

# states_of MACHINE: the name and the state of each implementation for ARCH there.
states_of() {
	local active features rows name needs state
	read -r active features <<<"${machines[$1]}"
	rows=$(implementations "$ARCH")
	while read -r name _ _ _ _ _ needs; do
		state=standby
		can_run "$features" "$needs" || state=declined
		[ "$name" != "$active" ] || state=active
		echo "$name $state"
	done <<<"$rows"
}

# check_states MACHINE LINES: dies unless the lines have each implementation in the
# state it must be in, as the listing has them.
check_states() {
	local states name state
	states=$(states_of "$1")
	while read -r name state; do
		grep -Eq "^$name +[0-9-]+ $state" <<<"$2" || die "$name is not $state on $1: $(grep "^$name " <<<"$2" || echo 'nothing of it')"
	done <<<"$states"
}

# check_boot_states MACHINE LOG: the same from what a kernel with all built in says
# before its suites begin.
check_boot_states() {
	local states name state said
	states=$(states_of "$1")
	said=$(sed -n '/KTAP version/q; s/\r$//; s/.*lib_poly1305: //p' "$2")
	while read -r name state; do
		case "$state" in
		active) [ "$(grep ' is active$' <<<"$said" | tail -n 1)" = "$name is active" ] ;;
		standby) grep -q "^$name registered by " <<<"$said" ;;
		declined) grep -q "^$name declined: " <<<"$said" ;;
		esac || die "$name is not $state on $1: see $2"
	done <<<"$states"
}
