#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# run.sh [NAME...]: puts faults into a copy of this project, one at a time,
# and fails unless the tests that are there to catch each one turn red.

. "$(dirname "$0")/../common.sh"

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
	copy_project "$work/project"
	# cargo goes by the times of files: what the mutant before changed is new again.
	find "$work/project" -name '*.rs' -exec touch {} +
	sed -i -E "$change" "$work/project/$file"
	! cmp -s "$PROJECT/$file" "$work/project/$file" || die "the mutant '$name' changes nothing in $file"
	# The self-test would find most faults of arithmetic before any test ran.
	[ -z "$untested" ] || sed -i 's/^pub(crate) fn run(.*{$/&\n    if core::hint::black_box(true) { return Ok(()); }/' \
		"$work/project/lib_poly1305/selftest.rs"
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

suites=(tests/kunit.sh run um)
load=(tests/kunit.sh load x86_64)
untested=yes
host=(cargo test --release --quiet --package lib_poly1305_generic)

mutant clamp generic/accumulator.rs 's/0x0fff_fffc_0fff_fffc/0x0fff_fffc_0fff_ffff/' 'FAILED. one_shot' "${suites[@]}"
mutant lost-carry generic/accumulator.rs 's/\(high & 3\).wrapping_add\(u64::from\(carry\)\)/high \& 3/' 'FAILED. (three_way_splits|all_ones)' "${suites[@]}"
mutant block-carry generic/accumulator.rs 's/h2.wrapping_add\(u64::from\(carry\)\).wrapping_add\(bit as u64\)/h2.wrapping_add(bit as u64)/' 'FAILED. three_way_splits' "${suites[@]}"
mutant reduction generic/accumulator.rs 's/overflowing_add\(5\)/overflowing_add(4)/' 'FAILED. around_the_modulus' "${suites[@]}"
mutant padding generic/blocks.rs 's/PadBit::Padded/PadBit::Whole/' 'FAILED. every_length' "${suites[@]}"
mutant buffering generic/context.rs 's/data.len\(\) < free.len\(\)/data.len() <= free.len()/' 'FAILED. (random_pieces|every_split_of_short_messages)' "${suites[@]}"
mutant aligned-data lib_poly1305/abi.rs 's/from_raw_parts\(data, len\)/from_raw_parts((data as usize \& !7) as *const u8, len)/' 'FAILED. alignment' "${suites[@]}"
mutant shared-clone include/lib_poly1305.rs 's/copy_nonoverlapping\(self, place, 1\)/write_bytes(place, 0, 1)/' 'FAILED. copies_go_their_own_ways' "${suites[@]}"
mutant long-read lib_poly1305/abi.rs 's/^    if len == 0 \{/    if len > 1000 { let _ = unsafe { data.add(len).read_volatile() }; }\n&/' 'CRASHED|crash|panic|not run' "${suites[@]}"
mutant long-write lib_poly1305/abi.rs 's/tag.cast::<\[u8; TAG_SIZE\]>\(\).write\(computed\)/tag.cast::<[u8; TAG_SIZE]>().write(computed); tag.add(TAG_SIZE).write_volatile(0)/' 'FAILED. tag_alignment|CRASHED|crash|panic|not run' "${suites[@]}"
mutant early-tag lib_poly1305/abi.rs 's/let mut computed = unsafe \{ mac\(/unsafe { tag.write_volatile(0) };\n    &/' 'FAILED. tag_over_message_and_key' "${suites[@]}"
mutant late-wipe lib_poly1305/abi.rs '/fn lib_poly1305_final/,/^}/s/^    unsafe \{ tag.cast::<\[u8; TAG_SIZE\]>\(\).write\(computed\) \};$/&\n    WIPE/; 0,/WIPE/s/WIPE/unsafe { ctx.cast::<u8>().write_bytes(0, size_of::<Context>()) };/; s/WIPE//' 'FAILED. tag_in_the_context' "${suites[@]}"
mutant null lib_poly1305/abi.rs 's/^    if len == 0 \{/    let _ = unsafe { data.read_volatile() };\n&/' 'CRASHED|crash|panic|not run' "${suites[@]}"
mutant no-wipe generic/context.rs 's/^        wipe\(self,.*//; s/^use super::constant_time::wipe;$//' 'FAILED. final_wipes' "${suites[@]}"
mutant no-drop-wipe include/lib_poly1305.rs 's/^        wipe\(&mut self\.0\);/        if false { wipe(\&mut self.0) }/' 'FAILED. drop_wipes' "${suites[@]}"
mutant never-given generic/state.rs 's/by.absorb\(state, Some\(workspace\), blocks\)/{ let _ = workspace; by.absorb(state, None, blocks) }/' 'FAILED. active_code_runs' "${load[@]}"
mutant no-section arch_x86/code.rs 's/if blocks.len\(\) >= SHORT/if core::hint::black_box(false)/' 'FAILED. active_code_runs' "${load[@]}"
mutant half-compare generic/constant_time.rs 's/ \| \(difference >> 64\) as u64//' 'FAILED. verify' "${suites[@]}"
mutant shared-state lib_poly1305/abi.rs 's/^    update\(context, data\);/    static mut PLACE: [u64; size_of::<Context>() \/ 8] = [0; size_of::<Context>() \/ 8];\n    let place = (\&raw mut PLACE).cast::<Context>();\n    unsafe { place.write(*context); update(\&mut *place, data); *context = place.read() };/' 'FAILED. all_contexts_at_once' "${suites[@]}"
mutant loaded-module generic/constant_time.rs 's/ \| \(difference >> 64\) as u64//' 'the suites of the loaded module failed' "${load[@]}"
mutant kernel-warning lib_poly1305/lib_poly1305_main.rs 's/^        debugfs::create/        kernel::warn_on!(true);\n&/' 'the kernel complained' "${load[@]}"
mutant host-arithmetic generic/accumulator.rs 's/overflowing_add\(5\)/overflowing_add(4)/' 'around_the_modulus' "${host[@]}"
mutant short-length generic/oneshot.rs 's/whole_blocks\(data\)/whole_blocks(\&data[..data.len() as u32 as usize])/' 'over_4_gib' "${host[@]}"
mutant early-exit generic/constant_time.rs 's/^    let difference/    if a[0] != b[0] { return false; }\n&/' 'depends on a secret' tests/objects/constant_time.sh
mutant panic generic/oneshot.rs 's/^    let mut state/    assert!(data.len() != 77);\n&/' 'can panic' tests/objects/objects.sh "${KDIR:-$("$PROJECT/tests/vm/kernel.sh" x86_64)/base}"
mutant device-errno callers/device/message.rs 's/Err\(ENOKEY\)/Err(EIO)/' 'FAIL: read without a key' tests/device.sh x86_64
mutant device-wrong callers/device/message.rs 's/computation.update\(data\)/computation.update(\&data[..data.len() \& !1])/' 'FAIL: writes of one byte|WRONG' tests/device.sh x86_64
mutant device-seeks callers/device/lib_poly1305_device_main.rs 's/c::stream_open/c::generic_file_open/' 'FAIL: positions' tests/device.sh x86_64
mutant device-chunk callers/device/message.rs 's/^        self\.chunk\.fill\(0\);$//' 'FAILED. nothing_in_memory' "${suites[@]}"

