// SPDX-License-Identifier: GPL-2.0

//! The benchmark: measures while it is loaded, and says the figures in the log.
//!
//! `bench/kernel/run.sh` runs it and explains them.
//!
//! | file | one idea |
//! |---|---|
//! | `cost.rs` | what the table of implementations costs a call |
//! | `lengths.rs` | what messages of all lengths take |
//! | `scaling.rs` | what a second CPU gives |
//! | `direct.rs` | the library's code without the table |
//! | `spread.rs` | the median, and the noise around it |
//! | `clock.c`, `threads.c` | what C has to do |
//! | `pieces.c`, `dropin.c` | messages in steps, also by what is in place of libpoly1305 |

use kernel::prelude::*;

#[path = "../../include/bindings.rs"]
mod bindings;
mod cost;
mod direct;
#[path = "../../generic/mod.rs"]
pub mod generic;
mod lengths;
#[path = "../../include/lib_poly1305.rs"]
pub mod lib_poly1305;
mod scaling;
mod spread;

use lib_poly1305::Pinned;

module! {
    type: Bench,
    name: "lib_poly1305_bench",
    authors: ["lib_poly1305 authors"],
    description: "Benchmark of lib_poly1305",
    license: "GPL",
    imports_ns: ["LIB_POLY1305"],
    params: {
        cost: u8 {
            default: 1,
            description: "Whether to measure what the table costs: 0 where cycles mean nothing",
        },
        lengths: u8 {
            default: 0,
            description: "Whether to measure messages of all lengths, and nothing else",
        },
    },
}

/// Nothing: all is done when the module is loaded.
struct Bench;

/// How the library calls the active implementation in this kernel.
const TARGET: &str = if cfg!(CONFIG_HAVE_STATIC_CALL_INLINE) {
    "patched call (CONFIG_HAVE_STATIC_CALL_INLINE)"
} else if cfg!(CONFIG_HAVE_STATIC_CALL) {
    "call of a patched jump (CONFIG_HAVE_STATIC_CALL)"
} else {
    "pointer (no CONFIG_HAVE_STATIC_CALL)"
};

impl kernel::Module for Bench {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        pr_info!("target {}\n", TARGET);
        pr_info!("active {}\n", Pinned::get(None)?.name());
        // A value, or for Linux 7.2 a reference to one.
        if module_parameters::lengths.value().ne(&0) {
            lengths::run()?;
            return Ok(Self);
        }
        if module_parameters::cost.value().ne(&0) {
            cost::run()?;
        }
        scaling::run()?;
        Ok(Self)
    }
}
