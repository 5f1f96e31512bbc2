// SPDX-License-Identifier: GPL-2.0

//! What code for `vpmadd52` has in common: limbs of 44 bits, four or eight blocks at a time.
//!
//! The blocks of a group are streams, which are evaluated in `R`: `r^4` for four blocks, `r^8` for
//! eight. A batch is up to eight groups between two carries:
//!
//!     h = (h R^d + m1 R^(d-1) + ... + m(d-1) R + md) mod 2^130 - 5
//!
//! At the end, powers from `R` down to `r` in the lanes make one sum of the streams. (Several blocks
//! at a time by powers of `r`: Goll and Gueron, "Vectorization of Poly1305 message authentication
//! code", ITNG 2015.)

use core::arch::asm;
use core::mem::{align_of, offset_of, size_of, MaybeUninit};

use super::steps::{self, registers};
use super::steps_44;
use crate::fpu::Guard;
use crate::generic::{limbs_44, multiply_powers, Scratch, SCRATCH_WORDS};

steps_44::registers_44!();

/// Powers of `R`, and the most groups in a batch.
pub(super) const DEPTH: usize = 8;

/// Groups of four blocks after the first one from which on it pays to have four powers.
pub(super) const MIDDLE: usize = 24;

/// The limbs of a power, and twenty times the last two.
pub(super) type Row = [u64; 5];

/// The scratch memory, for groups of `N` blocks.
#[repr(C, align(64))]
pub(super) struct Memory<const N: usize> {
    /// `R`, ..., `r^2`, `r`, one in each lane: limbs, and twenty times the last two.
    pub(super) lanes: MaybeUninit<[[u64; N]; 5]>,
    /// The words of `r` to `r^4`.
    pub(super) words: MaybeUninit<[[u64; 3]; 4]>,
    /// `R`, `R^2`, ... as far as they are needed.
    pub(super) rows: [MaybeUninit<Row>; DEPTH],
    /// `r^4`, for groups of eight blocks.
    pub(super) r4: MaybeUninit<Row>,
}

impl<const N: usize> Memory<N> {
    const FITS: () = {
        assert!(size_of::<Self>() <= size_of::<[u64; SCRATCH_WORDS]>());
        assert!(align_of::<Self>() <= align_of::<Scratch>());
        assert!(offset_of!(Scratch, memory) % align_of::<Self>() == 0);
        // What is wiped at the end.
        assert!(size_of::<Self>() == if N == 4 { 20 * 32 } else { 13 * 64 });
    };

    /// The scratch memory, with what a call before has left there.
    #[inline(always)]
    pub(super) fn of(scratch: &mut Scratch) -> &mut Self {
        const { Self::FITS };
        // SAFETY: It is large enough and aligned, as asserted above. None of the structure has to
        // be initialized.
        unsafe { &mut *scratch.memory.as_mut_ptr().cast() }
    }

    /// Puts `r` to `r^4` there.
    #[inline(always)]
    pub(super) fn put_low(&mut self, words: [[u64; 3]; 4]) {
        self.words.write(words);
        if N == 8 {
            self.r4.write(row(&words[3]));
        }
    }

    /// Puts powers there for batches of `depth` groups. `first` and `second` are `R` and `R^2`.
    #[inline(always)]
    pub(super) fn put_rows(&mut self, first: [u64; 3], second: [u64; 3], depth: usize) {
        let [r1, r2, r3, r4, more @ ..] = &mut self.rows;
        r1.write(row(&first));
        r2.write(row(&second));
        if depth > 2 {
            let third = multiply_powers(&first, &second);
            let fourth = multiply_powers(&second, &second);
            r3.write(row(&third));
            r4.write(row(&fourth));
            if depth > 4 {
                for (to, power) in more.iter_mut().zip([first, second, third, fourth]) {
                    to.write(row(&multiply_powers(&power, &fourth)));
                }
            }
        }
    }
}

/// As [`Scratch::claim()`], and wipes what another implementation has left, of which less would be
/// wiped at the end.
///
/// # Safety
///
/// The CPU must have AVX2.
#[inline(always)]
pub(super) unsafe fn claim(guard: &Guard, scratch: &mut Scratch, cached: u64) -> bool {
    if scratch.cached != 0 && scratch.cached != cached {
        // SAFETY: By this function's requirement.
        unsafe { wipe_all(guard, scratch) };
    }
    scratch.claim(cached)
}

