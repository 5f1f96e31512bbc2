// SPDX-License-Identifier: GPL-2.0

//! Pins: references to one implementation that keep its module loaded.

use kernel::prelude::*;
use kernel::sync::Arc;

use crate::bindings::lib_poly1305_pin;
use crate::known;
use crate::module_ref::ModuleRef;
use crate::name::Name;
use crate::registry::{absence, TABLE};
use crate::table::{Entry, Slot};

/// A pin.
///
/// # Invariants
///
/// It is counted in its entry's slot, and holds a reference to the owner of its code.
pub(crate) struct Pinned {
    entry: Arc<Entry>,
    /// Given back last: the code must stay as long as the entry.
    _owner: ModuleRef,
}

impl Pinned {
    /// Pins an implementation whose module is not on its way out.
    fn new(slot: &mut Slot) -> Option<Self> {
        let owner = slot.entry.owner.get()?;
        // INVARIANT: Counted here.
        slot.pins = slot.pins.wrapping_add(1);
        Some(Self {
            entry: slot.entry.clone(),
            _owner: owner,
        })
    }

    /// Pins the implementation of this name, or the active one: see `lib_poly1305_get_nosleep()`.
    pub(crate) fn get(name: Option<&Name>) -> Result<Self> {
        let pinned = TABLE.with(|table| match name {
            Some(name) => table.named(name).and_then(Self::new),
            None => {
                // The active one's module may be on its way out. The portable one comes first.
                let pinned = table.active().and_then(Self::new);
                pinned.or_else(|| table.slots.iter_mut().find_map(Self::new))
            }
        });
        pinned.ok_or_else(|| name.map_or(ENOENT, absence))
    }

    /// The same, after loading the module that has it: see `lib_poly1305_get()`. May sleep.
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

    /// Hands the pin to C.
    pub(crate) fn into_raw(self) -> *mut lib_poly1305_pin {
        let this = core::mem::ManuallyDrop::new(self);
        // An entry's pins look all the same.
        Arc::as_ptr(&this.entry).cast_mut().cast()
    }

    /// Takes back what [`Self::into_raw`] handed out.
    ///
    /// # Safety
    ///
    /// `pin` came from there, and does not come here again.
    pub(crate) unsafe fn from_raw(pin: *mut lib_poly1305_pin) -> Self {
        // SAFETY: `into_raw()` left the reference to the entry behind, by this function's
        // requirement for this call.
        let entry = unsafe { Arc::from_raw(pin.cast::<Entry>().cast_const()) };
        // SAFETY: As above, and that to the owner.
        let owner = unsafe { ModuleRef::from_held(entry.owner) };
        // INVARIANT: The count was left behind as well.
        Self {
            entry,
            _owner: owner,
        }
    }

    /// Looks at the implementation of a pin that C holds.
    ///
    /// # Safety
    ///
    /// `pin` came from [`Self::into_raw`], and is not given to [`Self::from_raw`] during `'a`.
    pub(crate) unsafe fn borrow<'a>(pin: *const lib_poly1305_pin) -> &'a Entry {
        // SAFETY: The reference that `into_raw()` left behind keeps the entry.
        unsafe { &*pin.cast() }
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        TABLE.with(|table| {
            if let Some(slot) = table.identified(self.entry.identity) {
                slot.pins = slot.pins.saturating_sub(1);
            }
        });
    }
}
