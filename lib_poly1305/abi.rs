// SPDX-License-Identifier: GPL-2.0

//! The C interface for callers, as `include/lib_poly1305.h` declares and documents it.

use core::slice;

use kernel::ffi::c_char;
use kernel::prelude::*;

use crate::bindings::{lib_poly1305_ctx, lib_poly1305_pin};
use crate::generic::{self, Context, KEY_SIZE, TAG_SIZE};
use crate::layout::declared_in_header;
use crate::name::Name;
use crate::pin::Pinned;
use crate::target::Active;

declared_in_header! {
    lib_poly1305_init: unsafe extern "C" fn(*mut lib_poly1305_ctx, *const u8);
    lib_poly1305_update: unsafe extern "C" fn(*mut lib_poly1305_ctx, *const u8, usize);
    lib_poly1305_final: unsafe extern "C" fn(*mut lib_poly1305_ctx, *mut u8);
    lib_poly1305_mac: unsafe extern "C" fn(*mut u8, *const u8, *const u8, usize);
    lib_poly1305_verify: unsafe extern "C" fn(*const u8, *const u8, *const u8, usize) -> bool;
    lib_poly1305_get: unsafe extern "C" fn(*const c_char) -> *mut lib_poly1305_pin;
    lib_poly1305_get_nosleep: unsafe extern "C" fn(*const c_char) -> *mut lib_poly1305_pin;
    lib_poly1305_put: unsafe extern "C" fn(*mut lib_poly1305_pin);
    lib_poly1305_pin_name: unsafe extern "C" fn(*const lib_poly1305_pin) -> *const c_char;
    lib_poly1305_pin_update: unsafe extern "C" fn(
        *const lib_poly1305_pin, *mut lib_poly1305_ctx, *const u8, usize);
    lib_poly1305_pin_mac: unsafe extern "C" fn(
        *const lib_poly1305_pin, *mut u8, *const u8, *const u8, usize);
}

/// Makes a slice of the message of a C caller.
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
    // SAFETY: `data` is valid for reads by this function's requirement, so it is not null, and no
    // kernel mapping is larger than `isize::MAX`.
    unsafe { slice::from_raw_parts(data, len) }
}

/// Makes a reference to the key of a C caller.
///
/// # Safety
///
/// `key` must be valid for [`KEY_SIZE`] bytes read during `'a`, and nothing may write to them
/// meanwhile.
unsafe fn key<'a>(key: *const u8) -> &'a [u8; KEY_SIZE] {
    // SAFETY: By this function's requirement; an array of bytes has no alignment.
    unsafe { &*key.cast() }
}

/// `lib_poly1305_init()`.
///
/// # Safety
///
/// `ctx` must be valid for a context written, `raw_key` for [`KEY_SIZE`] bytes read.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_init(ctx: *mut lib_poly1305_ctx, raw_key: *const u8) {
    // SAFETY: By this function's requirements, which hold until it returns; the layouts are the
    // same, as `layout.rs` asserts.
    unsafe { Context::begin(&mut *ctx.cast(), key(raw_key)) };
}

/// Adds message bytes.
///
/// # Safety
///
/// `ctx` must be a context that [`lib_poly1305_init`] initialized and nothing else uses, and `data`
/// valid for `len` bytes read, unless `len` is 0.
#[inline(always)]
unsafe fn add_to(
    update: impl FnOnce(&mut Context, &[u8]),
    ctx: *mut lib_poly1305_ctx,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements; the layouts are the same, as `layout.rs`
    // asserts.
    let (context, data) = unsafe { (&mut *ctx.cast::<Context>(), message(data, len)) };
    update(context, data);
}

/// Computes the tag of a whole message.
///
/// # Safety
///
/// `tag` must be valid for [`TAG_SIZE`] bytes written, `raw_key` for [`KEY_SIZE`] bytes read, and
/// `data` for `len` bytes read, unless `len` is 0.
#[inline(always)]
unsafe fn write_mac(
    mac: impl FnOnce(&[u8; KEY_SIZE], &[u8]) -> [u8; TAG_SIZE],
    tag: *mut u8,
    raw_key: *const u8,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    let mut computed = unsafe { mac(key(raw_key), message(data, len)) };
    // SAFETY: By this function's requirements; no reference to the key or the message is left, so
    // that the tag may overlap them.
    unsafe { tag.cast::<[u8; TAG_SIZE]>().write(computed) };
    // The compiler may have copies of the tag in this frame and in registers.
    generic::wipe(&mut computed, [0; TAG_SIZE]);
    generic::clear_registers();
}

/// `lib_poly1305_update()`.
///
/// # Safety
///
/// `ctx` must be a context that [`lib_poly1305_init`] initialized and nothing else uses, and `data`
/// valid for `len` bytes read, unless `len` is 0.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_update(
    ctx: *mut lib_poly1305_ctx,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    unsafe {
        add_to(
            |context, data| context.update(&Active, data),
            ctx,
            data,
            len,
        )
    };
}

