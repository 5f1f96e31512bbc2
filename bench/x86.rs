// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What `arch_x86/` has, without the kernel.

use std::arch::is_x86_feature_detected;

use lib_poly1305_generic::{Absorb, Aid, State, KEY_SIZE, TAG_SIZE};

use crate::{absorb, code, one_shot, pieces, update, Implementation, Stateless};

/// Makes an implementation of code, and a symbol of it.
macro_rules! implementation {
    ($type:ident, $symbol:ident, |$state:ident, $aid:ident, $blocks:ident| $absorb:expr) => {
        /// As in `arch_x86/implementations.rs`. Used on CPUs that can run it only.
        struct $type;

        impl Stateless for $type {
            const IT: Self = Self;
        }

        impl Absorb for $type {
            #[inline(always)]
            fn absorb(&self, $state: &mut State, $aid: Option<&mut Aid<'_>>, $blocks: &[u8]) {
                // SAFETY: The CPU can run it: `available()` would not have named it otherwise, and
                // who uses the symbol has looked.
                unsafe { $absorb }
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
            tag: *mut [u8; TAG_SIZE],
            key: *const [u8; KEY_SIZE],
            data: *const u8,
            len: usize,
        ) {
            // SAFETY: As the caller promises.
            unsafe { one_shot::<$type>(tag, key, data, len) };
        }
    };
}

implementation!(Bmi2, lib_poly1305_bmi2, |state, _aid, blocks| code::bmi2(
    state, blocks
));
implementation!(Avx2, lib_poly1305_avx2, |state, aid, blocks| code::avx2(
    state, aid, blocks
));
implementation!(Avx512, lib_poly1305_avx512, |state, aid, blocks| {
    code::avx512(state, aid, blocks)
});
implementation!(Ifma, lib_poly1305_ifma, |state, aid, blocks| code::ifma(
    state, aid, blocks
));

/// Describes an implementation.
fn describe<By: Stateless>(name: &'static str, wide: bool) -> Implementation {
    Implementation {
        name,
        wide,
        mac: one_shot::<By>,
        pieces: pieces::<By>,
        update: update::<By>,
        absorb: absorb::<By>,
    }
}

/// The implementations that this CPU can run.
pub(crate) fn available() -> impl Iterator<Item = Implementation> {
    let bmi2 = is_x86_feature_detected!("bmi2");
    let avx2 = bmi2 && is_x86_feature_detected!("avx2");
    let avx512 = avx2 && is_x86_feature_detected!("avx512f");
    let ifma = avx512 && is_x86_feature_detected!("avx512ifma");
    let all = [
        (bmi2, describe::<Bmi2>("x86_64-bmi2", false)),
        (avx2, describe::<Avx2>("x86_64-avx2", false)),
        (avx512, describe::<Avx512>("x86_64-avx512", true)),
        (ifma, describe::<Ifma>("x86_64-avx512ifma", true)),
    ];
    all.into_iter()
        .filter(|(has, _)| *has)
        .map(|(_, implementation)| implementation)
}
