// SPDX-License-Identifier: GPL-2.0

//! Checks at compile time that the code defines what the headers declare: sizes, layouts, and types
//! of functions.

use core::mem::{align_of, offset_of, size_of};

use crate::bindings::{
    self, lib_poly1305_ctx, lib_poly1305_powers, lib_poly1305_scratch, lib_poly1305_state,
    lib_poly1305_workspace,
};
use crate::generic::{
    Context, Powers, Scratch, State, Workspace, BLOCK_SIZE, CHUNK_SIZE, KEY_SIZE, SCRATCH_WORDS,
    TAG_SIZE, WORKSPACE_MIN_SIZE,
};

const _: () = {
    assert!(size_of::<Context>() == size_of::<lib_poly1305_ctx>());
    assert!(align_of::<Context>() == align_of::<lib_poly1305_ctx>());
    assert!(size_of::<State>() == size_of::<lib_poly1305_state>());
    assert!(align_of::<State>() == align_of::<lib_poly1305_state>());
    assert!(offset_of!(State, h) == offset_of!(lib_poly1305_state, h));
    assert!(offset_of!(State, r) == offset_of!(lib_poly1305_state, r));
    assert!(offset_of!(Context, state) == offset_of!(lib_poly1305_ctx, state));
    assert!(offset_of!(Context, s) == offset_of!(lib_poly1305_ctx, s));
    assert!(offset_of!(Context, buffer) == offset_of!(lib_poly1305_ctx, buffer));
    assert!(offset_of!(Context, buffered) == offset_of!(lib_poly1305_ctx, buffered));
    assert!(offset_of!(Context, powers) == offset_of!(lib_poly1305_ctx, powers));
    assert!(size_of::<Powers>() == size_of::<lib_poly1305_powers>());
    assert!(size_of::<Scratch>() == size_of::<lib_poly1305_scratch>());
    assert!(align_of::<Scratch>() == align_of::<lib_poly1305_scratch>());
    assert!(offset_of!(Scratch, blocks_left) == offset_of!(lib_poly1305_scratch, blocks_left));
    assert!(offset_of!(Scratch, memory) == offset_of!(lib_poly1305_scratch, memory));
    assert!(SCRATCH_WORDS == bindings::LIB_POLY1305_SCRATCH_WORDS as usize);
    assert!(size_of::<Workspace<'_>>() == size_of::<lib_poly1305_workspace>());
    assert!(offset_of!(Workspace<'_>, scratch) == offset_of!(lib_poly1305_workspace, scratch));
    assert!(
        WORKSPACE_MIN_SIZE == bindings::LIB_POLY1305_WORKSPACE_MIN_BLOCKS as usize * BLOCK_SIZE
    );
    assert!(CHUNK_SIZE == bindings::LIB_POLY1305_MAX_BLOCKS as usize * BLOCK_SIZE);
    assert!(BLOCK_SIZE == bindings::LIB_POLY1305_BLOCK_SIZE as usize);
    assert!(KEY_SIZE == bindings::LIB_POLY1305_KEY_SIZE as usize);
    assert!(TAG_SIZE == bindings::LIB_POLY1305_TAG_SIZE as usize);
};

/// Does not compile if a function differs from its prototype in the header: the elements of an
/// array must have one type.
macro_rules! declared_in_header {
    ($($name:ident: $type:ty;)*) => {
        $(const _: [$type; 2] = [$name, crate::bindings::$name];)*
    };
}
pub(crate) use declared_in_header;