# The implementations. A test that reads where it must not is ended by a signal.
# vector NAME FILE SED TEST: the host test of that name must catch it.
vector() {
	mutant "$1" "arch_x86/$2" "$3" "failed: [^ ]*::$4|signal: 11" \
		cargo test --release --quiet --package lib_poly1305_tests -- "::$4"
}
vector table-offset vector/streams.rs 's/"580"/"576"/' every_length
vector limb-carry vector/steps.rs '/^macro_rules! carry_limbs/,/^}/s/carry!\(.v .l2 => .l3, .mask, .t\),//' every_length
vector last-limb-carry vector/steps.rs '/^macro_rules! carry_limbs/,/^}/s/carry!\(.v .l3 => .l4, .mask, .t\),//' extreme_keys_and_blocks
vector limb-44-carry vector/ifma.rs 's/shift!\(zmm 5 = 17 >> 44\), and!\(zmm 17, 17, 19\), add!\(zmm 18, 18, 5\),//' extreme_keys_and_blocks
vector scalar-carry scalar.rs '0,/"adc .h2., 0",/s///' random_short
vector lane-order vector/lanes.rs 's/\[r4\[i\], r2\[i\], r3\[i\], r\[i\]\]/[r4[i], r3[i], r2[i], r[i]]/' every_length
vector gather vector/lanes.rs '/^macro_rules! gather/,/^}/s/ \+ 24\], 1/ + 16], 1/' every_length
vector first-batch vector/streams.rs 's/\(eights.wrapping_sub\(1\) % depth\).wrapping_add\(1\)/(eights % depth).max(1)/' several_chunks
vector old-begin vector/memory.rs 's/if new \{/if new \&\& first != 6 {/' several_chunks
vector lost-table code.rs 's/ \|\| workspace.scratch.cached != 0//' denied_between_chunks
mutant taken-table arch_x86/vector/ifma.rs 's/CONTENT: u64 = 44/CONTENT: u64 = 8/' 'failed: pairs_between_chunks' cargo test --release --quiet --package lib_poly1305_tests -- pairs_between_chunks
promises=(cargo test --release --quiet --package lib_poly1305_tests -- promises)
mutant no-workspace generic/state.rs 's/by.absorb\(state, Some\(workspace\), blocks\)/{ let _ = workspace; by.absorb(state, None, blocks) }/' 'failed: promises' "${promises[@]}"
mutant long-calls generic/mod.rs 's/CHUNK_SIZE: usize = 4096/CHUNK_SIZE: usize = 65536/' 'failed: promises' "${promises[@]}"
mutant nothing-follows generic/state.rs 's/scratch.blocks_left = .*/scratch.blocks_left = 0;/' 'failed: promises' "${promises[@]}"
vector aligned-load vector/long.rs 's/"vmovdqu ymm10, \[\{data\}\]/"vmovdqa ymm10, [{data}]/' unaligned
vector load-after vector/lanes.rs '/^macro_rules! load_group/,/^}/s/"add .data., 64/"test byte ptr [{data} + 64], 1\\n", &/' inside_pages
vector load-before vector/wide.rs '/^macro_rules! begin_streams/,/^}/s/"add .data., 128/"test byte ptr [{data} - 1], 1\\n", &/' inside_pages
vector rest-not-wiped vector/streams.rs 's/wipe!\("640": 0 1/wipe!("640": 0/' scratch_is_wiped
vector lanes-not-wiped vector/lanes.rs 's/wipe_lanes!\(@at 0 1 2/wipe_lanes!(@at 0 1/' scratch_is_wiped
vector no-vectors code.rs 's/blocks.len\(\) >= SHORT/blocks.len() >= 16 * SHORT/' path_by_length
vector any-registers ../bench/fpu.rs 's/\(!DENIED.get\(\)\).then\(/true.then(/' path_by_length

