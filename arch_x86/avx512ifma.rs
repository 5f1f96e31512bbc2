// SPDX-License-Identifier: GPL-2.0

//! AVX-512 IFMA: groups of eight blocks in long runs, and of four in short ones (`ifma.rs`).
//!
//! The first group of a long run may have less than eight blocks: they are in the last lanes, and the
//! others are zero.

use core::arch::asm;
use core::mem::offset_of;

use super::ifma::{self, Memory, Row, DEPTH};
use super::long_run::GROUP;
use super::steps::{self, registers, zmm};
use super::steps_44;
use crate::fpu::Guard;
use crate::generic::{State, Workspace, BLOCK_SIZE};

/// What `Scratch::cached` is when the powers are in the memory.
const CACHED: u64 = 44;

steps_44::registers_44!();

ifma::four_blocks! {
    /// Absorbs groups of four blocks in a short run, after which none follows.
    ///
    /// # Safety
    ///
    /// The CPU must have AVX2, AVX-512VL and AVX-512 IFMA, and there must be at least two groups.
    short, ymm, CACHED, false
}

/// `to` = the lanes of `a` and of `b` in turn.
macro_rules! interleave {
    ($to:ident = $a:ident $b:ident) => {
        zmm! {
            vpunpckhqdq (ymm x), (ymm $a), (ymm $b);
            vpunpcklqdq (ymm $to), (ymm $a), (ymm $b);
            vinserti64x4 $to, $to, (ymm x), 1;
        }
    };
}

/// Fills the lanes with powers: four of them, and their products with `r^4`.
macro_rules! fill_lanes {
    () => {
        zmm! {
            steps_44::low_lanes!();
            steps_44::clear_44!(ymm);
            steps_44::multiply_44!(ymm m0 m1 m2 * vpbroadcastq "{memory} + {r4}" 8);
            steps_44::carry_44!(ymm h0 h1 h2);
            interleave!(m0 = h0 m0);
            interleave!(m1 = h1 m1);
            interleave!(m2 = h2 m2);
            steps_44::put_lanes!(zmm m0 m1 m2, 64);
        }
    };
}

/// The first group, of which some blocks may be missing, and the accumulator in the lane of the first
/// one that is there.
macro_rules! load_first {
    () => {
        zmm! {
            "kmovw k1, {masks:e}";
            "shr {masks:e}, 8";
            "kmovw k2, {masks:e}";
            "shr {masks:e}, 8";
            "kmovw k3, {masks:e}";
            "shr {masks:e}, 8";
            "kmovw k4, {masks:e}";
            vmovdqu (x {k1}), ["{data}"];
            vmovdqu (y {k2}), ["{data} + 64"];
            "add {data}, 128";
            vpunpcklqdq h0, x, y;
            vpunpckhqdq x, x, y;
            steps_44::split_44!(zmm h0 x => h0 h1 h2);
            vmovdqa (x {k3}), bit128;
            vpor h2, h2, x;
            vpbroadcastq (m0 {k4}), ("{h0}");
            vpbroadcastq (m1 {k4}), ("{h1}");
            vpbroadcastq (m2 {k4}), ("{h2}");
            steps_44::add_44!(zmm);
        }
    };
}

/// A register with all its lanes added to the low half.
macro_rules! halve {
    ($a:ident) => {
        zmm! {
            vextracti64x4 (ymm x), $a, 1;
            vpaddq (ymm $a), (ymm $a), (ymm x);
        }
    };
}

/// The lanes of all blocks from this one on, a bit each.
const fn lanes_from(first: u32) -> u64 {
    let mut lanes = 0;
    let mut block = first;
    while block < 8 {
        lanes |= 1 << (2 * (block % 4) + block / 4);
        block += 1;
    }
    lanes
}

/// `lanes_from()` 0 to 7, a byte each.
const LANES: u64 = {
    let mut bytes = 0;
    let mut first = 0;
    while first < 8 {
        bytes |= lanes_from(first) << (8 * first);
        first += 1;
    }
    bytes
};

