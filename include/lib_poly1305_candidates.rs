// SPDX-License-Identifier: GPL-2.0

//! For Rust modules that have a table of implementations, a row for each: makes candidates of them.
//!
//! `arch_x86/implementations.rs` says what the columns have. The module that calls
//! `implementations!(candidates)` has `dispatch`, with a type for each row and its function
//! `absorb()`; `has!(feature)`, whether the CPU has a feature that a row needs and the kernel lets it
//! be used; and `is_slow()`, whether the priorities for slow CPUs apply.

/// Implements [`Detect`] and [`Implementation`] for a type of each row.
///
/// [`Detect`]: crate::provider::Detect
/// [`Implementation`]: crate::provider::Implementation
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
                    if $where_slow != $priority && is_slow() {
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
                    // SAFETY: The CPU has what the row needs by the type invariants.
                    #[allow(unused_unsafe, reason = "every CPU can run some of them")]
                    unsafe {
                        dispatch::$type::absorb(state, workspace, blocks)
                    };
                }
            }
        )*

        /// All rows.
        fn candidates() -> [Candidate; [$($name),*].len()] {
            [$(Candidate::detect::<$type>()),*]
        }
    };
}
