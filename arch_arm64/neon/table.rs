// SPDX-License-Identifier: GPL-2.0

//! The table of powers, and the memory it is in.

use core::arch::asm;
use core::mem::{align_of, offset_of, size_of, MaybeUninit};

use crate::fpu::Guard;
use crate::generic::{Scratch, State, Workspace, LIMBS, SCRATCH_WORDS};

/// Powers in the table, and blocks in a batch.
pub(super) const DEPTH: usize = 8;

/// What the loop goes by.
#[repr(C, align(16))]
pub(crate) struct Table {
    /// For each limb and each power `r` to `r^8`: what the four words are multiplied by. Below
    /// 2^26 + 2^9, and the last limb of a power, for word 0, below 5 * 2^24.
    entries: MaybeUninit<[[[u32; 4]; DEPTH]; LIMBS]>,
    /// In parts that count 1, 2^52 and 2^104, below 2^56, 2^56 and 2^30: the sum of `2^128 r^k` over
    /// all powers, which is what the bits above the blocks come to, and `2^128 r^8`.
    pub(super) above: MaybeUninit<[[u64; 2]; 3]>,
    /// The low words of `r`, `r^2`, `r^3` and `r^4`, and then the high ones.
    low: MaybeUninit<[[u64; 2]; 4]>,
    high: MaybeUninit<[u32; 4]>,
}

const _: () = {
    assert!(size_of::<Table>() <= size_of::<[u64; SCRATCH_WORDS]>());
    assert!(align_of::<Table>() <= align_of::<Scratch>());
    assert!(offset_of!(Scratch, memory) % align_of::<Table>() == 0);
    // Where the code below and the loop find the parts.
    assert!(offset_of!(Table, entries) == 0);
    assert!(offset_of!(Table, above) == 640);
    assert!(offset_of!(Table, low) == 688);
    assert!(offset_of!(Table, high) == 752);
    // What `wipe_table!` goes by.
    assert!(size_of::<Table>() == 24 * 32);
};

/// Wipes the memory.
macro_rules! wipe_table {
    () => {
        concat!(
            "movi v0.2d, #0\n",
            wipe_table!(@at 0 32 64 96 128 160 192 224 256 288 320 352),
            wipe_table!(@at 384 416 448 480 512 544 576 608 640 672 704 736),
        )
    };
    (@at $($at:literal)*) => { concat!($("stp q0, q0, [{table}, #", $at, "]\n",)*) };
}

/// `n = 2^32 a`, for limbs of four powers: up by one limb, and by 6 bits. What goes beyond the last
/// limb comes in five times at the first one. v28 is used, v30 is five, v31 the mask of a limb.
macro_rules! next_word {
    ($a0:tt $a1:tt $a2:tt $a3:tt $a4:tt => $n0:tt $n1:tt $n2:tt $n3:tt $n4:tt) => {
        concat!(
            // The low 20 bits of a limb, shifted by 6.
            next_word!(@shl $n0 $a4, $n1 $a0, $n2 $a1, $n3 $a2, $n4 $a3),
            "ushr v28.4s, v", $a4, ".4s, #20\n",
            next_word!(@ushr $n0 $n1 $n2 $n3 $n4),
            // The bits above them, from two limbs below.
            "usra v", $n0, ".4s, v", $a3, ".4s, #20\n",
            "mla v", $n1, ".4s, v28.4s, v30.4s\n",
            "usra v", $n2, ".4s, v", $a0, ".4s, #20\n",
            "mul v", $n0, ".4s, v", $n0, ".4s, v30.4s\n",
            "usra v", $n3, ".4s, v", $a1, ".4s, #20\n",
            "usra v", $n4, ".4s, v", $a2, ".4s, #20\n",
            // The first limb is not below 2^26 any more.
            "usra v", $n1, ".4s, v", $n0, ".4s, #26\n",
            "and v", $n0, ".16b, v", $n0, ".16b, v31.16b\n",
        )
    };
    (@shl $($n:tt $a:tt),*) => { concat!($("shl v", $n, ".4s, v", $a, ".4s, #12\n",)*) };
    (@ushr $($n:tt)*) => { concat!($("ushr v", $n, ".4s, v", $n, ".4s, #6\n",)*) };
}

/// Leaves the entries of four powers at `{to}`: registers for each limb, word by word.
macro_rules! put_entries {
    ($($w0:tt $w1:tt $w2:tt $w3:tt),*) => {
        concat!($(
            "st4 {{v", $w0, ".4s, v", $w1, ".4s, v", $w2, ".4s, v", $w3, ".4s}}, [{to}], {step}\n",
        )*)
    };
}