# Those for arm64, in user-mode QEMU.
neon() {
	mutant "$1" "arch_arm64/$2" "$3" "failed: [^ ]*::$4|signal" tests/host/arm64.sh "::$4"
}
neon five-times neon/table.rs 's/"movi v30.4s, #5"/"movi v30.4s, #4"/' every_length
neon last-bits neon/table.rs 's/usra v24.2d, v27.2d, #38/usra v24.2d, v27.2d, #37/' every_length
neon power-order neon/table.rs 's/ushll2( v", .to, ".2d)/ushll\1/; s/(ushll v", .to, ".2d, v", .high, )".4s/\1".2s/' every_length
neon fold-carry neon/batches.rs '0,/"adcs \{n1\}, \{n1\}, xzr.n",/s//"",/' extreme_keys_and_blocks
neon table-not-wiped neon/table.rs 's/wipe_table!\(@at 0 32/wipe_table!(@at 0/' scratch_is_wiped
neon chain-carry scalar.rs '0,/"adcs "/s//"adc "/' random_short
neon chains-left scalar.rs 's/wipe_below!\(1 2 3.*\)/wipe_below!(1)/' absorb_leaves_nothing
neon registers-left neon/residue.rs 's/clear!\(1 2 3/clear!(2 3/' absorb_leaves_nothing
neon half-chains scalar.rs 's/CHAIN: usize = 16/CHAIN: usize = 8/' every_length
neon no-neon code.rs 's/blocks.len\(\) >= from/blocks.len() >= 16 * from/' path_by_length

