// SPDX-License-Identifier: GPL-2.0

//! Modules that own implementations, and references that keep them loaded.

use crate::bindings;
use crate::text;

/// More than the bytes of a module's name (`MODULE_NAME_LEN` of `include/linux/module.h`).
const MAX_NAME: usize = 64;

/// The module that holds an implementation's code; null if that is built into the kernel.
///
/// # Invariants
///
/// The module is there for as long as it has an implementation in the table, or a [`ModuleRef`]
/// exists.
#[derive(Clone, Copy)]
pub(crate) struct Owner(*mut bindings::module);

// SAFETY: What is done with the pointer may be done on every CPU.
unsafe impl Send for Owner {}
// SAFETY: As above.
unsafe impl Sync for Owner {}

impl Owner {
    /// Takes a module for an owner.
    ///
    /// # Safety
    ///
    /// `module` is null, or a module that unregisters what it registers before it goes away.
    pub(crate) unsafe fn new(module: *mut bindings::module) -> Self {
        // INVARIANT: By this function's requirement.
        Self(module)
    }

    /// Whether the module holds this code; for none, whether no module does.
    pub(crate) fn holds(self, code: usize) -> bool {
        // SAFETY: The module is there by the type invariants.
        unsafe { bindings::lib_poly1305_module_holds(self.0, code) }
    }

    /// Keeps the module loaded, unless it is on its way out. Does not sleep.
    pub(crate) fn get(self) -> Option<ModuleRef> {
        // SAFETY: The module is there by the type invariants.
        let taken = unsafe { bindings::lib_poly1305_module_get(self.0) };
        // INVARIANT: The reference was taken just now, if it was; if not, no value may come to be.
        taken.then(|| ModuleRef(self))
    }

    /// Its name.
    pub(crate) fn name(&self) -> &[u8] {
        // SAFETY: The module is there by the type invariants, and so is its name.
        unsafe { text::bytes(bindings::lib_poly1305_module_name(self.0), MAX_NAME) }
    }
}

/// A reference that keeps a module loaded; `lsmod` counts it.
///
/// # Invariants
///
/// It was taken, and is given back when this is dropped.
pub(crate) struct ModuleRef(Owner);

impl ModuleRef {
    /// Takes charge of a reference.
    ///
    /// # Safety
    ///
    /// The reference was taken by [`Owner::get`], what that returned is forgotten, and no other
    /// call took charge of it.
    pub(crate) unsafe fn from_held(owner: Owner) -> Self {
        // INVARIANT: By this function's requirement.
        Self(owner)
    }
}

impl Drop for ModuleRef {
    fn drop(&mut self) {
        // SAFETY: The reference was taken by the type invariants.
        unsafe { bindings::lib_poly1305_module_put(self.0 .0) };
    }
}
