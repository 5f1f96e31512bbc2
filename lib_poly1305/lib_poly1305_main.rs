// SPDX-License-Identifier: GPL-2.0

//! The library module.
//!
//! | file | one idea |
//! |---|---|
//! | `abi.rs`, `abi_provider.rs`, `abi_selection.rs` | the C interface: pointers of callers become references |
//! | `layout.rs` | checks that the code matches the headers, at compile time |
//! | `portable.rs` | the portable implementation, with the interface of a provider |
//! | `registry.rs`, `table.rs`, `list.rs` | the registered implementations, and which one is active |
//! | `pin.rs` | references to one implementation |
//! | `selftest.rs` | the test that an implementation must pass before callers can run it |
//! | `known.rs` | which module has which implementations |
//! | `debugfs.rs` | the table as text |
//! | `name.rs`, `text.rs` | names, and C strings |
//! | `target.rs`, `lock.rs`, `rcu.rs`, `module_ref.rs` | kernel services, each behind a safe type |

use kernel::prelude::*;

mod abi;
mod abi_provider;
mod abi_selection;
#[path = "../include/bindings.rs"]
mod bindings;
mod debugfs;
#[path = "../generic/mod.rs"]
pub mod generic;
mod known;
mod layout;
mod list;
mod lock;
mod module_ref;
mod name;
mod pin;
mod portable;
mod rcu;
mod registry;
mod selftest;
mod table;
mod target;
mod text;

module! {
    type: Library,
    name: "lib_poly1305",
    authors: ["lib_poly1305 authors"],
    description: "Poly1305 message authentication (RFC 8439)",
    license: "GPL",
}

/// The module while it is loaded.
struct Library;

impl kernel::Module for Library {
    fn init(module: &'static ThisModule) -> Result<Self> {
        abi_provider::register_portable(module)?;
        // Last, as an open file is a reference to the module, which init must not fail after.
        debugfs::create();
        Ok(Self)
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        debugfs::remove();
        registry::clear();
    }
}
