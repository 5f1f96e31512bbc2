// SPDX-License-Identifier: GPL-2.0

//! A template of a caller: copy this folder, and change its files.
//!
//! When it is loaded, it checks the tag of RFC 8439 section 2.5.2. If that is wrong, loading fails.
//!
//! `lib_poly1305` next to this file is a symbolic link to the installed files, which the Makefile
//! creates. They are source that is compiled into this module, which calls the C interface of the
//! library.

use kernel::prelude::*;

#[path = "lib_poly1305/bindings.rs"]
mod bindings;
#[path = "lib_poly1305/lib_poly1305.rs"]
pub mod lib_poly1305;

use lib_poly1305::Tag;

module! {
    type: Template,
    name: "template_rust",
    authors: ["lib_poly1305 authors"],
    description: "Template of a caller of lib_poly1305 in Rust",
    license: "GPL",
    imports_ns: ["LIB_POLY1305"],
}

/// A key is for one message. Yours comes from a cipher and a nonce.
const KEY: [u8; 32] = [
    0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8,
    0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b,
];

const MESSAGE: &[u8] = b"Cryptographic Forum Research Group";

const TAG: [u8; 16] = [
    0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6, 0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9,
];

/// The module has no data.
struct Template;

impl kernel::Module for Template {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        // The tags are compared in constant time.
        if !Tag::new(TAG).verify(&KEY, MESSAGE) {
            pr_err!("the tag is wrong\n");
            return Err(EINVAL);
        }
        pr_info!("the tag is right\n");
        Ok(Self)
    }
}
