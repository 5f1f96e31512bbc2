// SPDX-License-Identifier: GPL-2.0 OR MIT

//! How the code of an architecture becomes implementations.

use crate::{absorb, one_shot, pieces, update, Implementation, Stateless};

/// Makes an implementation of code, and a symbol of it.
macro_rules! implementation {
    ($type:ident, $symbol:ident, |$state:ident, $workspace:ident, $blocks:ident| $absorb:expr) => {
        /// As in the module for the architecture. Used on CPUs that can run it only.
        struct $type;

        impl $crate::Stateless for $type {
            const IT: Self = Self;
        }

        impl lib_poly1305_generic::Absorb for $type {
            #[inline(always)]
            fn absorb(
                &self,
                $state: &mut lib_poly1305_generic::State,
                $workspace: Option<&mut lib_poly1305_generic::Workspace<'_>>,
                $blocks: &[u8],
            ) {
                // SAFETY: The CPU can run it: `available()` would not have named it otherwise, and
                // who uses the symbol has looked.
                #[allow(unused_unsafe, reason = "every CPU can run some of them")]
                unsafe {
                    $absorb
                }
            }
        }

        /// The implementation in the shared object.
        ///
        /// # Safety
        ///
        /// The CPU must be able to run it. `tag`, `key` and `data` must be valid for 16 bytes
        /// written, 32 and `len` bytes read.
        #[no_mangle]
        unsafe extern "C" fn $symbol(
            tag: *mut [u8; lib_poly1305_generic::TAG_SIZE],
            key: *const [u8; lib_poly1305_generic::KEY_SIZE],
            data: *const u8,
            len: usize,
        ) {
            // SAFETY: As the caller promises.
            unsafe { $crate::one_shot::<$type>(tag, key, data, len) };
        }
    };
}

/// Describes an implementation.
pub(crate) fn describe<By: Stateless>(name: &'static str, wide: bool) -> Implementation {
    Implementation {
        name,
        wide,
        mac: one_shot::<By>,
        pieces: pieces::<By>,
        update: update::<By>,
        absorb: absorb::<By>,
    }
}
