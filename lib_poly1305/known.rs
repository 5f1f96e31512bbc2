// SPDX-License-Identifier: GPL-2.0

//! Which implementations exist for this architecture, and which module has them.

use kernel::prelude::*;

use crate::bindings;
use crate::name::Name;

/// The portable implementation, which the library always has.
pub(crate) const PORTABLE: &CStr = c"generic";

#[cfg(any(CONFIG_X86_64, CONFIG_ARM64))]
#[cfg_attr(CONFIG_X86_64, path = "../arch_x86/implementations.rs")]
#[cfg_attr(CONFIG_ARM64, path = "../arch_arm64/implementations.rs")]
#[macro_use]
mod implementations;

/// Other architectures have no table.
#[cfg(not(any(CONFIG_X86_64, CONFIG_ARM64)))]
macro_rules! implementations {
    ($with:ident) => {
        $with! {}
    };
}

/// Makes an array of the names.
macro_rules! names {
    ($({ type: $type:ident, name: $name:tt, $($rest:tt)* })*) => { &[$($name),*] };
}

/// The module for this architecture, and the names of its implementations.
const MODULE: (&CStr, &[&str]) = (
    if cfg!(CONFIG_X86_64) {
        c"lib_poly1305_x86"
    } else {
        c"lib_poly1305_arm64"
    },
    implementations!(names),
);

/// The module that has an implementation of this name, if there is one.
pub(crate) fn module_of(name: &Name) -> Option<&'static CStr> {
    let (module, names) = MODULE;
    names.iter().any(|known| name.is(known)).then_some(module)
}

/// Loads a module, if it is installed. May sleep.
pub(crate) fn load(module: &CStr) {
    // SAFETY: The pointer is to a C string.
    unsafe { bindings::lib_poly1305_request_module(module.as_char_ptr()) };
}
