// SPDX-License-Identifier: GPL-2.0

//! Messages whose sums are at edges, in any number of streams.
//!
//! Vector code adds every second, fourth or eighth block to one of as many accumulators, each of
//! which it multiplies by a power of `r`. Here every sum of an accumulator and a block is a multiple
//! of 2^128, modulo `2^130 - 5`, or up to five more or less: limbs of any size are full or empty
//! there, and the sum is around the modulus or zero for one of four blocks. What is last added up
//! ends there as well.
//!
//! Host tests include this file, and show that all of this is so.

use crate::reference::{reduced, times, Number};

/// The most streams.
pub(crate) const STREAMS: usize = 16;

/// Values of `r`. Of the first seven the second, fourth or eighth power is less than 2^112 modulo
/// `2^130 - 5`, so that before its last reduction it may have a bit more than 130; of the next three
/// it is above the modulus less 2^112. They were found by trying random ones, but for the powers of
/// two, whose square is 20 or whose powers are other multiples of 5.
pub(crate) const POINTS: [u128; 11] = [
    1 << 66,
    1 << 34,
    1 << 17,
    1 << 98,
    0x0bfb_0938_01b5_95c4_0a9f_01b4_0d76_fd85,
    0x0a18_900c_0ad6_243c_0c56_d5a0_0356_a1a9,
    0x03e9_2458_0d15_043c_0e38_b748_05ba_ffb5,
    0x0f63_f628_05fa_5658_0a76_ea58_0e7f_37a8,
    0x0d03_5b54_0986_6538_04aa_a634_0945_8fe5,
    0x0604_4fe4_080e_badc_07cc_2ccc_0364_b7d9,
    0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff,
];

/// A multiple of 2^128, and `more`, modulo `2^130 - 5`.
fn edge(multiple: u32, more: i128) -> Number {
    let (low, high) = match (more, multiple) {
        (0.., _) => (more.unsigned_abs(), multiple),
        // The modulus is 3 * 2^128 and what is 5 less than that.
        (_, 0) => (u128::MAX - 4 - more.unsigned_abs(), 3),
        _ => (more as u128, multiple - 1),
    };
    with_high(low, high)
}

/// The number `low + 2^128 high`.
fn with_high(low: u128, high: u32) -> Number {
    let mut number = [0; 17];
    for (limb, byte) in number.iter_mut().zip(low.to_le_bytes()) {
        *limb = byte.into();
    }
    number[16] = high;
    number
}

/// The number of a block.
fn of_block(block: &[u8]) -> Number {
    let mut number = with_high(0, 1);
    for (limb, byte) in number.iter_mut().zip(block) {
        *limb = (*byte).into();
    }
    number
}

/// The sum, whose limbs may be larger than a byte.
fn plus(a: &Number, b: &Number) -> Number {
    core::array::from_fn(|i| a[i] + b[i])
}

/// The difference, reduced: minus one is `2^130 - 6`.
fn minus(a: &Number, b: &Number) -> Number {
    let minus_one = with_high(u128::MAX - 5, 3);
    reduced(plus(a, &times(b, &minus_one)))
}

/// Writes the block that is that number. Only one of four numbers is a block.
fn put(block: &mut [u8], number: &Number) -> bool {
    for (byte, limb) in block.iter_mut().zip(number) {
        *byte = *limb as u8;
    }
    number[16] == 1
}

/// Fills in whole blocks so that all sums of `streams` streams are at edges.
pub(crate) fn fill(r: u128, streams: usize, data: &mut [u8]) {
    let r = with_high(r, 0);
    let mut power = r;
    for _ in 1..streams {
        power = times(&power, &r);
    }
    let mut sums = [[0; 17]; STREAMS];
    for (i, block) in data.chunks_exact_mut(16).enumerate() {
        let sum = &mut sums[i % streams];
        let before = times(sum, &power);
        let more = (i + i / streams) % 11;
        // One of the four multiples leaves a block.
        for multiple in 0..4 {
            if put(block, &minus(&edge(multiple, more as i128 - 5), &before)) {
                break;
            }
        }
        *sum = plus(&before, &of_block(block));
    }
}

/// Replaces the last block of at least two so that the accumulator is at an edge after it.
pub(crate) fn end(r: u128, data: &mut [u8]) {
    let r = with_high(r, 0);
    let mut inverse = with_high(1, 0);
    // To the power of the modulus less 2, of which all of the 130 bits are set but the bits 1 and 2.
    for bit in (0..130).rev() {
        inverse = times(&inverse, &inverse);
        if bit != 1 && bit != 2 {
            inverse = times(&inverse, &r);
        }
    }
    let (blocks, last) = data.split_at_mut(data.len() - 16);
    // For few messages no edge leaves a block: then the block before is another one.
    for _ in 0..64 {
        let mut h = [0; 17];
        for block in blocks.chunks_exact(16) {
            h = times(&plus(&h, &of_block(block)), &r);
        }
        for i in 0..44 {
            let wanted = times(&edge(i % 4, i128::from(i / 4) - 5), &inverse);
            if put(last, &minus(&wanted, &h)) {
                return;
            }
        }
        if let Some(block) = blocks.last_chunk_mut::<16>() {
            block[15] = block[15].wrapping_add(1);
            block[7] = block[7].wrapping_add(31);
        }
    }
}