/// `lib_poly1305_final()`.
///
/// # Safety
///
/// `ctx` must be a context that [`lib_poly1305_init`] initialized and nothing else uses, and `tag`
/// valid for [`TAG_SIZE`] bytes written.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_final(ctx: *mut lib_poly1305_ctx, tag: *mut u8) {
    // SAFETY: By this function's requirements; the layouts are the same, as `layout.rs`
    // asserts.
    let computed = unsafe { &mut *ctx.cast::<Context>() }.finish();
    // SAFETY: By this function's requirements; no reference to the context is left, so that the
    // tag may lie in it.
    unsafe { tag.cast::<[u8; TAG_SIZE]>().write(computed) };
    generic::clear_registers();
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
    unsafe {
        write_mac(
            |key, data| generic::mac(&Active, key, data),
            tag,
            raw_key,
            data,
            len,
        )
    };
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
    let mut computed = [0; TAG_SIZE];
    // SAFETY: By this function's requirements; `computed` is valid for writes of a tag.
    unsafe { lib_poly1305_mac(computed.as_mut_ptr(), raw_key, data, len) };
    // SAFETY: By this function's requirements; an array of bytes has no alignment.
    let equal = generic::tags_equal(unsafe { &*tag.cast::<[u8; TAG_SIZE]>() }, &computed);
    // The right tag of a forged message is a secret.
    generic::wipe(&mut computed, [0; TAG_SIZE]);
    generic::clear_registers();
    equal
}

/// The name that a C caller passes; `None` is the active implementation.
///
/// # Safety
///
/// `name` must be null or point to a string.
unsafe fn asked_for(name: *const c_char) -> Result<Option<Name>> {
    if name.is_null() {
        return Ok(None);
    }
    // SAFETY: By this function's requirement.
    let name = unsafe { Name::from_raw(name) };
    // No implementation has an invalid name.
    name.map(Some).ok_or(ENOENT)
}

/// Converts a pin or an error for C.
fn pin_or_error(result: Result<Pinned>) -> *mut lib_poly1305_pin {
    match result {
        Ok(pinned) => pinned.into_raw(),
        // As `ERR_PTR()` in `include/linux/err.h`.
        Err(e) => core::ptr::without_provenance_mut(e.to_errno() as isize as usize),
    }
}

/// `lib_poly1305_get()`.
///
/// # Safety
///
/// `name` must be null or point to a string.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_get(name: *const c_char) -> *mut lib_poly1305_pin {
    // SAFETY: By this function's requirement.
    let name = unsafe { asked_for(name) };
    pin_or_error(name.and_then(|name| Pinned::get_or_load(name.as_ref())))
}

/// `lib_poly1305_get_nosleep()`.
///
/// # Safety
///
/// `name` must be null or point to a string.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_get_nosleep(
    name: *const c_char,
) -> *mut lib_poly1305_pin {
    // SAFETY: By this function's requirement.
    let name = unsafe { asked_for(name) };
    pin_or_error(name.and_then(|name| Pinned::get(name.as_ref())))
}

/// `lib_poly1305_put()`.
///
/// # Safety
///
/// `pin` must come from [`lib_poly1305_get`] or [`lib_poly1305_get_nosleep`], and not be used
/// afterwards.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_put(pin: *mut lib_poly1305_pin) {
    // SAFETY: By this function's requirements.
    drop(unsafe { Pinned::from_raw(pin) });
}

/// `lib_poly1305_pin_name()`.
///
/// # Safety
///
/// `pin` must be a pin that was not released.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_pin_name(
    pin: *const lib_poly1305_pin,
) -> *const c_char {
    // SAFETY: By this function's requirement.
    let entry = unsafe { Pinned::borrow(pin) };
    entry.name.as_bytes().as_ptr().cast()
}

/// `lib_poly1305_pin_update()`.
///
/// # Safety
///
/// `pin` must be a pin that is not released during the call; the rest is as for
/// [`lib_poly1305_update`].
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_pin_update(
    pin: *const lib_poly1305_pin,
    ctx: *mut lib_poly1305_ctx,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    let code = unsafe { Pinned::borrow(pin) }.code;
    // SAFETY: As above.
    unsafe { add_to(|context, data| code.update(context, data), ctx, data, len) };
}

/// `lib_poly1305_pin_mac()`.
///
/// # Safety
///
/// `pin` must be a pin that is not released during the call; the rest is as for
/// [`lib_poly1305_mac`].
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_pin_mac(
    pin: *const lib_poly1305_pin,
    tag: *mut u8,
    raw_key: *const u8,
    data: *const u8,
    len: usize,
) {
    // SAFETY: By this function's requirements.
    let code = unsafe { Pinned::borrow(pin) }.code;
    // SAFETY: As above.
    unsafe { write_mac(|key, data| code.mac(key, data), tag, raw_key, data, len) };
}