/// The lanes in a first group where so many blocks are missing, a bit each: those of 64 bits in both
/// halves of its memory; those of the blocks; and that of the first block.
#[inline(always)]
fn masks(missing: usize) -> u32 {
    let words = (0xffff << (2 * missing)) & 0xffff;
    let lanes = LANES >> (8 * missing);
    let from_next = lanes >> 8;
    (words | ((lanes & 0xff) << 16) | (((lanes & !from_next) & 0xff) << 24)) as u32
}

/// Wipes pieces of the memory.
macro_rules! wipe {
    ($($i:literal)*) => {
        zmm! {
            vpxor x, x, x;
            $(vmovdqa ["{memory} + 64*" $i], x;)*
        }
    };
}

/// Absorbs blocks in a long run.
///
/// # Safety
///
/// The CPU must have AVX2, AVX-512VL and AVX-512 IFMA, and there must be more than eight blocks.
#[inline(never)]
pub(crate) unsafe fn long(
    guard: &Guard,
    state: &mut State,
    workspace: &mut Workspace<'_>,
    blocks: &[u8],
) {
    let others = (blocks.len() / BLOCK_SIZE).wrapping_sub(1);
    // After the first one.
    let groups = others / 8;
    let missing = 7_usize.wrapping_sub(others % 8);
    let more = workspace.scratch.blocks_left;
    // If powers are kept, from a call before or for one after, it is all of them.
    let kept = workspace.scratch.cached == CACHED || more != 0;
    let depth = if kept { DEPTH } else { DEPTH / 2 };
    // SAFETY: By this function's requirement.
    let there = unsafe { ifma::claim(guard, workspace.scratch, CACHED) };
    let memory = Memory::<8>::of(workspace.scratch);
    if !there {
        let mut low = state.low_powers(workspace.powers);
        memory.put_low(low.words());
        let [r8, r16] = low.high_powers();
        memory.put_rows(r8, r16, depth);
    }
    // Both pointers from one borrow.
    let memory = &raw mut *memory;
    let rows = memory
        .wrapping_byte_add(offset_of!(Memory::<8>, rows))
        .cast::<Row>();
    let first = groups.wrapping_sub(1) % depth;
    let [h0, h1, h2] = state.limbs_44();
    let (sum0, sum1, sum2): (u64, u64, u64);
    // SAFETY: The CPU has the instructions by this function's requirement, and by the `Guard` its
    // registers may be used. The block reads `blocks`, of the first group those that are there, and
    // reads and writes `memory`, where the rows are filled that batches need; its registers are
    // declared.
    unsafe {
        asm!(
            steps_44::constants_44!(zmm),
            fill_lanes!(),
            load_first!(),
            steps_44::batches_44!(zmm 64),
            steps_44::clear_44!(zmm),
            steps_44::multiply_44!(zmm h0 h1 h2 * vmovdqa "{memory}" 64),
            "test {more}, {more}",
            "jnz 5f",
            wipe!(0 1 2 3 4 5 6 7 8 9 10 11 12),
            "5:",
            steps_44::join_halves!(zmm),
            halve!(lo0),
            halve!(lo1),
            halve!(lo2),
            steps_44::take_44!(),
            "vzeroupper",
            words = const offset_of!(Memory::<8>, words),
            r4 = const offset_of!(Memory::<8>, r4),
            memory = in(reg) memory,
            rows = in(reg) rows,
            row = out(reg) _,
            top = inout(reg) rows.wrapping_add(first) => _,
            deep = in(reg) rows.wrapping_add(depth.wrapping_sub(1)),
            data = inout(reg) blocks.as_ptr().wrapping_sub(missing.wrapping_mul(BLOCK_SIZE)) => _,
            batches = inout(reg) groups.div_ceil(depth) => _,
            masks = inout(reg) masks(missing) => _,
            more = in(reg) more,
            h0 = inout(reg) h0 => sum0, h1 = inout(reg) h1 => sum1, h2 = inout(reg) h2 => sum2,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _, out("zmm4") _,
            out("zmm5") _, out("zmm6") _, out("zmm7") _, out("zmm8") _, out("zmm9") _,
            out("zmm10") _, out("zmm11") _, out("zmm12") _, out("zmm13") _, out("zmm14") _,
            out("zmm15") _,
            out("k1") _, out("k2") _, out("k3") _, out("k4") _,
            options(nostack),
        );
    }
    state.set_limbs_44([sum0, sum1, sum2]);
}