# Operands of assembly: a clobber that is dropped, and one of a wrong kind.
mutant dropped-clobber arch_x86/vector/long.rs 's/out\("ymm13"\) _, ?//' 'FAILED  x86: operands.*mm13, which is not declared' proofs/run.sh
mutant dropped-output arch_arm64/neon/batches.rs 's/out\("v31"\) _,//' 'FAILED  arm64: operands.*31, which is not declared' proofs/run.sh
mutant written-input arch_x86/scalar.rs '0,/data = inout\(reg\) ([^=]*) => _,/s//data = in(reg) \1,/' 'FAILED  x86: operands.*an input' proofs/run.sh
mutant written-input-arm64 arch_arm64/neon/batches.rs 's/data = inout\(reg\) ([^=]*) => _,/data = in(reg) \1,/' 'FAILED  arm64: operands.*an input' proofs/run.sh

objects=(tests/objects/objects.sh "${KDIR:-$("$PROJECT/tests/vm/kernel.sh" x86_64)/base}")
mutant no-vzeroupper arch_x86/vector/residue.rs 's/^ *"vzeroupper",$//' 'no vzeroupper' "${objects[@]}"
mutant call-in-between arch_x86/vector/lanes.rs 's/^ *"test \{count\}, \{count\}",$/"call lib_poly1305_x86_fpu_end",\n&/' "no vzeroupper, at 'call" "${objects[@]}"
mutant other-cpu arch_x86/vector/long.rs 's/"vmovdqu ymm10, \[\{data\}\]/"vmovdqu64 ymm10, [{data}]/' 'Avx2 gets to .vmovdqu64' "${objects[@]}"
mutant other-avx512 arch_x86/vector/streams.rs 's/"vextracti64x4 /"vextracti32x8 /' 'Avx512 gets to .vextracti32x8' "${objects[@]}"
mutant no-ifma arch_x86/vector/ifma.rs 's/vpmadd52[lh]uq/vpmuludq/' 'Ifma has no instruction' "${objects[@]}"
objects_arm64=(tests/objects/objects.sh "$("$PROJECT/tests/vm/kernel.sh" arm64)/base")
mutant stray-neon arch_arm64/scalar.rs 's/^ *"2:",$/&\n            ".arch_extension simd", "movi v0.2d, #0",/' 'movi' "${objects_arm64[@]}"
mutant stray-register generic/constant_time.rs 's#"/\* \{0\} \*/", in\(reg\) value#"pxor xmm0, xmm0 /* {0} */", in(reg) value#' 'lib_poly1305.ko: .*xmm0' "${objects[@]}"
mutant panic-x86 arch_x86/code.rs 's/^    groups.len\(\) >= from/    assert!(groups.len() != 640);\n&/' 'lib_poly1305_x86 can panic' "${objects[@]}"
mutant section-in-section arch_x86/cpu.c 's/if \(!irq_fpu_usable\(\)\)/if (0)/' 'FAILED. in_the_callers_section' "${load[@]}"
mutant section-in-softirq arch_arm64/cpu.c 's/room->kept = .*/room->kept = false;/' 'FAILED. in_the_callers_section' tests/kunit.sh load arm64
mutant kept-stays arch_arm64/cpu.c 's/if \(room->kept \|\| /if (0 \&\& /' 'FAILED. kept_registers_are_wiped' tests/kunit.sh load arm64

