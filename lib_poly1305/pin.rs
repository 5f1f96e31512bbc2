// SPDX-License-Identifier: GPL-2.0

//! Pins: references to one implementation that keep its module loaded.

use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use kernel::prelude::*;

use crate::bindings::lib_poly1305_pin;
use crate::known;
use crate::name::Name;
use crate::registry::TABLE;
use crate::table::{Entry, Slot};

/// A pin.
///
/// # Invariants
///
/// It points to the entry of a slot that counts this pin. So the slot is in the table, and there is
/// a reference to the owner for it.
pub(crate) struct Pinned(NonNull<Entry>);

impl Pinned {
    /// Pins an implementation, unless its module is being loaded or unloaded: an init function that
    /// is still running may fail.
    fn new(slot: &mut Slot) -> Option<Self> {
        if !slot.entry.owner.get() {
            return None;
        }
        slot.pins = slot.pins.wrapping_add(1);
        // INVARIANT: The slot counts it, and a reference to the owner was taken.
        Some(Self(NonNull::from(&*slot.entry)))
    }

    /// Pins the implementation of this name, or the active one: see `lib_poly1305_get_nosleep()`.
    pub(crate) fn get(name: Option<&Name>) -> Result<Self> {
        TABLE.with(|table| match name {
            Some(name) => {
                let pinned = table.named(name).and_then(Self::new);
                pinned.ok_or_else(|| table.absence(name))
            }
            None => {
                let pinned = table.active().and_then(Self::new);
                // If its module is being loaded or unloaded, the one of the next priority.
                let pinned = pinned.or_else(|| table.slots.find_map(Self::new));
                pinned.ok_or(ENOENT)
            }
        })
    }

    /// As [`Self::get`], but loads the module if that is missing: see `lib_poly1305_get()`. May
    /// sleep.
    pub(crate) fn get_or_load(name: Option<&Name>) -> Result<Self> {
        let result = Self::get(name);
        match (&result, name.and_then(known::module_of)) {
            (Err(e), Some(module)) if *e == EAGAIN => {
                known::load(module);
                Self::get(name)
            }
            _ => result,
        }
    }

    /// Converts the pin for C, without releasing it.
    pub(crate) fn into_raw(self) -> *mut lib_poly1305_pin {
        ManuallyDrop::new(self).0.as_ptr().cast()
    }

    /// Takes a pin back from C.
    ///
    /// # Safety
    ///
    /// `pin` came from [`Self::into_raw`], and is not passed to this function again.
    pub(crate) unsafe fn from_raw(pin: *mut lib_poly1305_pin) -> Self {
        // SAFETY: It came from a `NonNull`, by this function's requirement.
        // INVARIANT: Those of the pin that was passed to `into_raw()`, which did not drop it.
        Self(unsafe { NonNull::new_unchecked(pin.cast()) })
    }

    /// The entry of a pin that C holds.
    ///
    /// # Safety
    ///
    /// `pin` came from [`Self::into_raw`], and is not passed to [`Self::from_raw`] during `'a`.
    pub(crate) unsafe fn borrow<'a>(pin: *const lib_poly1305_pin) -> &'a Entry {
        // SAFETY: The pin keeps the entry in the table, and entries are not changed.
        unsafe { &*pin.cast() }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        TABLE.with(|table| {
            // SAFETY: The entry is in the table by the type invariants.
            let Entry {
                identity, owner, ..
            } = *unsafe { self.0.as_ref() };
            if let Some(slot) = table.identified(identity) {
                slot.pins = slot.pins.saturating_sub(1);
            }
            // SAFETY: By the type invariants there is a reference for this pin. It is dropped under
            // the same lock as the count, so both always agree.
            unsafe { owner.put() };
        });
    }
}
