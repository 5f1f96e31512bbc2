// SPDX-License-Identifier: GPL-2.0

//! The steps that the vector code is made of: macros whose values are text for the assembler.
//! `ymm! { ... }` is code for registers of this width, one line after the other:
//!
//! - `vpaddq h0, h0, t;` is an instruction;
//! - `"add {data}, 64";` is one without vector registers, or a label;
//! - `carry!(h0 => h1, t);` is another step.
//!
//! Operands are
//!
//! - `h0`: the register that has this name in `registers!` of the file, or of the function;
//! - `(xmm h0)`: the same one in another width;
//! - `(h0 {k1})`: the same one with a mask, which clears the other lanes;
//! - `["{data} + 32*" 1]`: memory. Names in braces are operands of the `asm!` block;
//! - `("{row}")`: any other text; `26`: a number.
//!
//! Names are looked up where a step is used, so that a step works on the registers of whichever file
//! uses it. Steps use each other as `steps::name!`: who uses one imports this module as well.
//!
//! Lanes are unsigned 64-bit numbers. A number of 130 bits is five limbs of 26 bits, of which limb
//! `i` counts `2^(26i)`. `mask` is a register that has the 26 bits of a limb in each lane.
//! `proofs/run.sh` proves that no sum loses a bit.
//!
//! A block of assembly ends with `vzeroupper`. In a kernel once would do, before the section ends. But a
//! host's compiler may use SSE between two blocks, and with upper halves in use Golden Cove takes some
//! 200 cycles for each change.

/// `registers! { h0 0, h1 1 }`: names of vector registers, for the rest of a file or of a function.
macro_rules! registers {
    ($($name:ident $number:literal),* $(,)?) => {
        macro_rules! reg { $(($name) => { $number };)* }
    };
}

macro_rules! ymm {
    ($($code:tt)*) => { steps::code!(ymm [] $($code)*) };
}

macro_rules! zmm {
    ($($code:tt)*) => { steps::code!(zmm [] $($code)*) };
}

/// `ymm` with the encoding of AVX-IFMA for instructions that also AVX-512 has.
macro_rules! vex {
    ($($code:tt)*) => { steps::code!(vex [] $($code)*) };
}

/// Takes line after line, and puts its text in the brackets, until there is no more.
macro_rules! code {
    ($v:ident [$($text:tt)*]) => { concat!($($text)*) };
    ($v:ident [$($text:tt)*] $line:literal; $($rest:tt)*) => {
        steps::code!($v [$($text)* $line, "\n",] $($rest)*)
    };
    ($v:ident [$($text:tt)*] $step:ident!($($arg:tt)*); $($rest:tt)*) => {
        steps::code!($v [$($text)* $step!($($arg)*),] $($rest)*)
    };
    ($v:ident [$($text:tt)*] $module:ident::$step:ident!($($arg:tt)*); $($rest:tt)*) => {
        steps::code!($v [$($text)* $module::$step!($($arg)*),] $($rest)*)
    };
    ($v:ident [$($text:tt)*] $op:ident $first:tt $(, $next:tt)*; $($rest:tt)*) => {
        steps::code!($v [
            $($text)*
            steps::code!(@name $v $op), " ",
            steps::operand!($v $first), $(", ", steps::operand!($v $next),)* "\n",
        ] $($rest)*)
    };
    // AVX-512 has other names for some instructions.
    (@name zmm vpand) => { "vpandq" };
    (@name zmm vpor) => { "vporq" };
    (@name zmm vpxor) => { "vpxorq" };
    (@name zmm vmovdqa) => { "vmovdqa64" };
    (@name zmm vmovdqu) => { "vmovdqu64" };
    (@name vex vpmadd52luq) => { "{{vex}} vpmadd52luq" };
    (@name vex vpmadd52huq) => { "{{vex}} vpmadd52huq" };
    (@name $v:ident $op:ident) => { stringify!($op) };
}

macro_rules! operand {
    (vex $operand:tt) => { steps::operand!(ymm $operand) };
    ($v:ident [$($part:tt)*]) => { concat!("[", $($part,)* "]") };
    ($v:ident ($name:ident {$k:ident})) => {
        concat!(stringify!($v), reg!($name), "{{", stringify!($k), "}}{{z}}")
    };
    ($v:ident ($other:ident $name:ident)) => { concat!(stringify!($other), reg!($name)) };
    ($v:ident ($($part:tt)*)) => { concat!($($part,)*) };
    ($v:ident $number:literal) => { $number };
    ($v:ident $name:ident) => { concat!(stringify!($v), reg!($name)) };
}

