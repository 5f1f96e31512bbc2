// SPDX-License-Identifier: GPL-2.0

//! The table as text: `lib_poly1305/implementations` in debugfs.
//!
//! One line an implementation: name, priority, state (`active`, `standby`), owner, pins; then one
//! for each that was declined, with the reason; then what was selected.

use kernel::debugfs::Writer;
use kernel::fmt;
use kernel::prelude::fmt;

use crate::registry::TABLE;
use crate::table::{Table, Wish};
use crate::text::Text;

/// The file's content.
pub(crate) struct Listing;

impl Writer for Listing {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TABLE.with(|table| write_table(table, f))
    }
}

fn write_table(table: &mut Table, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let active = table.active;
    f.write_str("name                            priority state    owner                pins\n")?;
    for slot in &table.slots {
        let entry = &slot.entry;
        let state = if entry.identity == active {
            "active"
        } else {
            "standby"
        };
        f.write_fmt(fmt!(
            "{:<31} {:>8} {:<8} {:<20} {}\n",
            entry.name,
            entry.priority,
            state,
            Text(entry.owner.name()),
            slot.pins
        ))?;
    }
    for declined in &table.declined {
        let reason = Text(&declined.reason.0);
        f.write_fmt(fmt!(
            "{:<31}        - declined: {}\n",
            declined.name,
            reason
        ))?;
    }
    match table.wish {
        Wish::Best => f.write_str("selected: auto\n"),
        Wish::Named(name) => f.write_fmt(fmt!("selected: {}\n", name)),
    }
}
