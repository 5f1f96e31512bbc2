// SPDX-License-Identifier: GPL-2.0

//! What lies where in the scratch memory of the workspace, and what batches begin with.

use core::mem::{align_of, offset_of, size_of, MaybeUninit};
use core::ops::Range;

use crate::generic::{limbs, wipe, Scratch, State, LIMBS, SCRATCH_WORDS};

/// Entries in a row: the limbs of a power, and five times the last four of them.
pub(super) const ENTRIES: usize = 9;

/// For short runs, and for the end of long ones: four blocks at a time.
#[repr(C, align(32))]
pub(crate) struct Lanes {
    /// The rows: each has one entry of `r^4`, `r^2`, `r^3` and `r` in its four lanes. `vpmuludq` does
    /// not look at the upper halves, so that those of lane 0 have room for the entries of `r^8`.
    rows: MaybeUninit<[[[u32; 2]; 4]; ENTRIES]>,
    /// The words of these four powers.
    pub(super) words: MaybeUninit<[[u64; 4]; 3]>,
    /// The limbs of the accumulator, and then the sums that make it.
    pub(super) h: MaybeUninit<[u64; LIMBS]>,
}

/// What a batch begins with.
#[repr(C)]
pub(super) struct BatchStart {
    /// What the bits above the blocks of all groups come to.
    pub(super) pad: [u64; LIMBS],
    /// Five times the last four limbs of the power that the streams are multiplied by.
    pub(super) five: [u32; LIMBS - 1],
}

/// Powers in the table, and the most groups in a batch.
pub(crate) const DEPTH: usize = 8;

/// Entries of one power in the table, in pairs.
pub(super) const PAIRS: usize = 10;

/// A table: for each pair of entries those of all powers `R`, `R^2`, ... `R^8`.
///
/// Of `2^(32i) R^k`, pair `2i` has the limbs 0 and 1, and pair `2i + 1` the limbs 2 and 3; pair 8
/// has the last limbs for the words `i` 0 and 1, and pair 9 those for 2 and 3.
pub(super) type Table = [[[u32; 2]; DEPTH]; PAIRS];

/// For long runs.
#[repr(C, align(64))]
pub(crate) struct Long {
    pub(super) table: MaybeUninit<Table>,
    /// The streams between batches: limb by limb, lane by lane.
    pub(super) streams: MaybeUninit<[[u64; 8]; LIMBS]>,
    pub(super) lanes: Lanes,
    /// The words of `R` to `R^4`.
    pub(super) words: MaybeUninit<[[u64; 4]; 3]>,
    /// For the first batch, and for the others.
    pub(super) begin: [MaybeUninit<BatchStart>; 2],
}

const _: () = {
    assert!(size_of::<Long>() <= size_of::<[u64; SCRATCH_WORDS]>());
    assert!(align_of::<Long>() <= align_of::<Scratch>());
    assert!(offset_of!(Scratch, memory) % align_of::<Long>() == 0);
    assert!(offset_of!(Long, table) == 0);
    // What `finish_streams!` wipes, in pieces of 32 bytes, and leaves `h` to `take_sums()`.
    assert!(offset_of!(Long, streams) == 20 * 32);
    assert!(offset_of!(Long, lanes) + offset_of!(Lanes, h) == offset_of!(Long, streams) + 22 * 32);
    assert!(size_of::<Long>() >= offset_of!(Long, words) + 7 * 32);
    assert!(
        offset_of!(Long, begin) + size_of::<[BatchStart; 2]>() <= offset_of!(Long, words) + 7 * 32
    );
    // What `avx2::short()` wipes.
    assert!(offset_of!(Lanes, h) == 12 * 32);
    // Where the loops find `five`.
    assert!(offset_of!(BatchStart, five) == 40);
    assert!(size_of::<Lanes>() <= size_of::<Long>() && align_of::<Lanes>() <= align_of::<Long>());
};

/// The scratch memory, for short runs: nothing in it is initialized.
#[inline(always)]
pub(super) fn lanes_of(scratch: &mut Scratch) -> &mut Lanes {
    // SAFETY: It is large enough and aligned, as asserted above. None of the structure has to be
    // initialized.
    unsafe { &mut *scratch.memory.as_mut_ptr().cast() }
}

