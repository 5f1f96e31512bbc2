// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The implementations as a shared object, for benchmarks outside the kernel.
//!
//! One symbol an implementation, all of the type
//! `void f(u8 tag[16], const u8 key[32], const u8 *data, size_t len)`.

use core::slice;

use lib_poly1305_generic::{mac, Portable, KEY_SIZE, TAG_SIZE};

/// The portable implementation.
///
/// # Safety
///
/// `tag`, `key` and `data` must be valid for 16 bytes written, 32 and `len` bytes read.
#[no_mangle]
pub unsafe extern "C" fn lib_poly1305_generic(
    tag: *mut [u8; TAG_SIZE],
    key: *const [u8; KEY_SIZE],
    data: *const u8,
    len: usize,
) {
    // SAFETY: As the caller promises. A slice needs a pointer that is not null even when empty.
    let (key, data) = unsafe {
        (
            &*key,
            if len == 0 {
                &[]
            } else {
                slice::from_raw_parts(data, len)
            },
        )
    };
    // SAFETY: As the caller promises; the slices above are not used any more.
    unsafe { *tag = mac(&Portable, key, data) };
}
