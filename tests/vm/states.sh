# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What becomes of each implementation on each machine that tests run on: active, on
# standby or declined. Sourced after common.sh.

# states_here: on this machine, whose CPU user-mode Linux has. Each implementation
# needs what those before it need, and the last is the best.
states_here() {
	local flags has=yes best=none names=() flag name state
	flags=" $(sed -n 's/^flags[^:]*: //p' /proc/cpuinfo | head -n 1) "
	for flag in bmi2 avx2 avx512f avx512ifma; do
		name=x86_64-${flag%f}
		[[ "$flags" == *" $flag "* ]] || has=no
		[ "$has" = no ] || best=$name
		names+=("$name:$has")
	done
	for name in "${names[@]}"; do
		state=declined
		[[ "$name" != *:yes ]] || state=standby
		[ "${name%:*}" != "$best" ] || state=active
		printf '%s:%s ' "${name%:*}" "$state"
	done
}

# The kernel of those that begin with "no" does without a feature of tigerlake.
declare -A states=(
	[um]=$(states_here)
	[arm64]='arm64-scalar:standby arm64-neon:active'
	[cortex-a72]='arm64-scalar:standby arm64-neon:active'
	[thunderx2]='arm64-scalar:active arm64-neon:standby'
	[vulcan]='arm64-scalar:active arm64-neon:standby'
	[xgene]='arm64-scalar:active arm64-neon:standby'
	[x86_64]='x86_64-bmi2:standby x86_64-avx2:active x86_64-avx512:declined x86_64-avx512ifma:declined'
	[corei7_skylake_x]='x86_64-bmi2:standby x86_64-avx2:active x86_64-avx512:standby x86_64-avx512ifma:declined'
	[tigerlake]='x86_64-bmi2:standby x86_64-avx2:standby x86_64-avx512:standby x86_64-avx512ifma:active'
	[no-ifma]='x86_64-bmi2:standby x86_64-avx2:standby x86_64-avx512:active x86_64-avx512ifma:declined'
	[no-avx512]='x86_64-bmi2:standby x86_64-avx2:active x86_64-avx512:declined x86_64-avx512ifma:declined'
)
states[corei7_haswell_4770]=${states[x86_64]}

# active_of MACHINE: the name of the one that is active there, or generic.
active_of() {
	local one
	for one in ${states[$1]}; do
		[ "${one#*:}" != active ] || {
			echo "${one%:*}"
			return
		}
	done
	echo generic
}

# check_states MACHINE LINES: dies unless the lines have each implementation in the
# state it must be in, as the listing has them.
check_states() {
	local one
	for one in ${states[$1]}; do
		grep -Eq "^${one%:*} +[0-9-]+ ${one#*:}" <<<"$2" || die "not $one on $1: $(grep "^${one%:*} " <<<"$2" || echo 'nothing of it')"
	done
}

# boot_states LOG: such lines from the log of a kernel with all built in, from what it
# says before the suites begin.
boot_states() {
	sed '/KTAP version/,$d' "$1" | awk '
		{ sub(/\r$/, "") }
		match($0, /lib_poly1305: [a-z0-9_-]+ /) {
			name = substr($0, RSTART + 14, RLENGTH - 15)
			rest = substr($0, RSTART + RLENGTH)
			if (rest ~ /^registered by/) { state[name] = 1; sub(/.*priority /, "", rest); priority[name] = rest }
			if (rest ~ /^declined: /) declined[name] = rest
			if (rest ~ /^unregistered/) delete state[name]
			if (rest ~ /^is active$/) active = name
		}
		END {
			for (name in state) print name, priority[name], name == active ? "active" : "standby"
			for (name in declined) print name, "-", declined[name]
		}'
}
