// SPDX-License-Identifier: GPL-2.0

//! The library module.
//!
//! | file | one idea |
//! |---|---|
//! | `abi.rs`, `abi_provider.rs` | the C interface: pointers become references here, and nowhere else |
//! | `registry.rs`, `table.rs` | which implementations there are, and which is active |
//! | `pin.rs` | references to one of them |
//! | `selftest.rs` | what one must pass before it is called |
//! | `known.rs` | what could be loaded |
//! | `listing.rs` | the table as text |
//! | `name.rs`, `text.rs` | names, and strings of C |
//! | `target.rs`, `lock.rs`, `rcu.rs`, `module_ref.rs` | kernel services, each behind a safe type |

use kernel::debugfs::{Dir, File};
use kernel::prelude::*;

mod abi;
mod abi_provider;
#[path = "../include/bindings.rs"]
mod bindings;
#[path = "../generic/mod.rs"]
pub mod generic;
mod known;
mod listing;
mod lock;
mod module_ref;
mod name;
mod pin;
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
#[pin_data(PinnedDrop)]
struct Library {
    #[pin]
    listing: File<listing::Listing>,
    _debugfs: Dir,
}

impl kernel::InPlaceModule for Library {
    fn init(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        let debugfs = Dir::new(c"lib_poly1305");
        try_pin_init!(Self {
            listing <- debugfs.read_only_file(c"implementations", listing::Listing),
            _debugfs: {
                abi_provider::register_portable(module)?;
                debugfs
            },
        })
    }
}

#[pinned_drop]
impl PinnedDrop for Library {
    fn drop(self: Pin<&mut Self>) {
        registry::clear();
    }
}