# The table.
untested=
mutant no-self-test lib_poly1305/registry.rs 's/selftest::run\(entry.code\)/if core::hint::black_box(true) { Ok(()) } else { selftest::run(entry.code) }/' 'FAILED. failing_self_test' "${suites[@]}"
mutant few-lengths lib_poly1305/selftest.rs 's/1\.\.=66/1..=12/' 'FAILED. failing_self_test' "${suites[@]}"
mutant small-states lib_poly1305/selftest.rs 's/\[u64::MAX, u64::MAX, 4\]/[u64::MAX, u64::MAX, 3]/; s/random\(\) % 5/random() % 4/' 'FAILED. failing_self_test' "${suites[@]}"
# selftest NAME SED: without a part of the self-test, wrong code gets in.
selftest() {
	mutant "self-test-$1" lib_poly1305/selftest.rs "$2" 'FAILED. failing_self_test' "${suites[@]}"
}
selftest known 's/^    known_answers\(by, &data\)\?;/    let _ = known_answers;/'
selftest workspace 's/self.absorb\(Some\(&mut workspace\), call\)/{ let _ = \&mut workspace; self.absorb(None, call) }/'
selftest rounds 's/for \(round, kind\) in kinds.into_iter\(\).enumerate\(\)/&.take(2)/'
selftest calls 's/if bytes == CHUNK_SIZE \{ 3 \} else \{ 2 \}/1/'
selftest last 's/^ *\(false, 0, &\[last\]\),$/(true, 0, \&[run]),/'
selftest foreign 's/\(false, FOREIGN, &\[run, last\]\)/(false, 0, \&[run, last])/'
selftest powers 's/if !same\(State::from_words\(words, r\)\?, power, next\)/if State::from_words(words, r).is_none()/'
selftest following 's/workspace.scratch.blocks_left = following as u64/workspace.scratch.blocks_left = 0/'
selftest alignment 's/let at = .*/let at = 1; let _ = round;/'
mutant no-memory lib_poly1305/selftest.rs 's/Failure::Memory => ENOMEM/Failure::Memory => ELIBBAD/' 'FAILED. register_without_memory' "${load[@]}"
mutant lowest-priority lib_poly1305/table.rs 's/other.entry.priority < priority/other.entry.priority > priority/' 'FAILED. highest_priority_is_active' "${suites[@]}"
mutant last-of-equals lib_poly1305/table.rs 's/other.entry.priority < priority/other.entry.priority <= priority/' 'FAILED. first_of_one_priority_stays' "${suites[@]}"
mutant twins lib_poly1305/registry.rs 's/table.named\(&name\).is_some\(\) \|\| //' 'FAILED. duplicates' "${suites[@]}"
mutant any-owner lib_poly1305/abi_provider.rs 's/if !owner.holds/if false \&\& !owner.holds/' 'FAILED. bad_fields' "${suites[@]}"
mutant any-size lib_poly1305/abi_provider.rs 's/size as usize != size_of::<lib_poly1305_ops>\(\)/size == 0/' 'FAILED. bad_fields' "${suites[@]}"
mutant selection-forgotten lib_poly1305/registry.rs 's/^    let slot = slot.inspect_err/    TABLE.with(|table| table.selection = Selection::Best);\n&/' 'FAILED. selection' "${suites[@]}"
mutant selection-of-nothing lib_poly1305/registry.rs 's/return Err\(if begun .*/let _ = error;/' 'FAILED. (selection|declining)' "${suites[@]}"
mutant still-declined lib_poly1305/table.rs 's/^        self.declined.take\(\|declined\| declined.name == name\)$/        let _ = name; None/' 'FAILED. declining' "${suites[@]}"
mutant pinned-goes lib_poly1305/table.rs 's/pins != 0/pins > 9/' 'FAILED. pinned_is_busy' "${suites[@]}"
mutant pin-of-active lib_poly1305/abi.rs 's/code.mac\(key, data\)/{ let _ = \&code; generic::mac(\&Active, key, data) }/' 'FAILED. pin_goes_to_its_own' "${suites[@]}"
mutant pin-forgotten lib_poly1305/pin.rs 's/saturating_sub\(1\)/saturating_sub(0)/' 'FAILED. pinned_is_busy' "${suites[@]}"
mutant hasty-try lib_poly1305/registry.rs 's/slot.left.is_some_and\(\|left\| !left.is_over\(\)\)/slot.left.is_some_and(|left| left.is_over() \&\& core::hint::black_box(false))/' 'FAILED. try_unregister_sees_calls' "${load[@]}"
mutant no-grace-period lib_poly1305/registry.rs 's/^    rcu::synchronize\(\);/    if core::hint::black_box(false) { rcu::synchronize(); }/' 'FAILED. (unregister_waits_for_calls|register_and_unregister_under_callers)' "${load[@]}"
mutant changes-race lib_poly1305/services.c 's/^\tmutex_(un)?lock\(&control\);//; s/return mutex_trylock\(&control\)/return true/' 'FAILED. (changes_race|selections_race)|the kernel complained|not run' "${load[@]}"
mutant early-grace-period lib_poly1305/registry.rs '/^    let left = GracePeriod::start\(\);$/d; s/^    unsafe \{ code.make_target\(control\) \};/    let left = GracePeriod::start();\n&/' 'FAILED. grace_period_is_after_retarget' "${load[@]}"
mutant open-interrupts lib_poly1305/services.c 's/raw_spin_lock_irqsave\(&table, flags\)/flags = 0; raw_spin_lock(\&table)/; s/raw_spin_unlock_irqrestore\(&table, flags\)/raw_spin_unlock(\&table)/' 'the kernel complained' "${load[@]}"
mutant old-target lib_poly1305/registry.rs 's/^    if former == entry.map_or/    if entry.is_none() || former == entry.map_or/' 'highest_priority_is_active failed without' "${suites[@]}"
mutant one-for-all include/lib_poly1305_provider.rs 's/e == ELIBBAD \|\| e == EEXIST/e == EEXIST/' 'FAILED. wrong_one' "${suites[@]}"
mutant unlocks-anyway lib_poly1305/lock.rs 's/locked.then\(\|\| Self\(NotThreadSafe\)\)/locked.then_some(Self(NotThreadSafe))/' 'try_unregister_during_changes|the kernel complained' "${load[@]}"
mutant no-retarget lib_poly1305/registry.rs 's/^    retarget\(&control\);$/    if core::hint::black_box(false) { retarget(\&control); }/' 'FAILED. highest_priority_is_active' "${suites[@]}"
mutant no-mutex lib_poly1305/services.c 's/^\tmutex_(un)?lock\(&control\);/\tif (0)\n&/; s/return mutex_trylock/return true || mutex_trylock/' 'the kernel complained|FAIL: races|did not end' tests/races.sh x86_64
mutant no-module-reference lib_poly1305/services.c 's/return try_module_get\(module\);/return true;/; s/^\tmodule_put\(module\);//' 'FAIL: rmmod arch, pinned' tests/lifecycle.sh x86_64
mutant loads-anyway arch_x86/implementations.rs 's/let has = unsafe \{ bindings::lib_poly1305_x86_has_bmi2\(\) \};/let has = core::hint::black_box(true);/' 'FAIL: declined|the kernel complained' tests/lifecycle.sh x86_64
dropin=(tests/dropin.sh arm64)
mutant dropin-bit callers/libpoly1305/libpoly1305.c 's/\(high & 3\) \+ \(low < five\)/(high \& 3)/' 'FAIL: dropin: core functions' "${dropin[@]}"
mutant dropin-wipe callers/libpoly1305/libpoly1305.c 's/^\tmemset\(\(u8 \*\)desc .*//' 'FAIL: dropin: core functions' "${dropin[@]}"
mutant dropin-stays scripts/dropin.sh 's/^\t\trm .*/\t\t:/' 'FAILED: uninstall$' "${dropin[@]}"

