// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Wiping of secrets on the stack and in registers.
//!
//! Which values a compiler spills to the stack is its choice, and changes with its version. So code
//! that computes with secrets is in functions that are not inlined. Their caller wipes the stack
//! below afterwards, as far as the frame reached, and clears the registers that functions do not
//! preserve.
//!
//! Functions that only pass on pointers to secrets have nothing to wipe.

use core::mem::MaybeUninit;
use core::ptr;

/// Wipes that many words of the stack below the caller's frame, where the frame of a function was
/// that it called before.
#[inline(never)]
pub fn wipe_stack<const WORDS: usize>() {
    let mut frame = [const { MaybeUninit::<u64>::uninit() }; WORDS];
    for word in &mut frame {
        // One by one: all at once would be a call of `memset()`, or need an alignment that leaves a
        // gap.
        // SAFETY: It is a word of this array.
        unsafe { ptr::write_volatile(word, MaybeUninit::new(0)) };
    }
}

/// Clears the general registers that functions need not preserve.
#[inline(always)]
pub fn clear_registers() {
    // By instructions in the block: with zeroes as inputs, the code before would have fewer
    // registers, and spill.
    // SAFETY: The block writes the registers that are declared.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::asm!(
            "/* registers */",
            "xor eax, eax", "xor ecx, ecx", "xor edx, edx", "xor esi, esi", "xor edi, edi",
            "xor r8d, r8d", "xor r9d, r9d", "xor r10d, r10d", "xor r11d, r11d",
            out("rax") _, out("rcx") _, out("rdx") _, out("rsi") _, out("rdi") _,
            out("r8") _, out("r9") _, out("r10") _, out("r11") _,
            options(nomem, nostack)
        )
    }
    // SAFETY: As above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        core::arch::asm!(
            "/* registers */",
            "mov x0, xzr", "mov x1, xzr", "mov x2, xzr", "mov x3, xzr", "mov x4, xzr",
            "mov x5, xzr", "mov x6, xzr", "mov x7, xzr", "mov x8, xzr", "mov x9, xzr",
            "mov x10, xzr", "mov x11, xzr", "mov x12, xzr", "mov x13, xzr", "mov x14, xzr",
            "mov x15, xzr", "mov x16, xzr", "mov x17, xzr",
            out("x0") _, out("x1") _, out("x2") _, out("x3") _, out("x4") _, out("x5") _,
            out("x6") _, out("x7") _, out("x8") _, out("x9") _, out("x10") _, out("x11") _,
            out("x12") _, out("x13") _, out("x14") _, out("x15") _, out("x16") _, out("x17") _,
            options(nomem, nostack, preserves_flags)
        )
    }
    // x18 is any other register, unless a kernel keeps the shadow call stack in it.
    // SAFETY: As above.
    #[cfg(all(target_arch = "aarch64", not(CONFIG_SHADOW_CALL_STACK)))]
    unsafe {
        core::arch::asm!(
            "mov x18, xzr",
            out("x18") _,
            options(nomem, nostack, preserves_flags)
        )
    }
}
