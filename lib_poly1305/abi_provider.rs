// SPDX-License-Identifier: GPL-2.0

//! The C interface for providers, as `include/lib_poly1305_provider.h` declares and documents it,
//! and what the module parameter calls.

use core::mem::size_of;
use core::ptr;

use kernel::ffi::{c_char, c_int};
use kernel::prelude::*;

use crate::abi::{declared_in_header, lib_poly1305_generic_blocks};
use crate::bindings::{self, lib_poly1305_ops, LIB_POLY1305_ABI_VERSION};
use crate::known;
use crate::module_ref::Owner;
use crate::name::Name;
use crate::registry::{self, TABLE};
use crate::table::{Entry, Reason, Selection};
use crate::target::Direct;
use crate::text::{self, Text};

declared_in_header! {
    lib_poly1305_register: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_unregister: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_try_unregister: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_decline: unsafe extern "C" fn(*const c_char, *const c_char) -> c_int;
    lib_poly1305_select: unsafe extern "C" fn(*const c_char) -> c_int;
    lib_poly1305_active_name: unsafe extern "C" fn(*mut c_char);
    lib_poly1305_name_at: unsafe extern "C" fn(usize, *mut c_char) -> bool;
}

/// What a C caller takes for success or an error.
fn to_int(result: Result) -> c_int {
    match result {
        Ok(()) => 0,
        Err(e) => e.to_errno(),
    }
}

/// Says which field of an ops structure has no valid value.
fn invalid(field: &str, must: &str) -> Error {
    pr_err!("implementation refused: {} must be {}\n", field, must);
    EINVAL
}

/// Checks what a provider describes, field by field.
///
/// # Safety
///
/// As for [`lib_poly1305_register`].
unsafe fn entry(ops: *const lib_poly1305_ops) -> Result<Entry> {
    if ops.is_null() {
        return Err(invalid("ops", "an implementation, not NULL"));
    }
    // SAFETY: These fields come first in every version, and `ops` is valid for reads of its
    // structure.
    let (version, size) = unsafe { ((*ops).abi_version, (*ops).size) };
    if version != LIB_POLY1305_ABI_VERSION || size as usize != size_of::<lib_poly1305_ops>() {
        pr_err!(
            "implementation refused: abi_version {} and size {}, not {} and {}: build it against this library\n",
            version,
            size,
            LIB_POLY1305_ABI_VERSION,
            size_of::<lib_poly1305_ops>()
        );
        return Err(ENOEXEC);
    }
    // SAFETY: It is the structure that it says it is, valid for reads until this returns.
    let fields = unsafe { &*ops };
    // SAFETY: The name is null or a string by the requirements.
    let name = unsafe { Name::from_raw(fields.name) }
        .filter(|name| !name.is("auto"))
        .ok_or_else(|| invalid("name", "1 to 31 of a-z, 0-9, _ and -, and not auto"))?;
    if fields.priority < 0 {
        return Err(invalid("priority", "0 or more"));
    }
    let blocks = fields
        .blocks
        .ok_or_else(|| invalid("blocks", "a function"))?;
    // SAFETY: By the requirements it is as the structure asks for, and stays registered for no
    // longer than it is there.
    let code = unsafe { Direct::new(blocks) };
    // SAFETY: By the requirements.
    let owner = unsafe { Owner::new(fields.owner) };
    if !owner.holds(code.address()) {
        return Err(invalid(
            "owner",
            "THIS_MODULE of the module whose .text has blocks",
        ));
    }
    Ok(Entry {
        name,
        priority: fields.priority,
        owner,
        code,
        identity: ops.addr(),
    })
}

/// `lib_poly1305_register()`.
///
/// # Safety
///
/// `ops` must be null or point to an ops structure of the size that it says, with a name that is
/// null or a string, an owner that is null or a module, and a function that is null or does as the
/// structure asks for. It must be unregistered before the function, or the module, goes away.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_register(ops: *const lib_poly1305_ops) -> c_int {
    // SAFETY: By this function's requirements.
    let entry = unsafe { entry(ops) };
    to_int(entry.and_then(registry::register))
}

