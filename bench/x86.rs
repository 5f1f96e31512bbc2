// SPDX-License-Identifier: GPL-2.0 OR MIT

//! What `arch_x86/` has, without the kernel.

use std::arch::is_x86_feature_detected;

use crate::implementation::describe;
use crate::{code, Implementation};

implementation!(Bmi2, lib_poly1305_bmi2, |state, _aid, blocks| code::bmi2(
    state, blocks
));
implementation!(Avx2, lib_poly1305_avx2, |state, workspace, blocks| {
    code::avx2(state, workspace, blocks)
});
implementation!(Avx512, lib_poly1305_avx512, |state, workspace, blocks| {
    code::avx512(state, workspace, blocks)
});
implementation!(Ifma, lib_poly1305_ifma, |state, workspace, blocks| {
    code::ifma(state, workspace, blocks)
});

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
