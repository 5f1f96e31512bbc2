// SPDX-License-Identifier: GPL-2.0

//! The library's code without the table, behind functions that are called as the library's are.
//!
//! They have the names and linkage of C so that the compiler knows no more of a call than it does
//! of one into another module.

use core::slice;

use crate::bindings::{lib_poly1305_state, lib_poly1305_workspace};
use crate::generic::{self, Absorb, Portable, State, Workspace, BLOCK_SIZE, KEY_SIZE, TAG_SIZE};

/// A C function that computes the tag of a whole message.
pub(crate) type Mac = unsafe extern "C" fn(*mut u8, *const u8, *const u8, usize);

/// The portable implementation by a direct call.
struct Direct;

impl Absorb for Direct {
    #[inline(always)]
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        // SAFETY: `blocks` is that many blocks; both views of a structure have the same layout, as
        // the library asserts.
        unsafe {
            lib_poly1305_bench_blocks(
                core::ptr::from_mut(state).cast(),
                workspace.map_or(core::ptr::null_mut(), |workspace| {
                    core::ptr::from_mut(workspace).cast()
                }),
                blocks.as_ptr(),
                blocks.len() / BLOCK_SIZE,
            )
        };
    }
}

/// The portable implementation, as the library has it behind its table.
///
/// # Safety
///
/// `state` must be valid for a state read and written, `data` for `nblocks` blocks read.
#[no_mangle]
#[inline(never)]
unsafe extern "C" fn lib_poly1305_bench_blocks(
    state: *mut lib_poly1305_state,
    _: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    // SAFETY: By this function's requirements; both states have the same layout, as the library
    // asserts.
    let (state, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            slice::from_raw_parts(data, nblocks.wrapping_mul(BLOCK_SIZE)),
        )
    };
    state.absorb(blocks);
}

/// Computes the tag of a whole message, as `lib_poly1305_mac()` does.
///
/// # Safety
///
/// `tag` must be valid for [`TAG_SIZE`] bytes written, `key` for [`KEY_SIZE`] bytes read, and
/// `data` for `len` bytes read.
#[inline(always)]
unsafe fn mac(by: &impl Absorb, tag: *mut u8, key: *const u8, data: *const u8, len: usize) {
    // SAFETY: By this function's requirements.
    let (key, data) = unsafe {
        (
            &*key.cast::<[u8; KEY_SIZE]>(),
            slice::from_raw_parts(data, len),
        )
    };
    let computed = generic::mac(by, key, data);
    // SAFETY: By this function's requirements.
    unsafe { tag.cast::<[u8; TAG_SIZE]>().write(computed) };
    generic::clear_registers();
}

/// Without the table, the RCU read-side critical section and the call through a target.
///
/// # Safety
///
/// As [`mac`].
#[no_mangle]
#[inline(never)]
pub(crate) unsafe extern "C" fn lib_poly1305_bench_direct_mac(
    tag: *mut u8,
    key: *const u8,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    unsafe { mac(&Direct, tag, key, data, len) };
}

/// Without any call: the arithmetic is part of the function.
///
/// # Safety
///
/// As [`mac`].
#[no_mangle]
#[inline(never)]
pub(crate) unsafe extern "C" fn lib_poly1305_bench_inlined_mac(
    tag: *mut u8,
    key: *const u8,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    unsafe { mac(&Portable, tag, key, data, len) };
}
