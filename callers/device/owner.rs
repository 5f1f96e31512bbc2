// SPDX-License-Identifier: GPL-2.0

//! The reference of an open file to this module.
//!
//! Since Linux 7.3 the kernel crate says in the operations of a file who owns them, and the VFS
//! holds that module until the file is released. Linux 7.2 does not, and would unload the module
//! under an open file.

use kernel::bindings as c;
use kernel::fs::File;
use kernel::prelude::*;
use kernel::sync::SetOnce;

/// This module, since its initialization.
pub(crate) static MODULE: SetOnce<&'static ThisModule> = SetOnce::new();

/// Operations of files, with their owner.
struct Operations(c::file_operations);

// SAFETY: Nothing changes them, and what they point to are functions and this module, which may be
// used from all threads.
unsafe impl Send for Operations {}
// SAFETY: As above.
unsafe impl Sync for Operations {}

/// Those of the kernel crate, and this module.
static OWNED: SetOnce<Operations> = SetOnce::new();

/// Makes the VFS hold this module until `file`, which is being opened, is released, or until
/// opening it fails. Fails with `ENODEV` if the module is being unloaded.
pub(crate) fn hold_module(file: &File) -> Result {
    let file = file.as_ptr();
    // SAFETY: The operations of a file are valid, and only who opens it changes which they are.
    let operations = unsafe { *(*file).f_op };
    if !operations.owner.is_null() {
        return Ok(());
    }
    let module = MODULE.as_ref().ok_or(ENODEV)?.as_ptr();
    // Only the first one counts: they are the same each time.
    OWNED.populate(Operations(c::file_operations {
        owner: module,
        ..operations
    }));
    let owned = OWNED.as_ref().ok_or(ENODEV)?;
    // SAFETY: It is the module of this code. It is still there, because `misc_open()` holds the lock
    // that `misc_deregister()` takes.
    if !unsafe { c::try_module_get(module) } {
        return Err(ENODEV);
    }
    // SAFETY: As above. What puts the operations away puts their owner: `__fput()`, or
    // `do_dentry_open()` if opening fails. Both are outside of this module.
    unsafe { (*file).f_op = &owned.0 };
    Ok(())
}
