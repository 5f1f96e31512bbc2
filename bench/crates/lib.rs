// SPDX-License-Identifier: GPL-2.0

//! Poly1305 of crates, as C functions: AWS-LC, RustCrypto, and HACL* as libcrux has it in Rust.
//!
//! Each puts the tag of a message of `len` bytes at `tag`.
//!
//! # Safety
//!
//! Of each function: `tag` and `key` must point to as much memory as their types say, `data` to `len`
//! bytes, and nobody else may use `tag` meanwhile.

use std::mem::MaybeUninit;
use std::slice::from_raw_parts;

use aws_lc_sys::{
    poly1305_state, CRYPTO_poly1305_finish, CRYPTO_poly1305_init, CRYPTO_poly1305_update,
};
use poly1305::universal_hash::KeyInit;
use poly1305::Poly1305;

type Key = [u8; 32];
type Tag = [u8; 16];

/// AWS-LC.
///
/// # Safety
///
/// See above.
#[no_mangle]
pub unsafe extern "C" fn aws_lc_mac(tag: *mut Tag, key: *const Key, data: *const u8, len: usize) {
    let mut state = MaybeUninit::<poly1305_state>::uninit();
    // SAFETY: The first call makes the state, and the caller promises what the others ask for.
    unsafe {
        CRYPTO_poly1305_init(state.as_mut_ptr(), key.cast());
        CRYPTO_poly1305_update(state.as_mut_ptr(), data, len);
        CRYPTO_poly1305_finish(state.as_mut_ptr(), tag.cast());
    }
}

/// RustCrypto.
///
/// # Safety
///
/// See above.
#[no_mangle]
pub unsafe extern "C" fn rustcrypto_mac(
    tag: *mut Tag,
    key: *const Key,
    data: *const u8,
    len: usize,
) {
    // SAFETY: As the caller promises.
    let (tag, key, data) = unsafe { (&mut *tag, &*key, from_raw_parts(data, len)) };
    *tag = Poly1305::new(key.into()).compute_unpadded(data).into();
}

/// libcrux.
///
/// # Safety
///
/// See above.
#[no_mangle]
pub unsafe extern "C" fn libcrux_mac(tag: *mut Tag, key: *const Key, data: *const u8, len: usize) {
    // SAFETY: As the caller promises.
    let (tag, key, data) = unsafe { (&mut *tag, &*key, from_raw_parts(data, len)) };
    // It fails for messages above 4 GiB only; whoever compares tags would see it.
    if libcrux_poly1305::mac(key, data, tag).is_err() {
        tag.fill(0);
    }
}
