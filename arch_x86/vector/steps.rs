// SPDX-License-Identifier: GPL-2.0

//! The steps that the vector code is made of, as text for the assembler.
//!
//! A step is a macro whose value is a string. Vector registers are numbers, with `ymm` or `zmm` to
//! say how wide they are; `{names}` are operands of the `asm!` block that takes a step in. All
//! lanes are unsigned 64-bit numbers. Steps that need a register of their own take it from their
//! caller as the last argument.

/// `to = a op b`.
macro_rules! op {
    ($op:literal $v:ident $to:tt, $a:tt, $b:tt) => {
        concat!(
            $op,
            " ",
            stringify!($v),
            $to,
            ", ",
            stringify!($v),
            $a,
            ", ",
            stringify!($v),
            $b,
            "\n"
        )
    };
}

/// `to = a` shifted right or left by `n` bits.
macro_rules! shift {
    ($v:ident $to:tt = $a:tt >> $n:tt) => {
        concat!(
            "vpsrlq ",
            stringify!($v),
            $to,
            ", ",
            stringify!($v),
            $a,
            ", ",
            $n,
            "\n"
        )
    };
    ($v:ident $to:tt = $a:tt << $n:tt) => {
        concat!(
            "vpsllq ",
            stringify!($v),
            $to,
            ", ",
            stringify!($v),
            $a,
            ", ",
            $n,
            "\n"
        )
    };
}

/// `to = a + b`.
macro_rules! add {
    ($v:ident $to:tt, $a:tt, $b:tt) => { op!("vpaddq" $v $to, $a, $b) };
}

/// `to = a & b`.
macro_rules! and {
    (ymm $to:tt, $a:tt, $b:tt) => { op!("vpand" ymm $to, $a, $b) };
    (zmm $to:tt, $a:tt, $b:tt) => { op!("vpandq" zmm $to, $a, $b) };
}

/// `to = a | b`.
macro_rules! or {
    (ymm $to:tt, $a:tt, $b:tt) => { op!("vpor" ymm $to, $a, $b) };
    (zmm $to:tt, $a:tt, $b:tt) => { op!("vporq" zmm $to, $a, $b) };
}

/// `to = 5 a`.
macro_rules! five {
    ($v:ident $to:tt = $a:tt) => { concat!(shift!($v $to = $a << 2), add!($v $to, $to, $a)) };
}

/// A register whose lanes are the low `64 - n` bits: the 26 of a limb for `n = 38`.
macro_rules! low_bits {
    ($v:ident $to:tt, $n:tt) => {
        concat!(low_bits!(@ones $v $to), shift!($v $to = $to >> $n))
    };
    (@ones ymm $to:tt) => { op!("vpcmpeqd" ymm $to, $to, $to) };
    (@ones zmm $to:tt) => { concat!("vpternlogq zmm", $to, ", zmm", $to, ", zmm", $to, ", 255\n") };
}

/// Moves what a limb has above its 26 bits to the next one.
macro_rules! carry {
    ($v:ident $from:tt => $to:tt, $mask:tt, $t:tt) => {
        concat!(shift!($v $t = $from >> 26), and!($v $from, $from, $mask), add!($v $to, $to, $t))
    };
}

/// Moves what the last limb has above its 26 bits to the first one, five times: `2^130 = 5`.
macro_rules! carry_around {
    ($v:ident $from:tt => $to:tt, $mask:tt, $t:tt) => {
        concat!(
            shift!($v $t = $from >> 26), and!($v $from, $from, $mask), add!($v $to, $to, $t),
            shift!($v $t = $t << 2), add!($v $to, $to, $t)
        )
    };
}

/// Carries through five limbs, which may be any numbers below 2^64 - 2^41, so that all are below
/// 2^26 but for the second and the last one, which are below 2^26 + 2^15.
///
/// Two chains at a time: from the first limb on, and from the fourth.
macro_rules! carry_limbs {
    ($v:ident $l0:tt $l1:tt $l2:tt $l3:tt $l4:tt, $mask:tt, $t:tt $u:tt) => {
        concat!(
            carry!($v $l0 => $l1, $mask, $t),
            carry!($v $l3 => $l4, $mask, $u),
            carry!($v $l1 => $l2, $mask, $t),
            carry_around!($v $l4 => $l0, $mask, $u),
            carry!($v $l2 => $l3, $mask, $t),
            carry!($v $l0 => $l1, $mask, $u),
            carry!($v $l3 => $l4, $mask, $t),
        )
    };
}
