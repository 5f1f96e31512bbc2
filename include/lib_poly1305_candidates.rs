// SPDX-License-Identifier: GPL-2.0

//! For Rust modules with a table of implementations: makes a candidate of each row.
//!
//! `arch_x86/implementations.rs` describes the columns. The module that calls
//! `implementations!(candidates)` must have `dispatch`, with a type for each row that has a
//! function `absorb()`; `has!(feature)`, which checks that the CPU has a feature and that the
//! kernel allows its use; and `is_slow()`, whether the priorities for slow CPUs apply.

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
            /// The CPU has the features that the row needs, and the kernel allows their use.
            struct $type(());

            impl Detect for $type {
                const WHY_NOT: &'static CStr = kernel::c_str!($why_not);

                fn detect() -> Option<Self> {
                    let has = true $(&& has!($feature))*;
                    // INVARIANT: The features were checked above.
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
                    // SAFETY: The CPU has the features that the row needs by the type invariants.
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