/// Registers the portable implementation, as a provider would.
pub(crate) fn register_portable(module: &'static ThisModule) -> Result {
    let ops = lib_poly1305_ops {
        abi_version: LIB_POLY1305_ABI_VERSION,
        size: size_of::<lib_poly1305_ops>() as u32,
        name: known::PORTABLE.as_char_ptr(),
        owner: module.as_ptr().cast(),
        priority: 0,
        blocks: Some(lib_poly1305_generic_blocks),
    };
    // SAFETY: The structure is as it says, and the function is this module's, which forgets all
    // implementations when it goes away.
    let entry = unsafe { entry(&ops) }?;
    registry::register(Entry {
        // The structure is gone after this, so that its address could be another one's.
        identity: entry.code.address(),
        ..entry
    })
}

/// `lib_poly1305_unregister()`.
#[no_mangle]
pub(crate) extern "C" fn lib_poly1305_unregister(ops: *const lib_poly1305_ops) -> c_int {
    to_int(registry::unregister(ops.addr()))
}

/// `lib_poly1305_try_unregister()`.
#[no_mangle]
pub(crate) extern "C" fn lib_poly1305_try_unregister(ops: *const lib_poly1305_ops) -> c_int {
    to_int(registry::try_unregister(ops.addr()))
}

/// `lib_poly1305_decline()`.
///
/// # Safety
///
/// `raw_name` and `reason` must each be null or point to a string.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_decline(
    raw_name: *const c_char,
    reason: *const c_char,
) -> c_int {
    let mut kept = Reason([0; bindings::LIB_POLY1305_REASON_SIZE as usize]);
    // SAFETY: By this function's requirement.
    let reason = unsafe { text::bytes(reason, kept.0.len().wrapping_sub(1)) };
    for (to, from) in kept.0.iter_mut().zip(reason) {
        *to = *from;
    }
    // SAFETY: By this function's requirement.
    match unsafe { Name::from_raw(raw_name) } {
        Some(name) => {
            if registry::decline(name, kept).is_err() {
                pr_err!("no memory to keep that {} was declined\n", name);
            }
        }
        None => pr_err!("nothing declined: not a name ({})\n", Text(&kept.0)),
    }
    ENODEV.to_errno()
}

/// `lib_poly1305_select()`.
///
/// # Safety
///
/// `raw_name` must be null or point to a string.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_select(raw_name: *const c_char) -> c_int {
    // SAFETY: By this function's requirement.
    let selection = match unsafe { Name::from_raw(raw_name) } {
        Some(name) if name.is("auto") => Selection::Best,
        Some(name) => Selection::Named(name),
        None => {
            pr_err!("nothing selected: use auto, generic or a name\n");
            return EINVAL.to_errno();
        }
    };
    to_int(registry::select(selection))
}

/// `lib_poly1305_active_name()`.
///
/// # Safety
///
/// `to` must be valid for `LIB_POLY1305_NAME_SIZE` bytes written.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_active_name(to: *mut c_char) {
    let name = TABLE.with(|table| table.active().map(|slot| slot.entry.name));
    // Before the library has begun, the target is the portable implementation already.
    if let Some(name) = name.or_else(|| Name::new(known::PORTABLE.to_bytes())) {
        // SAFETY: By this function's requirement.
        unsafe { copy_name(&name, to) };
    }
}

/// `lib_poly1305_name_at()`.
///
/// # Safety
///
/// `to` must be valid for `LIB_POLY1305_NAME_SIZE` bytes written.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_name_at(place: usize, to: *mut c_char) -> bool {
    let Some(name) = TABLE.with(|table| Some(table.slots.iter().nth(place)?.entry.name)) else {
        return false;
    };
    // SAFETY: By this function's requirement.
    unsafe { copy_name(&name, to) };
    true
}

/// Copies a name with the zeroes at its end.
///
/// # Safety
///
/// `to` must be valid for `LIB_POLY1305_NAME_SIZE` bytes written.
unsafe fn copy_name(name: &Name, to: *mut c_char) {
    let name = name.as_bytes();
    // SAFETY: By this function's requirement.
    unsafe { ptr::copy_nonoverlapping(name.as_ptr(), to.cast(), name.len()) };
}
