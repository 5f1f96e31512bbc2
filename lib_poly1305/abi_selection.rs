// SPDX-License-Identifier: GPL-2.0

//! The C interface for selecting an implementation, as `internal.h` declares and documents it. The
//! module parameter uses it.

use core::ptr;

use kernel::ffi::{c_char, c_int};
use kernel::prelude::*;

use crate::abi_provider::to_int;
use crate::known;
use crate::layout::declared_in_header;
use crate::name::Name;
use crate::registry::{self, TABLE};
use crate::table::Selection;

declared_in_header! {
    lib_poly1305_select: unsafe extern "C" fn(*const c_char) -> c_int;
    lib_poly1305_active_name: unsafe extern "C" fn(*mut c_char);
    lib_poly1305_name_at: unsafe extern "C" fn(usize, *mut c_char) -> bool;
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
    // Before init, the target is the portable implementation, too.
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

/// Copies a name, including the zeroes at its end.
///
/// # Safety
///
/// `to` must be valid for `LIB_POLY1305_NAME_SIZE` bytes written.
unsafe fn copy_name(name: &Name, to: *mut c_char) {
    let name = name.as_bytes();
    // SAFETY: By this function's requirement.
    unsafe { ptr::copy_nonoverlapping(name.as_ptr(), to.cast(), name.len()) };
}
