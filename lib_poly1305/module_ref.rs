// SPDX-License-Identifier: GPL-2.0

//! Modules that own implementations, and the references to them.

use crate::bindings;
use crate::text;

/// More than the bytes of a module's name (`MODULE_NAME_LEN` of `include/linux/module.h`).
const MAX_NAME: usize = 64;

/// The module that holds an implementation's code; null if that is built into the kernel.
///
/// # Invariants
///
/// The module is there for as long as it has an implementation in the table.
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

    /// Whether `code` is in the text of the module, or of the kernel if there is no module. Text of
    /// init functions does not count.
    pub(crate) fn holds(self, code: usize) -> bool {
        // SAFETY: The module is there by the type invariants.
        unsafe { bindings::lib_poly1305_module_holds(self.0, code) }
    }

    /// Takes a reference, which keeps the module loaded and which `lsmod` counts. Fails while the
    /// module is being loaded or unloaded. Does not sleep.
    #[must_use]
    pub(crate) fn get(self) -> bool {
        // SAFETY: The module is there by the type invariants.
        unsafe { bindings::lib_poly1305_module_get(self.0) }
    }

    /// Gives a reference back. Does not sleep.
    ///
    /// # Safety
    ///
    /// [`Self::get`] took it, and it was not given back.
    pub(crate) unsafe fn put(self) {
        // SAFETY: The module is there by the type invariants; the rest is this function's
        // requirement.
        unsafe { bindings::lib_poly1305_module_put(self.0) };
    }

    /// Its name.
    pub(crate) fn name(&self) -> &[u8] {
        // SAFETY: The module is there by the type invariants, and so is its name.
        unsafe { text::bytes(bindings::lib_poly1305_module_name(self.0), MAX_NAME) }
    }
}