/// The low `64 - n` bits in each lane: the 26 of a limb for `n = 38`.
macro_rules! low_bits {
    (ymm $to:ident, $n:literal) => {
        steps::ymm! {
            vpcmpeqd $to, $to, $to;
            vpsrlq $to, $to, $n;
        }
    };
    (zmm $to:ident, $n:literal) => {
        steps::zmm! {
            vpternlogq $to, $to, $to, 255;
            vpsrlq $to, $to, $n;
        }
    };
}

/// `mask`, and the bit above a block of 128 bits, which is `2^24` in the last limb.
macro_rules! constants {
    () => {
        steps::ymm! {
            steps::low_bits!(ymm mask, 38);
            steps::low_bits!(ymm bit128, 63);
            vpsllq bit128, bit128, 24;
        }
    };
}

/// `to = 5 from`.
macro_rules! five {
    ($to:ident = $from:ident) => {
        steps::ymm! {
            vpsllq $to, $from, 2;
            vpaddq $to, $to, $from;
        }
    };
}

/// Moves what a limb has above its 26 bits to the next one.
macro_rules! carry {
    ($from:ident => $to:ident, $t:ident) => {
        steps::ymm! {
            vpsrlq $t, $from, 26;
            vpand $from, $from, mask;
            vpaddq $to, $to, $t;
        }
    };
}

/// Carries through five limbs, which may be any numbers below 2^64 - 2^41, so that all are below
/// 2^26 but for the second and the last one, which are below 2^26 + 2^15.
///
/// Two chains at a time: from the first limb on, and from the fourth.
macro_rules! carry_limbs {
    ($l0:ident $l1:ident $l2:ident $l3:ident $l4:ident, $t:ident $u:ident) => {
        steps::ymm! {
            steps::carry!($l0 => $l1, $t);
            steps::carry!($l3 => $l4, $u);
            steps::carry!($l1 => $l2, $t);
            // From the last limb to the first one, five times: 2^130 = 5.
            steps::carry!($l4 => $l0, $u);
            vpsllq $u, $u, 2;
            vpaddq $l0, $l0, $u;
            steps::carry!($l2 => $l3, $t);
            steps::carry!($l0 => $l1, $u);
            steps::carry!($l3 => $l4, $t);
        }
    };
}

/// The limbs of `w0 + 2^64 w1 + 2^104 top`, or of `w0 + 2^64 w1 + 2^128 top` by a shift of 24.
macro_rules! split {
    ($w0:ident $w1:ident $top:ident $(<< $n:literal)? =>
     $l0:ident $l1:ident $l2:ident $l3:ident $l4:ident, $t:ident) => {
        steps::ymm! {
            vpsrlq $l1, $w0, 26;
            vpsrlq $l2, $w0, 52;
            vpsllq $t, $w1, 12;
            vpsrlq $l3, $w1, 14;
            vpsrlq $l4, $w1, 40;
            $(vpsllq $top, $top, $n;)?
            vpor $l2, $l2, $t;
            vpand $l0, $w0, mask;
            vpand $l1, $l1, mask;
            vpand $l2, $l2, mask;
            vpand $l3, $l3, mask;
            vpor $l4, $l4, $top;
        }
    };
}

/// Four blocks as limbs `m0` to `m4`, with the bit above each block. The lanes have the blocks 0, 2,
/// 1 and 3.
macro_rules! load_group {
    () => {
        steps::ymm! {
            vmovdqu m4, ["{data}"];
            vpunpcklqdq m0, m4, ["{data} + 32"];
            vpunpckhqdq m4, m4, ["{data} + 32"];
            "add {data}, 64";
            steps::split!(m0 m4 bit128 => m0 m1 m2 m3 m4, r);
        }
    };
}

/// `m += h`: adds the streams to the group.
macro_rules! add_streams {
    () => {
        steps::ymm! {
            vpaddq m0, m0, h0;
            vpaddq m1, m1, h1;
            vpaddq m2, m2, h2;
            vpaddq m3, m3, h3;
            vpaddq m4, m4, h4;
        }
    };
}

/// `r` = an entry of the rows in all lanes, and then `h += m r` for each `h m t`.
macro_rules! multiply {
    ($r:ident = $entry:literal: $($h:ident $m:ident $t:ident),*) => {
        steps::ymm! {
            vpbroadcastd $r, ("dword ptr [{row} + 32*" $entry "]");
            $(
                vpmuludq $t, $m, $r;
                vpaddq $h, $h, $t;
            )*
        }
    };
}