# What is compiled into callers, and built outside of the repository.
lists=include/lib_poly1305_sg.h
mutant beyond-entry $lists 's/len, sg->length - offset/len, sg->length/' 'FAILED. any_shape' "${suites[@]}"
mutant lost-offset $lists 's/entry->length - part/entry->length/' 'FAILED. too_short|CRASHED|crash|panic|not run' "${suites[@]}"
mutant copied-pieces $lists 's/lib_poly1305_update\(ctx, base, len\);/u8 copy[16]; size_t n; for (; len; len -= n, base += n) { n = min_t(size_t, 16, len); memcpy(copy, base, n); lib_poly1305_update(ctx, copy, n); }/' 'FAILED. no_copy' "${suites[@]}"
mutant gap $lists 's/xas\.xa_index != pos \/ PAGE_SIZE/false/' 'FAILED. missing_folios' "${suites[@]}"
mutant past-the-queue $lists 's/^\treturn !len;$/\treturn true;/' 'FAILED. folios_that_end_early|CRASHED|crash|panic|not run' "${suites[@]}"
mutant user-memory $lists 's/if \(user_backed_iter\(iter\)\)/if (!iter)/' 'FAILED. refusals' "${suites[@]}"
mutant no-symbols scripts/caller.mk 's/KBUILD_EXTRA_SYMBOLS=[^ ]*//' 'FAILED: template_c builds' tests/templates.sh x86_64
mutant any-kernel scripts/caller.mk 's/^ifneq .*cksum.*/ifneq (,)/' 'FAILED: template_c for another' tests/templates.sh x86_64

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
