# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# Part of dropin.sh: which libpoly1305 is loaded, the kernel's own suites, and
# what it tests of an algorithm when that is made.
# shellcheck source=dropin_steps.sh
. /guest/dropin_steps.sh

# Catches a drop-in that stays when it was taken away.
own_one() {
	take_away && step modprobe libchacha20poly1305 && step the_kernels_own libpoly1305 &&
		step not_loaded $library
}
holds 'dropin: taken away' own_one

# Catches a line that depmod ignores.
kept_out() {
	echo 'override libpoly1305 * kernel/lib/crypto' >$depmod_conf && depmod -a &&
		step modprobe libchacha20poly1305 && step the_kernels_own libpoly1305 && step not_loaded $library
}
holds 'dropin: kept out by depmod.d' kept_out

# Catches one that depmod does not prefer, or that needs its users built anew.
preferred() {
	case "$(file_of libpoly1305)" in
	*/updates/*) ;;
	*) return 1 ;;
	esac
	step modprobe libchacha20poly1305 && step the_kernels_own libchacha20poly1305 &&
		step from_outside libpoly1305 && step loaded "$arch" && step listed_active "$arch_name"
}
holds 'dropin: preferred, and loaded with the library' preferred

# Catches a library that can go away under the drop-in.
in_use() {
	step modprobe libchacha20poly1305 && step rmmod "$arch" && step active generic &&
		refused 'in use' rmmod libpoly1305 && refused 'in use' rmmod $library &&
		step modprobe "$arch" && step active "$arch_name"
}
holds 'dropin: in use' in_use

# Catches core functions that are not Poly1305: users use few of their arguments.
core() {
	step modprobe $counting && step from_outside libpoly1305
}
holds 'dropin: core functions' core

# suite MODULE NAME: it ran, nothing failed, and nothing but benchmarks was skipped.
suite() {
	step modprobe "$1" && step the_kernels_own "$1" || return
	awk -v name="$2" '
		/^    1\.\.[0-9]+$/ { sub(/.*\.\./, ""); planned += $0 }
		/^ *not ok / { bad++ }
		/^    ok .*# SKIP/ { skipped++; if (!/benchmark/) bad++; next }
		/^    ok / { passed++ }
		/^ok / && $0 ~ " " name "$" { whole = 1 }
		END {
			printf "%d of %d right, %d skipped\n", passed, planned, skipped
			exit !(whole && !bad && passed > 0 && passed + skipped == planned)
		}' "/sys/kernel/debug/kunit/$2/results" >/tmp/output
	result=$?
	ktap_print_msg "suite $2: $(cat /tmp/output)"
	return "$result"
}
holds 'dropin: the suite poly1305' by_ours suite poly1305_kunit poly1305
holds 'dropin: the suite chacha20poly1305' by_ours suite chacha20poly1305_kunit chacha20poly1305

# self_tested MODULE TYPE NAME: the kernel makes that algorithm, and finds it right.
self_tested() {
	step modprobe $algorithm "$2=$3" && step the_kernels_own "$1" || return
	awk -v wanted="$3" '
		$1 == "name" { name = $3 }
		$1 == "selftest" && name == wanted && $3 == "passed" { found = 1 }
		END { exit !found }' /proc/crypto &&
		! dmesg | grep 'alg: .*\(fail\|mismatch\|unexpected\|wrong\)' >/tmp/output
}
holds 'dropin: testmgr rfc7539' by_ours self_tested chacha20poly1305 aead 'rfc7539(chacha20,poly1305)'
holds 'dropin: testmgr rfc7539esp' by_ours self_tested chacha20poly1305 aead 'rfc7539esp(chacha20,poly1305)'
holds 'dropin: testmgr adiantum' by_ours self_tested adiantum skcipher 'adiantum(xchacha12,aes)'