/// Wipes all scratch memory.
///
/// # Safety
///
/// The CPU must have AVX2.
unsafe fn wipe_all(_: &Guard, scratch: &mut Scratch) {
    const { assert!(8 * SCRATCH_WORDS == 26 * 64) };
    let memory = scratch.memory.as_mut_ptr();
    // SAFETY: The CPU has AVX2 by this function's requirement, and by the `Guard` its registers may
    // be used. The block writes the memory; its registers are declared.
    unsafe {
        asm!(
            steps::ymm! {
                vpxor x, x, x;
                "2:";
                vmovdqa ["{memory}"], x;
                vmovdqa ["{memory} + 32"], x;
                "add {memory}, 64";
                "cmp {memory}, {end}";
                "jne 2b";
            },
            memory = inout(reg) memory => _,
            end = in(reg) memory.wrapping_add(SCRATCH_WORDS),
            out("ymm12") _,
            options(nostack),
        );
    }
}

/// Entries of a row.
#[inline(always)]
fn row(power: &[u64; 3]) -> Row {
    let [l0, l1, l2] = limbs_44(power);
    [l0, l1, l2, l1.wrapping_mul(20), l2.wrapping_mul(20)]
}

/// Defines `$name`, which absorbs groups of four blocks in registers `$v`; with `$deep`, in batches
/// of more than two groups, and keeping powers.
macro_rules! four_blocks {
    ($(#[$doc:meta])* $name:ident, $v:ident, $cached:ident, $deep:literal) => {
        $(#[$doc])*
        #[inline(never)]
        pub(crate) unsafe fn $name(
            guard: &Guard,
            state: &mut State,
            workspace: &mut Workspace<'_>,
            groups: &[u8],
        ) {
            // After the first one.
            let others = (groups.len() / GROUP).wrapping_sub(1);
            let more = workspace.scratch.blocks_left;
            // If powers are kept, from a call before or for one after, it is all of them.
            let kept = workspace.scratch.cached == $cached || more != 0;
            let depth = if $deep && kept {
                DEPTH
            } else if $deep && others >= ifma::MIDDLE {
                DEPTH / 2
            } else {
                2
            };
            // SAFETY: By this function's requirement.
            let there = $deep && unsafe { ifma::claim(guard, workspace.scratch, $cached) };
            let memory = Memory::<4>::of(workspace.scratch);
            if !there {
                let mut low = state.low_powers(workspace.powers);
                let words = low.words();
                memory.put_low(words);
                memory.put_rows(words[3], low.middle_power(), depth);
            }
            // Both pointers from one borrow.
            let memory = &raw mut *memory;
            let rows = memory.wrapping_byte_add(offset_of!(Memory::<4>, rows)).cast::<Row>();
            let first = others.wrapping_sub(1) % depth;
            let [h0, h1, h2] = state.limbs_44();
            let (sum0, sum1, sum2): (u64, u64, u64);
            // SAFETY: The CPU has the instructions by this function's requirement, and by the `Guard`
            // its registers may be used. The block reads `groups`, and reads and writes `memory`,
            // where the rows are filled that batches need; its registers are declared.
            unsafe {
                asm!(
                    steps_44::constants_44!(ymm),
                    steps_44::low_lanes!(),
                    steps_44::put_lanes!(ymm m0 m1 m2, 32),
                    steps_44::load_44!(ymm 32 h0 h1 h2),
                    steps::ymm! {
                        vmovq (xmm m0), ("{h0}");
                        vmovq (xmm m1), ("{h1}");
                        vmovq (xmm m2), ("{h2}");
                        steps_44::add_44!(ymm);
                    },
                    steps_44::batches_44!($v 32),
                    steps_44::clear_44!(ymm),
                    steps_44::multiply_44!($v h0 h1 h2 * vmovdqa "{memory}" 32),
                    "test {more}, {more}",
                    "jnz 5f",
                    steps::ymm! {
                        vpxor x, x, x;
                        steps::wipe!(x, "{memory}": 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
                    },
                    "5:",
                    steps_44::join_halves!(ymm),
                    steps_44::take_44!(),
                    "vzeroupper",
                    words = const offset_of!(Memory::<4>, words),
                    memory = in(reg) memory,
                    rows = in(reg) rows,
                    row = out(reg) _,
                    top = inout(reg) rows.wrapping_add(first) => _,
                    deep = in(reg) rows.wrapping_add(depth.wrapping_sub(1)),
                    data = inout(reg) groups.as_ptr() => _,
                    batches = inout(reg) others.div_ceil(depth) => _,
                    more = in(reg) more,
                    h0 = inout(reg) h0 => sum0, h1 = inout(reg) h1 => sum1, h2 = inout(reg) h2 => sum2,
                    out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _, out("ymm4") _,
                    out("ymm5") _, out("ymm6") _, out("ymm7") _, out("ymm8") _, out("ymm9") _,
                    out("ymm10") _, out("ymm11") _, out("ymm12") _, out("ymm13") _, out("ymm14") _,
                    out("ymm15") _,
                    options(nostack),
                );
            }
            state.set_limbs_44([sum0, sum1, sum2]);
        }
    };
}

pub(super) use four_blocks;