/// `h = m r`, or `h += m r`, for the power that `{row}` points to. Where a product reaches bit 130 it
/// comes down five times: entry `4 + i` of a row is five times entry `i`.
macro_rules! multiply_group {
    (=) => {
        steps::ymm! {
            vpbroadcastd r, ("dword ptr [{row}]");
            vpmuludq h0, m0, r;
            vpmuludq h1, m1, r;
            vpmuludq h2, m2, r;
            vpmuludq h3, m3, r;
            vpmuludq h4, m4, r;
            steps::multiply_group!(@others);
        }
    };
    (+=) => {
        steps::ymm! {
            steps::multiply!(r = 0: h0 m0 t, h1 m1 u, h2 m2 t, h3 m3 u, h4 m4 t);
            steps::multiply_group!(@others);
        }
    };
    (@others) => {
        steps::ymm! {
            steps::multiply!(r = 1: h1 m0 t, h2 m1 u, h3 m2 t, h4 m3 u);
            steps::multiply!(s = 5: h0 m4 t);
            steps::multiply!(r = 2: h2 m0 u, h3 m1 t, h4 m2 u);
            steps::multiply!(s = 6: h0 m3 t, h1 m4 u);
            steps::multiply!(r = 3: h3 m0 t, h4 m1 u);
            steps::multiply!(s = 7: h0 m2 t, h1 m3 u, h2 m4 t);
            steps::multiply!(r = 4: h4 m0 u);
            steps::multiply!(s = 8: h0 m1 t, h1 m2 u, h2 m3 t, h3 m4 u);
        }
    };
}

/// One limb of the products of the last group, with all powers: the entry of each lane is its own.
macro_rules! multiply_last {
    ($h:ident: $e0:literal $e1:literal $e2:literal $e3:literal $e4:literal) => {
        steps::ymm! {
            vpmuludq $h, m0, ["{lanes} + 32*" $e0];
            vpmuludq s, m1, ["{lanes} + 32*" $e1];
            vpaddq $h, $h, s;
            vpmuludq r, m2, ["{lanes} + 32*" $e2];
            vpmuludq t, m3, ["{lanes} + 32*" $e3];
            vpaddq r, r, t;
            vpmuludq u, m4, ["{lanes} + 32*" $e4];
            vpaddq $h, $h, u;
            vpaddq $h, $h, r;
        }
    };
}

/// The sums over all lanes of two registers, in the two low lanes of the first one.
macro_rules! sum_lanes {
    ($a:ident $b:ident) => {
        steps::ymm! {
            vpunpcklqdq s, $a, $b;
            vpunpckhqdq r, $a, $b;
            vpaddq s, s, r;
            vextracti128 (xmm r), s, 1;
            vpaddq (xmm $a), (xmm s), (xmm r);
        }
    };
}

/// The last group, with the streams in `h`: leaves the sums of limbs in memory.
macro_rules! finish_lanes {
    () => {
        steps::ymm! {
            steps::load_group!();
            steps::add_streams!();
            steps::multiply_last!(h0: 0 8 7 6 5);
            steps::multiply_last!(h1: 1 0 8 7 6);
            steps::multiply_last!(h2: 2 1 0 8 7);
            steps::multiply_last!(h3: 3 2 1 0 8);
            steps::multiply_last!(h4: 4 3 2 1 0);
            steps::sum_lanes!(h0 h1);
            steps::sum_lanes!(h2 h3);
            vextracti128 (xmm s), h4, 1;
            vpaddq (xmm h4), (xmm h4), (xmm s);
            vpunpckhqdq (xmm s), (xmm h4), (xmm h4);
            vpaddq (xmm h4), (xmm h4), (xmm s);
            vmovdqu ["{lanes} + {h}"], (xmm h0);
            vmovdqu ["{lanes} + {h} + 16"], (xmm h2);
            vmovq ["{lanes} + {h} + 32"], (xmm h4);
        }
    };
}

/// Stores `zero`, a register that is 0, to pieces of 32 bytes from a place on.
macro_rules! wipe {
    ($zero:ident, $from:literal: $($i:literal)*) => {
        steps::ymm! {
            $(vmovdqu [$from " + 32*" $i], $zero;)*
        }
    };
}

pub(crate) use {
    add_streams, carry, carry_limbs, code, constants, finish_lanes, five, load_group, low_bits,
    multiply, multiply_group, multiply_last, operand, registers, split, sum_lanes, vex, wipe, ymm,
    zmm,
};
