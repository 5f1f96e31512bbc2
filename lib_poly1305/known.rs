// SPDX-License-Identifier: GPL-2.0

//! Which implementations exist for this architecture, and which module has them.

use kernel::prelude::*;

use crate::bindings;
use crate::name::Name;

/// The portable implementation, which is always there.
pub(crate) const PORTABLE: &CStr = c"generic";

/// The module for this architecture, and the names of what it has.
#[cfg(CONFIG_X86_64)]
const MODULE: (&CStr, &[&str]) = (
    c"lib_poly1305_x86",
    &[
        "x86_64-bmi2",
        "x86_64-avx2",
        "x86_64-avx512",
        "x86_64-avx512ifma",
    ],
);
#[cfg(CONFIG_ARM64)]
const MODULE: (&CStr, &[&str]) = (c"lib_poly1305_arm64", &["arm64-scalar", "arm64-neon"]);
#[cfg(not(any(CONFIG_X86_64, CONFIG_ARM64)))]
const MODULE: (&CStr, &[&str]) = (c"", &[]);

/// The module that has an implementation of this name, if there is one.
pub(crate) fn module_of(name: &Name) -> Option<&'static CStr> {
    let (module, names) = MODULE;
    names.iter().any(|known| name.is(known)).then_some(module)
}

/// Loads a module, if it is there. May sleep.
pub(crate) fn load(module: &CStr) {
    // SAFETY: The string is one that C can read.
    unsafe { bindings::lib_poly1305_request_module(module.as_char_ptr()) };
}
