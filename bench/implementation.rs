// SPDX-License-Identifier: GPL-2.0 OR MIT

//! How a row of an architecture's table becomes an implementation of the host's.

#[cfg(target_arch = "aarch64")]
use std::arch::is_aarch64_feature_detected as has;
#[cfg(target_arch = "x86_64")]
use std::arch::{is_x86_feature_detected, x86_64::__cpuid_count};

use lib_poly1305_generic::{Absorb, State, Workspace, KEY_SIZE, TAG_SIZE};

use crate::{describe, dispatch, one_shot, Implementation, Stateless, Unavailable};

/// Whether this CPU has a feature, by its name in `/proc/cpuinfo`.
#[cfg(target_arch = "x86_64")]
macro_rules! has {
    // Not all compilers know this one.
    ("avx_ifma") => {
        avx_ifma()
    };
    ($feature:tt) => {
        is_x86_feature_detected!($feature)
    };
}

/// Whether this CPU has AVX-IFMA.
#[cfg(target_arch = "x86_64")]
fn avx_ifma() -> bool {
    // SAFETY: Every CPU for x86-64 has the instruction, and one with AVX2 this leaf.
    #[allow(unused_unsafe, reason = "older compilers ask for it")]
    let leaf = || unsafe { __cpuid_count(7, 1) };
    has!("avx2") && leaf().eax & (1 << 23) != 0
}

/// Makes implementations of all rows, each with a symbol: `lib_poly1305_` and the row's type.
macro_rules! from_rows {
    ($({
        type: $type:ident,
        name: $name:tt,
        priority: $priority:tt,
        where_slow: $where_slow:tt,
        needs: [$($feature:tt),*],
        why_not: $why_not:tt,
        registers: $registers:tt,
        multiplies: $multiplies:tt,
        bytes: { $($what:ident: $bytes:tt),* },
    })*) => {
        $(
            impl Absorb for dispatch::$type {
                #[inline(always)]
                fn absorb(
                    &self,
                    state: &mut State,
                    workspace: Option<&mut Workspace<'_>>,
                    blocks: &[u8],
                ) {
                    // SAFETY: The CPU has what the row needs: `rows()` would not have named it
                    // otherwise, and who uses the symbol has looked.
                    #[allow(unused_unsafe, reason = "every CPU can run some of them")]
                    unsafe {
                        dispatch::$type::absorb(state, workspace, blocks)
                    }
                }
            }

            impl Stateless for dispatch::$type {
                const IT: Self = Self;
            }

            const _: () = {
                /// The implementation in the shared object.
                ///
                /// # Safety
                ///
                /// The CPU must have what the row needs. `tag`, `key` and `data` must be valid for
                /// 16 bytes written, 32 and `len` bytes read.
                #[export_name = concat!("lib_poly1305_", stringify!($type))]
                unsafe extern "C" fn symbol(
                    tag: *mut [u8; TAG_SIZE],
                    key: *const [u8; KEY_SIZE],
                    data: *const u8,
                    len: usize,
                ) {
                    // SAFETY: As the caller promises.
                    unsafe { one_shot::<dispatch::$type>(tag, key, data, len) };
                }
            };
        )*

        /// All rows.
        pub(crate) fn rows() -> Vec<Result<Implementation, Unavailable>> {
            vec![$({
                let lacks: &[&str] = &[$(if has!($feature) { "" } else { $feature }),*];
                let lacks: Vec<_> = lacks.iter().copied().filter(|lack| !lack.is_empty()).collect();
                if lacks.is_empty() {
                    Ok(describe::<dispatch::$type>(
                        $name,
                        $registers,
                        &[$((stringify!($what), $bytes)),*],
                    ))
                } else {
                    Err(Unavailable { name: $name, lacks })
                }
            }),*]
        }
    };
}
implementations!(from_rows);
