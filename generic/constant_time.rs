// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Tag comparison in constant time, and wiping.

use core::arch::asm;

use super::TAG_SIZE;

/// Whether two tags are equal, in constant time.
#[must_use]
pub fn tags_equal(a: &[u8; TAG_SIZE], b: &[u8; TAG_SIZE]) -> bool {
    let difference = u128::from_le_bytes(*a) ^ u128::from_le_bytes(*b);
    let mut either = difference as u64 | (difference >> 64) as u64;
    // Hidden from the optimizer, which could compare piece by piece otherwise. In a register,
    // because the difference to a wrong tag reveals the right one.
    // SAFETY: The block has no instruction.
    unsafe { asm!("/* {0} */", inout(reg) either, options(nomem, nostack, preserves_flags)) };
    either == 0
}

/// Overwrites a value, even if nothing reads it afterwards.
#[inline(always)]
pub fn wipe<T: Copy>(value: &mut T, zero: T) {
    *value = zero;
    // SAFETY: The block has no instruction. It could read the memory behind the pointer, so the
    // compiler does not remove the store above.
    unsafe { asm!("/* {0} */", in(reg) value, options(nostack, preserves_flags)) };
}
