// SPDX-License-Identifier: GPL-2.0

//! The portable implementation, with the interface of a provider.

use core::slice;

use crate::bindings::{lib_poly1305_state, lib_poly1305_workspace};
use crate::generic::{clear_registers, Absorb, Portable, State, BLOCK_SIZE};
use crate::layout::declared_in_header;

declared_in_header! {
    lib_poly1305_generic_blocks: unsafe extern "C" fn(
        *mut lib_poly1305_state, *mut lib_poly1305_workspace, *const u8, usize);
}

/// `lib_poly1305_generic_blocks()`: the portable implementation.
///
/// # Safety
///
/// `state` must be valid for a state read and written, `data` for `nblocks` blocks read.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_generic_blocks(
    state: *mut lib_poly1305_state,
    _: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    // SAFETY: By this function's requirements; the layouts are the same, as `layout.rs` asserts.
    let (state, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            slice::from_raw_parts(data, nblocks.wrapping_mul(BLOCK_SIZE)),
        )
    };
    Portable.absorb(state, None, blocks);
    // The next function may spill them.
    clear_registers();
}
