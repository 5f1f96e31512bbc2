// SPDX-License-Identifier: GPL-2.0

//! The C interface for providers, as `include/lib_poly1305_provider.h` declares and documents it.

use core::mem::size_of;

use kernel::ffi::{c_char, c_int};
use kernel::prelude::*;

use crate::bindings::{self, lib_poly1305_ops, LIB_POLY1305_ABI_VERSION};
use crate::known;
use crate::layout::declared_in_header;
use crate::module_ref::Owner;
use crate::name::Name;
use crate::portable::lib_poly1305_generic_blocks;
use crate::registry;
use crate::table::{Entry, Reason};
use crate::target::Direct;
use crate::text::{self, Text};

declared_in_header! {
    lib_poly1305_register: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_unregister: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_try_unregister: unsafe extern "C" fn(*const lib_poly1305_ops) -> c_int;
    lib_poly1305_decline: unsafe extern "C" fn(*const c_char, *const c_char) -> c_int;
}

/// Converts a result for C.
pub(crate) fn to_int(result: Result) -> c_int {
    match result {
        Ok(()) => 0,
        Err(e) => e.to_errno(),
    }
}

/// Logs which field of an ops structure is invalid.
fn invalid(field: &str, must: &str) -> Error {
    pr_err!("implementation refused: {} must be {}\n", field, must);
    EINVAL
}

/// Checks each field of an ops structure, and copies them.
///
/// # Safety
///
/// As for [`lib_poly1305_register`].
unsafe fn entry(ops: *const lib_poly1305_ops) -> Result<Entry> {
    if ops.is_null() {
        return Err(invalid("ops", "an implementation, not NULL"));
    }
    // SAFETY: These fields are the first ones in every version, and `ops` is valid for reads by the
    // requirements.
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
    // SAFETY: The version and the size are those of this structure, which is valid for reads until
    // this returns.
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
    // SAFETY: By the requirements the function does what the header says, and is unregistered
    // before its code is freed.
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
/// null or a string, an owner that is null or a module, and a function that is null or does what
/// the header says. It must be unregistered before the function or the module is freed.
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
    // SAFETY: The structure is valid, and the function is this module's, which empties the table
    // before it is freed.
    let entry = unsafe { entry(&ops) }?;
    registry::register(Entry {
        // Not the address of the structure, which is on the stack and may be another one's later.
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
                pr_err!("no memory to record that {} was declined\n", name);
            }
        }
        None => pr_err!(
            "nothing declined: the name is invalid ({})\n",
            Text(&kept.0)
        ),
    }
    ENODEV.to_errno()
}
