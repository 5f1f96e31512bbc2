// SPDX-License-Identifier: GPL-2.0

//! The module of implementations for x86-64.

use kernel::prelude::*;

#[path = "../include/bindings.rs"]
mod bindings;
#[macro_use]
mod implementations;
mod dispatch;
mod fpu;
#[path = "../generic/mod.rs"]
pub mod generic;
#[path = "../include/lib_poly1305_provider.rs"]
pub mod provider;

use generic::{State, Workspace};
use provider::{Candidate, Detect, Implementation, Registrations};

module! {
    type: X86,
    name: "lib_poly1305_x86",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 for x86-64: BMI2, AVX2, AVX-512 and AVX-512 IFMA",
    license: "GPL",
    imports_ns: ["LIB_POLY1305_PROVIDER"],
}

/// Whether the CPU has a feature that a row needs.
macro_rules! has {
    ("bmi2") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_bmi2() }
    };
    ("avx2") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx2() }
    };
    ("avx512f") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx512f() }
    };
    ("avx512ifma") => {
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_x86_has_avx512ifma() }
    };
}

/// What the library is told of each row.
macro_rules! candidates {
    ($({
        type: $type:ident,
        name: $name:tt,
        priority: $priority:tt,
        where_slow: $where_slow:tt,
        needs: [$($feature:tt),*],
        why_not: $why_not:tt,
        $($rest:tt)*
    })*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            ///
            /// # Invariants
            ///
            /// The CPU has what the row needs, and the kernel lets it be used.
            struct $type(());

            impl Detect for $type {
                const WHY_NOT: &'static CStr = kernel::c_str!($why_not);

                fn detect() -> Option<Self> {
                    let has = true $(&& has!($feature))*;
                    // INVARIANT: As asked just now.
                    has.then_some(Self(()))
                }
            }

            impl Implementation for $type {
                const NAME: &'static CStr = kernel::c_str!($name);

                fn priority(&self) -> i32 {
                    // SAFETY: An FFI call without requirements.
                    if $where_slow != $priority && unsafe { bindings::lib_poly1305_x86_slowed_by_zmm() } {
                        $where_slow
                    } else {
                        $priority
                    }
                }

                fn absorb(
                    &self,
                    state: &mut State,
                    workspace: Option<&mut Workspace<'_>>,
                    blocks: &[u8],
                ) {
                    // SAFETY: The CPU has what it takes by the type invariants.
                    unsafe { dispatch::$type::absorb(state, workspace, blocks) };
                }
            }
        )*

        /// All rows.
        fn candidates() -> [Candidate; [$($name),*].len()] {
            [$(Candidate::detect::<$type>()),*]
        }
    };
}
implementations!(candidates);

/// What is registered while the module is loaded.
struct X86 {
    _registrations: Registrations,
}

impl kernel::Module for X86 {
    fn init(module: &'static ThisModule) -> Result<Self> {
        Ok(Self {
            _registrations: Registrations::new(module, candidates())?,
        })
    }
}