/// Products of a limb of four powers, `a`, with limbs of `r^4`, which are the last lanes of `b`: in
/// v2, v6, v10, v14 and v18 for the first two powers, and in v1, v3, v5, v7 and v9 for the others.
macro_rules! multiply_limb {
    ($op:literal: $a:tt * $b0:tt $b1:tt $b2:tt $b3:tt $b4:tt) => {
        concat!(
            multiply_limb!(@one $op 2 1 $a $b0), multiply_limb!(@one $op 6 3 $a $b1),
            multiply_limb!(@one $op 10 5 $a $b2), multiply_limb!(@one $op 14 7 $a $b3),
            multiply_limb!(@one $op 18 9 $a $b4),
        )
    };
    (@one $op:literal $to:tt $other:tt $a:tt $b:tt) => {
        concat!(
            $op, " v", $to, ".2d, v", $a, ".2s, v", $b, ".s[3]\n",
            $op, "2 v", $other, ".2d, v", $a, ".4s, v", $b, ".s[3]\n",
        )
    };
}

/// Moves what limbs have above their 26 bits to the next ones, in both halves: v29 is the mask.
macro_rules! carry {
    ($($from:tt => $to:tt),*) => {
        concat!(
            $("usra v", $to, ".2d, v", $from, ".2d, #26\n",)*
            $("and v", $from, ".16b, v", $from, ".16b, v29.16b\n",)*
        )
    };
}

/// Carries in 64-bit lanes, from the first limb and from the fourth at once, as far as is needed
/// for limbs to fit 32 bits. The last limb comes around five times. What the first and the third
/// limb still have above their 26 bits is in the next ones, too.
macro_rules! carry_products {
    () => {
        concat!(
            carry!(14 => 18, 7 => 9, 2 => 6, 1 => 3),
            "ushr v24.2d, v18.2d, #26\n",
            "ushr v25.2d, v9.2d, #26\n",
            "and v18.16b, v18.16b, v29.16b\n",
            "and v9.16b, v9.16b, v29.16b\n",
            "add v2.2d, v2.2d, v24.2d\n",
            "add v1.2d, v1.2d, v25.2d\n",
            "shl v24.2d, v24.2d, #2\n",
            "shl v25.2d, v25.2d, #2\n",
            "add v2.2d, v2.2d, v24.2d\n",
            "add v1.2d, v1.2d, v25.2d\n",
            carry!(6 => 10, 3 => 5),
            "usra v14.2d, v10.2d, #26\n",
            "usra v7.2d, v5.2d, #26\n",
            "usra v6.2d, v2.2d, #26\n",
            "usra v3.2d, v1.2d, #26\n",
        )
    };
}

/// The products as limbs of four powers in v2, v6, v10, v14 and v18: below 2^26, but for the second
/// and the last one, which are below 2^26 + 2^6.
macro_rules! narrow_products {
    () => {
        concat!(
            narrow_products!(@each 2 1, 6 3, 10 5, 14 7, 18 9),
            "and v2.16b, v2.16b, v31.16b\n",
            "and v10.16b, v10.16b, v31.16b\n",
            "usra v18.4s, v14.4s, #26\n",
            "and v14.16b, v14.16b, v31.16b\n",
        )
    };
    (@each $($a:tt $b:tt),*) => {
        concat!($("uzp1 v", $a, ".4s, v", $a, ".4s, v", $b, ".4s\n",)*)
    };
}

/// For each limb, the sum over all powers and that of `r^8`, as two lanes of one register.
macro_rules! sum_powers {
    ($($low:tt $high:tt $to:tt),*) => {
        concat!($(
            "add v", $low, ".4s, v", $low, ".4s, v", $high, ".4s\n",
            "uaddlv d", $low, ", v", $low, ".4s\n",
            "ushll2 v", $to, ".2d, v", $high, ".4s, #0\n",
            "mov v", $to, ".d[0], v", $low, ".d[0]\n",
        )*)
    };
}

/// `to = 5 (a >> 2) + 5 2^50 (the low two bits of b)`, where `b` counts 2^52 times as much as `a`.
macro_rules! five_quarters {
    ($to:tt = $a:tt $b:tt) => {
        concat!(
            "ushr v",
            $to,
            ".2d, v",
            $a,
            ".2d, #2\n",
            "shl v27.2d, v",
            $b,
            ".2d, #62\n",
            "usra v",
            $to,
            ".2d, v27.2d, #12\n",
            "shl v28.2d, v",
            $to,
            ".2d, #2\n",
            "add v",
            $to,
            ".2d, v",
            $to,
            ".2d, v28.2d\n",
        )
    };
}

/// Multiplies limbs v22 to v26 by 2^128, which is 5/4, and leaves parts that count 1, 2^52 and
/// 2^104. What the division by four leaves of the first part is `2^128` times as much, and goes to
/// the last one.
macro_rules! put_above {
    () => {
        concat!(
            "shl v23.2d, v23.2d, #26\n",
            "shl v25.2d, v25.2d, #26\n",
            "add v0.2d, v22.2d, v23.2d\n",
            "add v4.2d, v24.2d, v25.2d\n",
            five_quarters!(22 = 0 4),
            five_quarters!(23 = 4 26),
            "ushr v24.2d, v26.2d, #2\n",
            "shl v28.2d, v24.2d, #2\n",
            "add v24.2d, v24.2d, v28.2d\n",
            "shl v27.2d, v0.2d, #62\n",
            "usra v24.2d, v27.2d, #38\n",
            "stp q22, q23, [{table}, #640]\n",
            "str q24, [{table}, #672]\n",
        )
    };
}

