// SPDX-License-Identifier: GPL-2.0

//! The library module.
//!
//! | file | one idea |
//! |---|---|
//! | `abi.rs`, `abi_provider.rs`, `abi_selection.rs` | the C interface: pointers become references here, and nowhere else |
//! | `layout.rs` | the headers declare what the code defines |
//! | `portable.rs` | the portable implementation, as providers have theirs |
//! | `registry.rs`, `table.rs`, `list.rs` | which implementations there are, and which is active |
//! | `pin.rs` | references to one of them |
//! | `selftest.rs` | what one must pass before it is called |
//! | `known.rs` | what could be loaded |
//! | `debugfs.rs` | the table as text |
//! | `name.rs`, `text.rs` | names, and strings of C |
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
        // Last: whoever opens it holds the module, which must not fail to load after that.
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
