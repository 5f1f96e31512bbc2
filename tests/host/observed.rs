// SPDX-License-Identifier: GPL-2.0

//! Calls on a stack of their own, with all that they leave on it and in registers.

use std::arch::asm;
use std::ffi::c_void;

/// What stack and registers are filled with before.
pub(crate) const MARK: u64 = 0xa5a5_a5a5_a5a5_a5a5;

/// Words of the stack.
const STACK: usize = 8192;

/// Registers that a call need not restore.
#[cfg(target_arch = "x86_64")]
const GENERAL: [&str; 9] = ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"];
#[cfg(target_arch = "aarch64")]
const GENERAL: [&str; 19] = [
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
    "x15", "x16", "x17", "x18",
];

/// The registers as a call left them.
#[repr(C, align(64))]
#[derive(Clone)]
struct Registers {
    general: [u64; 24],
    /// Vector registers, which have as many words as the widest may have.
    vector: [[u64; 8]; 32],
}

/// What a call left.
pub(crate) struct Left {
    stack: Vec<u64>,
    registers: Registers,
}

extern "C" fn enter<F: FnMut()>(code: *mut c_void) {
    // SAFETY: `observe()` passes a pointer to a closure of this type, which nobody else uses.
    unsafe { (*code.cast::<F>())() }
}

/// Runs `code` on a stack of its own that is filled with [`MARK`], as the vector registers are.
///
/// It is the same memory each time, for calls in one thread that free what they allocate.
#[inline(never)]
pub(crate) fn observe<F: FnMut()>(stack: &mut Vec<u64>, mut code: F) -> Left {
    stack.clear();
    stack.resize(STACK, MARK);
    let mut registers = Registers {
        general: [0; 24],
        vector: [[MARK; 8]; 32],
    };
    let top = stack.as_mut_ptr_range().end as usize & !63;
    // SAFETY: The stack is large enough for every call of an implementation, and its top aligned as
    // the ABI wants it.
    unsafe { call(enter::<F>, (&raw mut code).cast(), top, &mut registers) };
    Left {
        stack: stack.clone(),
        registers,
    }
}

impl Left {
    /// The words of the stack that two calls left differently, and where, in bytes down from its
    /// top.
    pub(crate) fn differences(&self, other: &Self) -> Vec<(String, u64)> {
        let pairs = self.stack.iter().zip(&other.stack).rev().enumerate();
        pairs
            .filter(|(_, (a, b))| a != b)
            .map(|(i, (a, _))| (format!("stack - {}", 8 * (i + 1)), *a))
            .collect()
    }

    /// The general registers that two calls left differently.
    pub(crate) fn registers(&self, other: &Self) -> Vec<(String, u64)> {
        let mut all = vec![];
        for (i, name) in GENERAL.iter().enumerate() {
            if self.registers.general[i] != other.registers.general[i] {
                all.push((name.to_string(), self.registers.general[i]));
            }
        }
        all
    }

    /// The vector registers that are neither as before the call nor cleared.
    pub(crate) fn vectors(&self) -> Vec<(String, u64)> {
        let mut all = vec![];
        for (i, register) in self.registers.vector.iter().enumerate() {
            for (word, value) in register.iter().enumerate() {
                if ![0, MARK].contains(value) {
                    all.push((format!("vector register {i}, word {word}"), *value));
                }
            }
        }
        all
    }

    /// How many bytes of the stack were written.
    pub(crate) fn depth(&self) -> usize {
        let untouched = self.stack.iter().take_while(|word| **word == MARK).count();
        8 * (STACK - untouched)
    }
}

/// The same text for registers, with their numbers in it.
macro_rules! each {
    ($list:tt: $($text:expr),*) => { each!(@ $list $($text),*) };
    (@ [$($i:literal)*] $a:expr, $b:expr) => { concat!($($a, $i, $b,)*) };
    (@ [$($i:literal)*] $a:expr, $b:expr, $c:expr) => { concat!($($a, $i, $b, $i, $c,)*) };
}

