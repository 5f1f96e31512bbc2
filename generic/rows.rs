// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Types for the rows of an architecture's table of implementations.

/// Makes a type of each row, with its numbers of bytes as constants.
macro_rules! row_types {
    ($({
        type: $type:ident,
        name: $name:tt,
        priority: $priority:tt,
        where_slow: $where_slow:tt,
        needs: $needs:tt,
        why_not: $why_not:tt,
        registers: $registers:tt,
        multiplies: $multiplies:tt,
        bytes: { $($what:ident: $bytes:tt),* },
    })*) => { $(
        #[doc = concat!("`", $name, "`.")]
        pub(crate) struct $type;

        impl $type {
            $(const $what: usize = $bytes;)*
        }
    )* };
}