/// The scratch memory, for long runs: with what a call before has left there.
#[inline(always)]
pub(super) fn long_of(scratch: &mut Scratch) -> &mut Long {
    // SAFETY: As for `lanes_of()`.
    unsafe { &mut *scratch.memory.as_mut_ptr().cast() }
}

impl Long {
    /// Prepares the batches of a run, of which the first one has `first` groups; with a `new` table
    /// also the others. The first group of all begins the streams, with its bits above the blocks,
    /// so that the first batch has these bits of the others only.
    ///
    /// # Safety
    ///
    /// The table must be filled.
    #[inline(always)]
    pub(super) unsafe fn begin(&mut self, state: &State, first: usize, new: bool) {
        // SAFETY: By this function's requirement.
        let table = unsafe { self.table.assume_init_ref() };
        let others = first.wrapping_sub(1);
        let mut pad = Pad([0; 3]);
        pad.add(table, 0..others);
        self.begin[0].write(BatchStart::new(table, first, pad));
        if new {
            pad.add(table, others..DEPTH);
            self.begin[1].write(BatchStart::new(table, DEPTH, pad));
        }
        self.lanes.h.write(state.limbs());
    }
}

/// What the last words of blocks are multiplied by, summed up: pairs of limbs below 8 * 2^26.4.
#[derive(Clone, Copy)]
struct Pad([u64; 3]);

impl Pad {
    /// Adds that of some powers.
    #[inline(always)]
    fn add(&mut self, table: &Table, powers: Range<usize>) {
        // Both halves at once: neither sum goes beyond 32 bits.
        let both = |pair: [u32; 2]| u64::from(pair[0]) | (u64::from(pair[1]) << 32);
        for k in powers {
            // Always below, but the compiler does not know.
            let k = k % DEPTH;
            let [a, b, c] = &mut self.0;
            *a = a.wrapping_add(both(table[6][k]));
            *b = b.wrapping_add(both(table[7][k]));
            *c = c.wrapping_add(both(table[9][k]));
        }
    }

    /// What the bits above blocks come to: 2^32 in the last word.
    #[inline(always)]
    fn above(self) -> [u64; LIMBS] {
        let [a, b, c] = self.0;
        let high = |pair: u64| pair & (u64::MAX << 32);
        [a << 32, high(a), b << 32, high(b), high(c)]
    }
}

impl BatchStart {
    /// For a batch of `groups` groups, 1 to [`DEPTH`].
    ///
    /// The bit above a block is 2^32 in its last word.
    #[inline(always)]
    fn new(table: &Table, groups: usize, pad: Pad) -> Self {
        let k = groups.wrapping_sub(1) % DEPTH;
        let five = [
            table[0][k][1],
            table[1][k][0],
            table[1][k][1],
            table[8][k][0],
        ];
        Self {
            pad: pad.above(),
            five: five.map(|limb| limb.wrapping_mul(5)),
        }
    }
}

impl Lanes {
    /// Puts the entries of `r^8` above lane 0, where those of `r^4` are.
    ///
    /// # Safety
    ///
    /// The rows must be filled.
    #[inline(always)]
    pub(super) unsafe fn put_above(&mut self, r8: &[u64; 3]) {
        // SAFETY: By this function's requirement.
        let rows = unsafe { self.rows.assume_init_mut() };
        for (row, entry) in rows.iter_mut().zip(entries(limbs(r8))) {
            row[0][1] = entry;
        }
    }

    /// Makes the sums the accumulator, and wipes them.
    ///
    /// # Safety
    ///
    /// They must be there.
    #[inline(always)]
    pub(super) unsafe fn take_sums(&mut self, state: &mut State) {
        // SAFETY: By this function's requirement.
        let sums = unsafe { self.h.assume_init_mut() };
        state.set_limbs(*sums);
        wipe(sums, [0; LIMBS]);
    }
}

/// The entries of a power in the rows.
#[inline(always)]
fn entries(limbs: [u64; LIMBS]) -> [u32; ENTRIES] {
    // Below 5 * 5 * 2^24 < 2^28.7.
    let [l0, l1, l2, l3, l4] = limbs.map(|limb| limb as u32);
    let five = |limb: u32| limb.wrapping_mul(5);
    [l0, l1, l2, l3, l4, five(l1), five(l2), five(l3), five(l4)]
}