/// The same text for all registers.
macro_rules! all {
    ($($text:expr),*) => {
        each!([
            0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
        ]: $($text),*)
    };
}

/// The same text for the registers that SSE and AVX have.
#[cfg(target_arch = "x86_64")]
macro_rules! sixteen {
    ($($text:expr),*) => { each!([0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]: $($text),*) };
}

/// The same text for the general registers that a call may change.
#[cfg(target_arch = "aarch64")]
macro_rules! general {
    ($($text:expr),*) => { each!([0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18]: $($text),*) };
}

/// Calls `code` with `argument` on the stack that ends at `top`.
///
/// # Safety
///
/// The stack must be large enough, and `top` a multiple of 64.
#[inline(never)]
unsafe fn call(
    code: extern "C" fn(*mut c_void),
    argument: *mut c_void,
    top: usize,
    registers: &mut Registers,
) {
    #[cfg(target_arch = "x86_64")]
    let level = if std::arch::is_x86_feature_detected!("avx512f") {
        2
    } else {
        i32::from(std::arch::is_x86_feature_detected!("avx2"))
    };
    // SAFETY: The stack is as the call wants it by this function's requirement, and back as it was
    // at the end. All that a call may change is declared. `registers` has room for all of them.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        asm!(
            "mov r12, rsp",
            "mov rsp, rsi",
            "mov r15, rdx",
            "cmp r14d, 1",
            "jb 2f",
            "ja 3f",
            sixteen!("vmovdqu ymm", ", [r13 + 192]\n"),
            "jmp 4f",
            "2:",
            sixteen!("movdqu xmm", ", [r13 + 192]\n"),
            "jmp 4f",
            "3:",
            all!("vmovdqu64 zmm", ", [r13 + 192]\n"),
            "4:",
            "xor eax, eax", "xor ecx, ecx", "xor edx, edx", "xor esi, esi", "xor r8d, r8d",
            "xor r9d, r9d", "xor r10d, r10d", "xor r11d, r11d",
            "call r15",
            "mov [r13], rax", "mov [r13 + 8], rcx", "mov [r13 + 16], rdx", "mov [r13 + 24], rsi",
            "mov [r13 + 32], rdi", "mov [r13 + 40], r8", "mov [r13 + 48], r9",
            "mov [r13 + 56], r10", "mov [r13 + 64], r11",
            "cmp r14d, 1",
            "jb 2f",
            "ja 3f",
            sixteen!("vmovdqu [r13 + 192 + 64*", "], ymm", "\n"),
            "vzeroupper",
            "jmp 4f",
            "2:",
            sixteen!("movdqu [r13 + 192 + 64*", "], xmm", "\n"),
            "jmp 4f",
            "3:",
            all!("vmovdqu64 [r13 + 192 + 64*", "], zmm", "\n"),
            "vzeroupper",
            "4:",
            "mov rsp, r12",
            inout("rdi") argument => _,
            inout("rsi") top => _,
            inout("rdx") code => _,
            in("r13") registers,
            in("r14") level,
            out("r12") _,
            out("r15") _,
            clobber_abi("C"),
        );
        #[cfg(target_arch = "aarch64")]
        asm!(
            "mov x20, sp",
            "mov sp, x1",
            "mov x22, x2",
            "mov x23, x0",
            "add x24, x21, #192",
            all!("ldr q", ", [x24]\n"),
            general!("mov x", ", xzr\n"),
            "mov x0, x23",
            "blr x22",
            general!("str x", ", [x21, #8*", "]\n"),
            all!("str q", ", [x24, #64*", "]\n"),
            "mov sp, x20",
            inout("x0") argument => _,
            inout("x1") top => _,
            inout("x2") code => _,
            in("x21") registers,
            out("x20") _,
            out("x22") _,
            out("x23") _,
            out("x24") _,
            clobber_abi("C"),
        );
    }
}
