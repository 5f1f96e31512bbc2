// SPDX-License-Identifier: GPL-2.0

//! What the blocks of assembly are written in: [`insn!`] is one instruction, and a step is several.
//!
//! A file names its vector registers once, by [`registers!`], which defines `reg!` there. A step
//! has the names of the file that uses it: `reg!` is looked up there.

/// Names vector registers. One register may have several names, for what it holds in turn.
macro_rules! registers {
    ($($name:ident $number:literal),* $(,)?) => {
        macro_rules! reg { $(($name) => { $number };)* }
    };
}

/// An instruction as the assembler takes it, but for names:
///
/// - `add.2d x, y, z` is `add vX.2d, vY.2d, vZ.2d`, where X, Y and Z are the registers' numbers.
/// - Where arrangements differ, vector registers are `x.2d`, `x.s[3]`, `q(x)` or `d(x)`.
/// - All other names, and those in addresses, are operands of the `asm!` block: `{x}`.
macro_rules! insn {
    (@$way:tt [$($text:tt)*]) => { concat!($($text)* "\n") };
    (@$way:tt [$($text:tt)*], $($rest:tt)*) => { insn!(@$way [$($text)* ", ",] $($rest)*) };
    (@$way:tt [$($text:tt)*] #-$number:literal $($rest:tt)*) => {
        insn!(@$way [$($text)* "#-", stringify!($number),] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] #$number:literal $($rest:tt)*) => {
        insn!(@$way [$($text)* "#", stringify!($number),] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] $shift:ident #$number:literal) => {
        insn!(@$way [$($text)* stringify!($shift), " #", stringify!($number),])
    };
    (@$way:tt [$($text:tt)*] [$base:ident $(, #$($offset:tt)+)?] $($rest:tt)*) => {
        insn!(@$way [
            $($text)* "[{", stringify!($base), "}", $(", #", stringify!($($offset)+),)? "]",
        ] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] {$a:ident.$as:tt $(, $b:ident.$bs:tt)*} $($rest:tt)*) => {
        insn!(@$way [
            $($text)* "{{v", reg!($a), ".", stringify!($as),
            $(", v", reg!($b), ".", stringify!($bs),)* "}}",
        ] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] $view:ident($name:ident) $($rest:tt)*) => {
        insn!(@$way [$($text)* stringify!($view), reg!($name),] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] $name:ident.$as:tt[$lane:literal] $($rest:tt)*) => {
        insn!(@$way [
            $($text)* "v", reg!($name), ".", stringify!($as), "[", $lane, "]",
        ] $($rest)*)
    };
    (@$way:tt [$($text:tt)*] $name:ident.$as:tt $($rest:tt)*) => {
        insn!(@$way [$($text)* "v", reg!($name), ".", stringify!($as),] $($rest)*)
    };
    (@general [$($text:tt)*] xzr $($rest:tt)*) => { insn!(@general [$($text)* "xzr",] $($rest)*) };
    (@general [$($text:tt)*] $name:ident $($rest:tt)*) => {
        insn!(@general [$($text)* "{", stringify!($name), "}",] $($rest)*)
    };
    (@$as:tt [$($text:tt)*] $name:ident $($rest:tt)*) => {
        insn!(@$as [$($text)* "v", reg!($name), ".", stringify!($as),] $($rest)*)
    };
    ($op:ident.$as:tt $($operands:tt)+) => { insn!(@$as [stringify!($op), " ",] $($operands)+) };
    ($op:ident $($operands:tt)+) => { insn!(@general [stringify!($op), " ",] $($operands)+) };
}

/// Products of 32-bit lanes with those of another register, or with one of them: in 64-bit lanes,
/// the first two in `low` and the others in `high`. With `+=` they are added to what is there.
macro_rules! multiply {
    ($low:ident, $high:ident = $a:ident * $b:ident) => {
        concat! {
            insn!(umull $low.2d, $a.2s, $b.2s),
            insn!(umull2 $high.2d, $a.4s, $b.4s),
        }
    };
    ($low:ident, $high:ident += $a:ident * $b:ident) => {
        concat! {
            insn!(umlal $low.2d, $a.2s, $b.2s),
            insn!(umlal2 $high.2d, $a.4s, $b.4s),
        }
    };
    ($low:ident, $high:ident = $a:ident * $b:ident.s[$lane:literal]) => {
        concat! {
            insn!(umull $low.2d, $a.2s, $b.s[$lane]),
            insn!(umull2 $high.2d, $a.4s, $b.s[$lane]),
        }
    };
    ($low:ident, $high:ident += $a:ident * $b:ident.s[$lane:literal]) => {
        concat! {
            insn!(umlal $low.2d, $a.2s, $b.s[$lane]),
            insn!(umlal2 $high.2d, $a.4s, $b.s[$lane]),
        }
    };
}

/// Clears vector registers, by number.
macro_rules! clear {
    ($($number:literal)*) => { concat!($("movi v", $number, ".2d, #0\n",)*) };
}

pub(crate) use {clear, insn, multiply, registers};
