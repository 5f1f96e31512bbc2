// SPDX-License-Identifier: GPL-2.0

//! What a C header declares, made by bindgen.
//!
//! The header is the one that a module's Kbuild names for `scripts/Kbuild.bindings`. A crate root
//! takes this file in by `#[path]` as `mod bindings`, where the other files of this folder look
//! for it.

#![allow(dead_code, missing_docs, non_camel_case_types, unreachable_pub)]
#![allow(clippy::undocumented_unsafe_blocks)]

include!(env!("LIB_POLY1305_BINDINGS"));
