// SPDX-License-Identifier: GPL-2.0

//! Modules that own implementations, and the references to them.

use crate::bindings;
use crate::text;

/// No module has a longer name (`MODULE_NAME_LEN` in `include/linux/module.h`).
const MAX_NAME: usize = 64;

/// The module that has an implementation's code; null if the code is built into the kernel.
///
/// # Invariants
///
/// The module is not freed while it has an implementation in the table.
#[derive(Clone, Copy)]
pub(crate) struct Owner(*mut bindings::module);

// SAFETY: The functions that take the pointer may be called on every CPU.
unsafe impl Send for Owner {}
// SAFETY: As above.
unsafe impl Sync for Owner {}

impl Owner {
    /// Makes an owner of a module.
    ///
    /// # Safety
    ///
    /// `module` is null, or a module that unregisters its implementations before it is freed.
    pub(crate) unsafe fn new(module: *mut bindings::module) -> Self {
        // INVARIANT: By this function's requirement.
        Self(module)
    }

    /// Whether `code` is in the text of the module, or of the kernel if `module` is null. Init text
    /// does not count.
    pub(crate) fn holds(self, code: usize) -> bool {
        // SAFETY: The module exists by the type invariants.
        unsafe { bindings::lib_poly1305_module_holds(self.0, code) }
    }

    /// Takes a reference, which keeps the module loaded; `lsmod` counts it. Fails while the module
    /// is being loaded or unloaded. Does not sleep.
    #[must_use]
    pub(crate) fn get(self) -> bool {
        // SAFETY: The module exists by the type invariants.
        unsafe { bindings::lib_poly1305_module_get(self.0) }
    }

    /// Drops a reference. Does not sleep.
    ///
    /// # Safety
    ///
    /// [`Self::get`] took the reference, and it was not dropped before.
    pub(crate) unsafe fn put(self) {
        // SAFETY: The module exists by the type invariants; the rest is this function's
        // requirement.
        unsafe { bindings::lib_poly1305_module_put(self.0) };
    }

    /// Its name.
    pub(crate) fn name(&self) -> &[u8] {
        // SAFETY: The module, and so its name, exists by the type invariants.
        unsafe { text::bytes(bindings::lib_poly1305_module_name(self.0), MAX_NAME) }
    }
}