/// Clears registers.
macro_rules! clear {
    ($($i:literal)*) => { concat!($("movi v", $i, ".2d, #0\n",)*) };
}

/// What [`Scratch`] holds when the table is in it.
const CACHED: u64 = 8;

/// The memory for a call, with the table in it.
///
/// # Safety
///
/// The CPU must have Advanced SIMD.
#[inline(always)]
pub(super) unsafe fn prepare<'a>(
    guard: &Guard,
    state: &State,
    workspace: &'a mut Workspace<'_>,
) -> &'a mut Table {
    let has_table = workspace.scratch.claim(CACHED);
    // SAFETY: It is large enough and aligned, as asserted above. None of the structure has to be
    // initialized.
    let table: &mut Table = unsafe { &mut *workspace.scratch.memory.as_mut_ptr().cast() };
    if !has_table {
        let powers = state.low_powers(workspace.powers);
        table.low.write(powers.map(|[low, high, _]| [low, high]));
        table.high.write(powers.map(|[_, _, top]| top as u32));
        // SAFETY: By this function's requirement, and the powers are there.
        unsafe { fill(guard, table) };
    }
    table
}

/// Fills the table from the powers in it.
///
/// # Safety
///
/// The CPU must have Advanced SIMD, and `low` and `high` must be there.
#[inline(always)]
unsafe fn fill(_: &Guard, table: &mut Table) {
    let table: *mut Table = table;
    // SAFETY: The CPU has Advanced SIMD by this function's requirement, and its registers may be
    // used by the section. The block reads the powers, and writes entries and what is above; its
    // registers are declared.
    unsafe {
        asm!(
            ".arch_extension simd",
            // The 32-bit words of four powers, word by word.
            "add {to}, {table}, #688",
            "ld4 {{v20.4s, v21.4s, v22.4s, v23.4s}}, [{to}]",
            "ldr q24, [{table}, #752]",
            "mvni v31.4s, #0xfc, lsl #24",
            "movi v30.4s, #5",
            "ushll v29.2d, v31.2s, #0",
            "mov {step}, #128",
            "mov {to}, {table}",
            // Their limbs.
            "and v0.16b, v20.16b, v31.16b",
            "ushr v4.4s, v20.4s, #26",
            "sli v4.4s, v21.4s, #6",
            "and v4.16b, v4.16b, v31.16b",
            "ushr v8.4s, v21.4s, #20",
            "sli v8.4s, v22.4s, #12",
            "and v8.16b, v8.16b, v31.16b",
            "ushr v12.4s, v22.4s, #14",
            "sli v12.4s, v23.4s, #18",
            "and v12.16b, v12.16b, v31.16b",
            "ushr v16.4s, v23.4s, #8",
            "sli v16.4s, v24.4s, #24",
            next_word!(0 4 8 12 16 => 1 5 9 13 17),
            next_word!(1 5 9 13 17 => 2 6 10 14 18),
            next_word!(2 6 10 14 18 => 3 7 11 15 19),
            put_entries!(0 1 2 3, 4 5 6 7, 8 9 10 11, 12 13 14 15, 16 17 18 19),
            // All four, times r^4.
            "mul v20.4s, v4.4s, v30.4s",
            "mul v21.4s, v8.4s, v30.4s",
            "mul v22.4s, v12.4s, v30.4s",
            "mul v23.4s, v16.4s, v30.4s",
            multiply_limb!("umull": 0 * 0 4 8 12 16),
            multiply_limb!("umlal": 4 * 23 0 4 8 12),
            multiply_limb!("umlal": 8 * 22 23 0 4 8),
            multiply_limb!("umlal": 12 * 21 22 23 0 4),
            multiply_limb!("umlal": 16 * 20 21 22 23 0),
            carry_products!(),
            narrow_products!(),
            sum_powers!(0 2 22, 4 6 23, 8 10 24, 12 14 25, 16 18 26),
            put_above!(),
            "add {to}, {table}, #64",
            next_word!(2 6 10 14 18 => 3 7 11 15 19),
            next_word!(3 7 11 15 19 => 4 8 12 16 20),
            next_word!(4 8 12 16 20 => 5 9 13 17 21),
            put_entries!(2 3 4 5, 6 7 8 9, 10 11 12 13, 14 15 16 17, 18 19 20 21),
            // The registers that the loop does not use.
            clear!(8 9 10 11 12 13 14 15),
            table = in(reg) table,
            to = out(reg) _,
            step = out(reg) _,
            out("v0") _, out("v1") _, out("v2") _, out("v3") _, out("v4") _, out("v5") _,
            out("v6") _, out("v7") _, out("v8") _, out("v9") _, out("v10") _, out("v11") _,
            out("v12") _, out("v13") _, out("v14") _, out("v15") _, out("v16") _, out("v17") _,
            out("v18") _, out("v19") _, out("v20") _, out("v21") _, out("v22") _, out("v23") _,
            out("v24") _, out("v25") _, out("v26") _, out("v27") _, out("v28") _, out("v29") _,
            out("v30") _, out("v31") _,
            options(nostack),
        );
    }
}
