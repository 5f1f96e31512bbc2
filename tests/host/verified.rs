// SPDX-License-Identifier: GPL-2.0

//! An oracle that shares no code and no author with this project: Poly1305 of HACL*, which is
//! proved correct in F*, as the crate `libcrux-poly1305` has it in Rust.

use crate::data::{Key, Tag};

/// The tag of a message of less than 4 GiB.
pub(crate) fn mac(key: &Key, data: &[u8]) -> Tag {
    let mut tag = [0; 16];
    assert!(
        libcrux_poly1305::mac(key, data, &mut tag).is_ok(),
        "the message is too long"
    );
    tag
}
