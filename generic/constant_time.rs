// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Tag comparison in constant time, and wiping.

use core::arch::asm;

use super::TAG_SIZE;

/// Whether two tags are equal, in a time that does not tell where they differ.
#[must_use]
pub fn tags_equal(a: &[u8; TAG_SIZE], b: &[u8; TAG_SIZE]) -> bool {
    let difference = u128::from_le_bytes(*a) ^ u128::from_le_bytes(*b);
    let mut either = difference as u64 | (difference >> 64) as u64;
    // Hidden from the optimizer, which could otherwise compare piece by piece; and in a register,
    // as the difference from a wrong tag tells the right one.
    // SAFETY: The block holds no instruction; it only claims to change the variable.
    unsafe { asm!("/* {0} */", inout(reg) either, options(nomem, nostack, preserves_flags)) };
    either == 0
}

/// Sets a value to its wiped form, even where nothing reads it any more.
#[inline(always)]
pub fn wipe<T: Copy>(value: &mut T, zero: T) {
    *value = zero;
    // SAFETY: The block holds no instruction; by claiming to read the memory behind the pointer it
    // keeps the store above from being taken for a dead one.
    unsafe { asm!("/* {0} */", in(reg) value, options(nostack, preserves_flags)) };
}
