#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mutants.sh [NAME...]: puts faults into a copy of this project, one at a time,
# and fails unless the tests that are there to catch each one turn red.

. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LIB_POLY1305_BUILD=$work/build CARGO_TARGET_DIR=$BUILD/mutants-target
wanted=("$@")
passed=0
failed=0

# mutant NAME FILE SED TEST COMMAND...: with FILE changed by SED, the command
# must fail, and name the test that did. Commands are scripts, or cargo.
mutant() {
	local name=$1 file=$2 change=$3 test=$4 rc=0
	shift 4
	if [ "${#wanted[@]}" -gt 0 ] && [[ " ${wanted[*]} " != *" $name "* ]]; then
		return
	fi
	rm -rf "$work/project"
	mkdir "$work/project"
	(cd "$PROJECT" && git ls-files -z --cached --others --exclude-standard | cpio --quiet --null -pdm "$work/project")
	sed -i -E "$change" "$work/project/$file"
	! cmp -s "$PROJECT/$file" "$work/project/$file" || die "the mutant '$name' changes nothing in $file"
	(cd "$work/project" && "$@") >"$work/out" 2>&1 </dev/null || rc=$?
	cat "$work"/build/logs/kunit-*.txt >>"$work/out" 2>/dev/null || true
	if [ "$rc" -ne 0 ] && grep -qE -- "$test" "$work/out"; then
		passed=$((passed + 1))
		printf 'caught    %-18s by %s\n' "$name" "$test"
	else
		failed=$((failed + 1))
		printf 'SURVIVED  %-18s (status %d)\n' "$name" "$rc"
		tail -n 20 "$work/out"
	fi
	rm -rf "$work/build"
}

suites=(scripts/kunit.sh run um)
host=(cargo test --release --quiet --package lib_poly1305_generic)

mutant clamp generic/accumulator.rs 's/0x0fff_fffc_0fff_fffc/0x0fff_fffc_0fff_ffff/' 'FAILED. one_shot' "${suites[@]}"
mutant lost-carry generic/accumulator.rs 's/\(d2 & 3\).wrapping_add\(u64::from\(carry\)\)/d2 \& 3/' 'FAILED. (three_way_splits|all_ones)' "${suites[@]}"
mutant block-carry generic/accumulator.rs 's/h2.wrapping_add\(u64::from\(carry\)\).wrapping_add\(bit as u64\)/h2.wrapping_add(bit as u64)/' 'FAILED. three_way_splits' "${suites[@]}"
mutant reduction generic/accumulator.rs 's/overflowing_add\(5\)/overflowing_add(4)/' 'FAILED. around_the_modulus' "${suites[@]}"
mutant padding generic/blocks.rs 's/PadBit::Padded/PadBit::Whole/' 'FAILED. every_length' "${suites[@]}"
mutant buffering generic/context.rs 's/data.len\(\) < free.len\(\)/data.len() <= free.len()/' 'FAILED. (random_pieces|every_split_of_short_messages)' "${suites[@]}"
mutant aligned-data lib_poly1305/abi.rs 's/from_raw_parts\(data, len\)/from_raw_parts((data as usize \& !7) as *const u8, len)/' 'FAILED. alignment' "${suites[@]}"
mutant shared-clone include/lib_poly1305.rs 's/^#\[derive\(Clone\)\]$//; s/^impl Drop for Poly1305/impl Clone for Poly1305 { fn clone(\&self) -> Self { Self::new(\&Key::new([0; 32])) } }\n&/' 'FAILED. copies_go_their_own_ways' "${suites[@]}"
mutant long-read lib_poly1305/abi.rs 's/^    if len == 0 \{/    if len > 1000 { let _ = unsafe { data.add(len).read_volatile() }; }\n&/' 'CRASHED|crash|panic|not run' "${suites[@]}"
mutant long-write lib_poly1305/abi.rs 's/tag.cast::<\[u8; TAG_SIZE\]>\(\).write\(computed\)/tag.cast::<[u8; TAG_SIZE]>().write(computed); tag.add(TAG_SIZE).write_volatile(0)/' 'FAILED. tag_alignment|CRASHED|crash|panic|not run' "${suites[@]}"
mutant early-tag lib_poly1305/abi.rs 's/let computed = unsafe \{ generic::mac/unsafe { tag.write_volatile(0) };\n    &/' 'FAILED. tag_over_message_and_key' "${suites[@]}"
mutant late-wipe lib_poly1305/abi.rs 's/^    unsafe \{ tag.cast::<\[u8; TAG_SIZE\]>\(\).write\(computed\) \};$/&\n    WIPE/; 0,/WIPE/s/WIPE/unsafe { ctx.cast::<u8>().write_bytes(0, size_of::<Context>()) };/; s/WIPE//' 'FAILED. tag_in_the_context' "${suites[@]}"
mutant null lib_poly1305/abi.rs 's/^    if len == 0 \{/    let _ = unsafe { data.read_volatile() };\n&/' 'CRASHED|crash|panic|not run' "${suites[@]}"
mutant no-wipe generic/context.rs 's/^        wipe\(self,.*//; s/^use super::constant_time::wipe;$//' 'FAILED. final_wipes' "${suites[@]}"
mutant no-drop-wipe include/lib_poly1305.rs 's/^        wipe\(self\);/        if false { wipe(self) }/' 'FAILED. drop_wipes' "${suites[@]}"
mutant half-compare generic/constant_time.rs 's/difference == 0/difference as u64 == 0/' 'FAILED. verify' "${suites[@]}"
mutant shared-state lib_poly1305/abi.rs 's/^    context.update\(data\);/    static mut PLACE: [u64; 10] = [0; 10];\n    let place = (\&raw mut PLACE).cast::<Context>();\n    unsafe { place.write(*context); (*place).update(data); *context = place.read() };/' 'FAILED. all_contexts_at_once' "${suites[@]}"
mutant loaded-module generic/constant_time.rs 's/difference == 0/difference as u64 == 0/' 'the suites of the loaded module failed' scripts/kunit.sh load x86_64
mutant kernel-warning lib_poly1305/lib_poly1305_main.rs 's/^        pr_info!\("loaded/        kernel::warn_on!(true);\n&/' 'the kernel complained' scripts/kunit.sh load x86_64
mutant host-arithmetic generic/accumulator.rs 's/overflowing_add\(5\)/overflowing_add(4)/' 'around_the_modulus' "${host[@]}"
mutant short-length generic/oneshot.rs 's/Accumulator::ZERO, r, data\)/Accumulator::ZERO, r, \&data[..data.len() as u32 as usize])/' 'over_4_gib' "${host[@]}"
mutant early-exit generic/constant_time.rs 's/^    let mut difference/    if a[0] != b[0] { return false; }\n&/' 'depends on a secret' scripts/constant_time.sh
mutant panic generic/oneshot.rs 's/^    let r = Point/    assert!(data.len() != 77);\n&/' 'can panic' scripts/check_objects.sh "${KDIR:-$("$PROJECT/scripts/kernel.sh" x86_64)/base}"
mutant device-errno callers/device/message.rs 's/Err\(ENOKEY\)/Err(EIO)/' 'FAIL: read without a key' scripts/test_device.sh x86_64
mutant device-wrong callers/device/message.rs 's/computation.update\(data\)/computation.update(\&data[..data.len() \& !1])/' 'FAIL: writes of one byte|WRONG' scripts/test_device.sh x86_64

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
