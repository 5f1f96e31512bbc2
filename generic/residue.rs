// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What is left on the stack and in registers.
//!
//! Which values a compiler spills to the stack is its choice, and changes with every version. So
//! what computes with secrets is a function of its own, out of line; who calls it wipes the stack
//! below afterwards, as far as the frame reached, and the registers that are not restored.
//!
//! Functions that only pass on pointers to secrets have nothing to wipe.

use core::mem::MaybeUninit;
use core::ptr;

/// Wipes the stack below the caller's frame: so many words of what a function that it called before
/// had.
#[inline(never)]
pub fn wipe_stack<const WORDS: usize>() {
    let mut frame = [const { MaybeUninit::<u64>::uninit() }; WORDS];
    for word in &mut frame {
        // One by one: all at once would be a call of `memset()`, or need an alignment, which could
        // leave a gap.
        // SAFETY: It is a word of this array.
        unsafe { ptr::write_volatile(word, MaybeUninit::new(0)) };
    }
}

/// Clears the general registers that a function need not restore.
#[inline(always)]
pub fn clear_registers() {
    macro_rules! clear {
        ($($register:tt)*) => {
            // SAFETY: The block holds no instruction; the registers are zero before, and declared.
            unsafe {
                core::arch::asm!(
                    "",
                    $(inout($register) 0_u64 => _,)*
                    options(nomem, nostack, preserves_flags)
                )
            }
        };
    }
    #[cfg(target_arch = "x86_64")]
    clear!("rax" "rcx" "rdx" "rsi" "rdi" "r8" "r9" "r10" "r11");
    #[cfg(target_arch = "aarch64")]
    clear!(
        "x0" "x1" "x2" "x3" "x4" "x5" "x6" "x7" "x8" "x9" "x10" "x11" "x12" "x13" "x14" "x15" "x16"
        "x17"
    );
}
