// SPDX-License-Identifier: GPL-2.0

//! The C interface that `include/lib_poly1305.h` declares and documents.

use core::mem::{align_of, offset_of, size_of};
use core::slice;

use kernel::ffi::c_char;
use kernel::prelude::*;

use crate::bindings::{self, lib_poly1305_ctx};
use crate::generic::{self, Context, BLOCK_SIZE, KEY_SIZE, TAG_SIZE};

/// The name of the implementation that computes.
pub(crate) const IMPLEMENTATION: &CStr = c"generic";

// The header and the code must agree on the layout of a context and on sizes.
const _: () = {
    assert!(size_of::<Context>() == size_of::<lib_poly1305_ctx>());
    assert!(align_of::<Context>() == align_of::<lib_poly1305_ctx>());
    assert!(offset_of!(Context, h) == offset_of!(lib_poly1305_ctx, h));
    assert!(offset_of!(Context, r) == offset_of!(lib_poly1305_ctx, r));
    assert!(offset_of!(Context, s) == offset_of!(lib_poly1305_ctx, s));
    assert!(offset_of!(Context, buffer) == offset_of!(lib_poly1305_ctx, buffer));
    assert!(offset_of!(Context, buffered) == offset_of!(lib_poly1305_ctx, buffered));
    assert!(BLOCK_SIZE == bindings::LIB_POLY1305_BLOCK_SIZE as usize);
    assert!(KEY_SIZE == bindings::LIB_POLY1305_KEY_SIZE as usize);
    assert!(TAG_SIZE == bindings::LIB_POLY1305_TAG_SIZE as usize);
};

/// Fails to compile where a function here is not what the header declares: both sides of an array
/// have one type.
macro_rules! declared_in_header {
    ($($name:ident: $type:ty;)*) => {
        $(const _: [$type; 2] = [$name, bindings::$name];)*
    };
}

declared_in_header! {
    lib_poly1305_init: unsafe extern "C" fn(*mut lib_poly1305_ctx, *const u8);
    lib_poly1305_update: unsafe extern "C" fn(*mut lib_poly1305_ctx, *const u8, usize);
    lib_poly1305_final: unsafe extern "C" fn(*mut lib_poly1305_ctx, *mut u8);
    lib_poly1305_mac: unsafe extern "C" fn(*mut u8, *const u8, *const u8, usize);
    lib_poly1305_verify: unsafe extern "C" fn(*const u8, *const u8, *const u8, usize) -> bool;
    lib_poly1305_implementation: unsafe extern "C" fn() -> *const c_char;
}

/// The message bytes of a C caller.
///
/// # Safety
///
/// Unless `len` is 0, `data` must be valid for `len` bytes read during `'a`, and nothing may write
/// to them meanwhile.
unsafe fn message<'a>(data: *const u8, len: usize) -> &'a [u8] {
    if len == 0 {
        // C callers may pass NULL then, which no slice may hold.
        return &[];
    }
    // SAFETY: `data` is valid for reads by the caller's promise, so it is not null, and no kernel
    // mapping is larger than `isize::MAX`.
    unsafe { slice::from_raw_parts(data, len) }
}

/// The key of a C caller, read before anything is written.
///
/// # Safety
///
/// `key` must be valid for [`KEY_SIZE`] bytes read during `'a`, and nothing may write to them
/// meanwhile.
unsafe fn key<'a>(key: *const u8) -> &'a [u8; KEY_SIZE] {
    // SAFETY: By the caller's promise; an array of bytes has no alignment.
    unsafe { &*key.cast() }
}

/// `lib_poly1305_init()`.
///
/// # Safety
///
/// `ctx` must be valid for a context written, `raw_key` for [`KEY_SIZE`] bytes read.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_init(ctx: *mut lib_poly1305_ctx, raw_key: *const u8) {
    // SAFETY: By this function's requirements, which hold until it returns.
    let context = Context::new(unsafe { key(raw_key) });
    // SAFETY: By this function's requirements; the layouts are the same, as asserted above.
    unsafe { ctx.cast::<Context>().write(context) };
}

/// `lib_poly1305_update()`.
///
/// # Safety
///
/// `ctx` must be a context that [`lib_poly1305_init`] began and nothing else works on, and `data`
/// valid for `len` bytes read, unless `len` is 0.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_update(
    ctx: *mut lib_poly1305_ctx,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements; the layouts are the same, as asserted above.
    let (context, data) = unsafe { (&mut *ctx.cast::<Context>(), message(data, len)) };
    context.update(data);
}

/// `lib_poly1305_final()`.
///
/// # Safety
///
/// `ctx` must be a context that [`lib_poly1305_init`] began and nothing else works on, and `tag`
/// valid for [`TAG_SIZE`] bytes written.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_final(ctx: *mut lib_poly1305_ctx, tag: *mut u8) {
    // SAFETY: By this function's requirements; the layouts are the same, as asserted above.
    let computed = unsafe { &mut *ctx.cast::<Context>() }.finish();
    // SAFETY: By this function's requirements; no reference to the context is left, so that the
    // tag may lie in it.
    unsafe { tag.cast::<[u8; TAG_SIZE]>().write(computed) };
}

/// `lib_poly1305_mac()`.
///
/// # Safety
///
/// `tag` must be valid for [`TAG_SIZE`] bytes written, `raw_key` for [`KEY_SIZE`] bytes read, and
/// `data` for `len` bytes read, unless `len` is 0.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_mac(
    tag: *mut u8,
    raw_key: *const u8,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    let computed = unsafe { generic::mac(key(raw_key), message(data, len)) };
    // SAFETY: By this function's requirements; no reference to the key or the message is left, so
    // that the tag may overlap them.
    unsafe { tag.cast::<[u8; TAG_SIZE]>().write(computed) };
}

/// `lib_poly1305_verify()`.
///
/// # Safety
///
/// `tag` must be valid for [`TAG_SIZE`] bytes read, `raw_key` for [`KEY_SIZE`] bytes, and `data`
/// for `len` bytes, unless `len` is 0.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_verify(
    tag: *const u8,
    raw_key: *const u8,
    data: *const u8,
    len: usize,
) -> bool {
    // SAFETY: By this function's requirements; an array of bytes has no alignment.
    let (tag, computed) = unsafe {
        (
            &*tag.cast::<[u8; TAG_SIZE]>(),
            generic::mac(key(raw_key), message(data, len)),
        )
    };
    generic::tags_equal(tag, &computed)
}

/// `lib_poly1305_implementation()`: may be called from any context.
#[no_mangle]
pub(crate) extern "C" fn lib_poly1305_implementation() -> *const c_char {
    IMPLEMENTATION.as_char_ptr()
}
