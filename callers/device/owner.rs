// SPDX-License-Identifier: GPL-2.0

//! The module as the owner of open files, so that it is not unloaded under one.
//!
//! Before Linux 7.3 the file operations that the kernel crate makes name no owner.

use kernel::bindings as c;
use kernel::fs::File;
use kernel::prelude::*;
use kernel::sync::SetOnce;

/// File operations that are not changed.
struct Operations(c::file_operations);

// SAFETY: Nothing changes them after they were made, and what they point to, functions and this
// module, may be used from all threads.
unsafe impl Send for Operations {}
// SAFETY: As above.
unsafe impl Sync for Operations {}

static MODULE: SetOnce<&'static ThisModule> = SetOnce::new();
static OPERATIONS: SetOnce<Operations> = SetOnce::new();

/// Says which module it is, before a file can be opened.
pub(crate) fn set(module: &'static ThisModule) {
    MODULE.populate(module);
}

/// Makes the module the owner of a file that is being opened, if its operations name none. The
/// kernel drops the reference after it has closed the file. Fails with `ENODEV` while the module is
/// being unloaded.
pub(crate) fn own(file: &File) -> Result {
    let module = MODULE.copy().ok_or(ENODEV)?.as_ptr();
    // SAFETY: The file is being opened, so nothing else accesses the field.
    let operations = unsafe { &mut (*file.as_ptr()).f_op };
    // SAFETY: It points to the operations of the device, which are static: `misc_open()` has called
    // this module through them.
    let given = unsafe { **operations };
    // Code that is built into the kernel needs no owner.
    if module.is_null() || !given.owner.is_null() {
        return Ok(());
    }
    // `misc_open()` holds a lock, so that nothing else populates it at the same time.
    OPERATIONS.populate(Operations(c::file_operations {
        owner: module,
        ..given
    }));
    let owned = OPERATIONS.as_ref().ok_or(ENODEV)?;
    // SAFETY: It is not freed before this returns, as `misc_deregister()`, which it calls before it
    // goes, takes the lock that `misc_open()` holds.
    if !unsafe { c::try_module_get(module) } {
        return Err(ENODEV);
    }
    *operations = &owned.0;
    Ok(())
}
