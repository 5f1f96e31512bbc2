// SPDX-License-Identifier: GPL-2.0

//! The table as text: `lib_poly1305/implementations` in debugfs (`debugfs.c`).
//!
//! One line for each registered implementation: name, priority, state (`active` or `standby`),
//! owner and pins; one line for each declined implementation, with the reason; and the selection.

use kernel::seq_file::SeqFile;
use kernel::seq_print;

use crate::bindings;
use crate::layout::declared_in_header;
use crate::lock::Control;
use crate::registry::TABLE;
use crate::table::Selection;
use crate::text::Text;

declared_in_header! {
    lib_poly1305_list: unsafe extern "C" fn(*mut bindings::seq_file);
}

/// Creates the file.
pub(crate) fn create() {
    // SAFETY: An FFI call with no requirement but that of the context.
    unsafe { bindings::lib_poly1305_listing_create() };
}

/// Removes the file. It is not open, as an open file is a reference to the module.
pub(crate) fn remove() {
    // SAFETY: As above.
    unsafe { bindings::lib_poly1305_listing_remove() };
}

/// `lib_poly1305_list()`.
///
/// # Safety
///
/// `file` must be a file that nobody else writes to.
#[no_mangle]
pub(crate) unsafe extern "C" fn lib_poly1305_list(file: *mut bindings::seq_file) {
    // SAFETY: By this function's requirement.
    let file = unsafe { SeqFile::from_raw(file.cast()) };
    // Each line is formatted after the lock of the table is released. This lock keeps the set of
    // implementations, and their owners, as they are until the last line.
    let _control = Control::lock();
    seq_print!(
        file,
        "name                            priority state    owner                pins\n"
    );
    let slot = |place| {
        TABLE.with(|table| {
            let slot = table.slots.iter().nth(place)?;
            Some((*slot.entry, slot.pins, table.active))
        })
    };
    for (entry, pins, active) in (0..usize::MAX).map_while(slot) {
        let state = if entry.identity == active {
            "active"
        } else {
            "standby"
        };
        seq_print!(
            file,
            "{:<31} {:>8} {:<8} {:<20} {}\n",
            entry.name,
            entry.priority,
            state,
            Text(entry.owner.name()),
            pins
        );
    }
    let declined = |place| TABLE.with(|table| table.declined.iter().nth(place).copied());
    for declined in (0..usize::MAX).map_while(declined) {
        seq_print!(
            file,
            "{:<31}        - declined: {}\n",
            declined.name,
            Text(&declined.reason.0)
        );
    }
    match TABLE.with(|table| table.selection) {
        Selection::Best => seq_print!(file, "selected: auto\n"),
        Selection::Named(name) => seq_print!(file, "selected: {}\n", name),
    }
}
