// SPDX-License-Identifier: GPL-2.0

//! The table of implementations: which are registered, and which one should be active.
//!
//! Data only; `registry.rs` says when it may change. Nothing here allocates or frees, as all of it
//! runs under a spinlock; the caller frees what is removed.

use core::mem;

use kernel::prelude::*;

use crate::bindings::LIB_POLY1305_REASON_SIZE;
use crate::known;
use crate::list::{List, Node};
use crate::module_ref::Owner;
use crate::name::Name;
use crate::rcu::GracePeriod;
use crate::target::Direct;

/// An implementation, as its provider described it.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) priority: i32,
    pub(crate) owner: Owner,
    pub(crate) code: Direct,
    /// The address of the provider's `struct lib_poly1305_ops`, which is never dereferenced again.
    pub(crate) identity: usize,
}

/// An entry, and its state that changes.
///
/// # Invariants
///
/// While there are pins, the slot is in the table, and there is a reference to the owner for each.
pub(crate) struct Slot {
    /// In memory of its own, because holders of pins read it while the other fields change.
    pub(crate) entry: KBox<Entry>,
    /// The number of pins.
    pub(crate) pins: usize,
    /// If it was the target before: the grace period after which its calls have returned.
    pub(crate) left: Option<GracePeriod>,
}

impl Slot {
    /// Allocates a slot. May sleep.
    pub(crate) fn new(entry: Entry) -> Result<KBox<Node<Self>>> {
        // INVARIANT: There are no pins.
        Node::new(Self {
            entry: KBox::new(entry, GFP_KERNEL)?,
            pins: 0,
            left: None,
        })
    }
}

/// An implementation that cannot run here.
#[derive(Clone, Copy)]
pub(crate) struct Declined {
    pub(crate) name: Name,
    pub(crate) reason: Reason,
}

/// The reason that it was declined for, as text.
#[derive(Clone, Copy)]
pub(crate) struct Reason(pub(crate) [u8; LIB_POLY1305_REASON_SIZE as usize]);

/// What the administrator selected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// The implementation of the highest priority.
    Best,
    /// The one of this name, or while it is not registered, that of the highest priority.
    Named(Name),
}

/// The table.
pub(crate) struct Table {
    /// In the order of priority, the highest first; of equal ones, in the order of registration.
    pub(crate) slots: List<Slot>,
    pub(crate) declined: List<Declined>,
    /// Slots that were removed where memory cannot be freed; the next change that may sleep does.
    pub(crate) retired: List<Slot>,
    pub(crate) selection: Selection,
    /// The identity of the active one, or 0 if the table is empty; then the portable code is the
    /// target.
    pub(crate) active: usize,
}

impl Table {
    pub(crate) const fn new() -> Self {
        Self {
            slots: List::new(),
            declined: List::new(),
            retired: List::new(),
            selection: Selection::Best,
            active: 0,
        }
    }

    /// The implementation of this name.
    pub(crate) fn named(&mut self, name: &Name) -> Option<&mut Slot> {
        self.slots
            .find_map(|slot| (slot.entry.name == *name).then_some(slot))
    }

    /// The implementation of this identity.
    pub(crate) fn identified(&mut self, identity: usize) -> Option<&mut Slot> {
        self.slots
            .find_map(|slot| (slot.entry.identity == identity).then_some(slot))
    }

    /// The implementation that is active.
    pub(crate) fn active(&mut self) -> Option<&mut Slot> {
        self.identified(self.active)
    }

    /// Why an implementation cannot be pinned.
    ///
    /// `ENODEV`: it was declined; `EAGAIN`: it exists, but its module is not loaded, or is being
    /// loaded or unloaded; `ENOENT`: no implementation of that name is known.
    pub(crate) fn absence(&mut self, name: &Name) -> Error {
        if self.declined.iter().any(|declined| declined.name == *name) {
            ENODEV
        } else if self.named(name).is_some() || known::module_of(name).is_some() {
            EAGAIN
        } else {
            ENOENT
        }
    }

    /// The implementation that should be active: the selected one, or the one of the highest
    /// priority.
    pub(crate) fn choice(&self) -> Option<&Entry> {
        let mut entries = self.slots.iter().map(|slot| &*slot.entry);
        let best = entries.next();
        let Selection::Named(name) = self.selection else {
            return best;
        };
        let named = Iterator::chain(best.into_iter(), entries).find(|entry| entry.name == name);
        named.or(best)
    }

    /// Adds an implementation. Returns the record that it was declined, if there was one.
    pub(crate) fn insert(&mut self, slot: KBox<Node<Slot>>) -> Option<KBox<Node<Declined>>> {
        let Entry { name, priority, .. } = *slot.value.entry;
        self.slots
            .insert(slot, |other| other.entry.priority < priority);
        self.declined.take(|declined| declined.name == name)
    }

    /// Removes an implementation that is not pinned.
    pub(crate) fn remove(&mut self, identity: usize) -> Result<KBox<Node<Slot>>> {
        if self.identified(identity).ok_or(ENOENT)?.pins != 0 {
            return Err(EBUSY);
        }
        let slot = self.slots.take(|slot| slot.entry.identity == identity);
        slot.ok_or(ENOENT)
    }

    /// Records that an implementation was declined. Returns the former record, if there was one.
    pub(crate) fn decline(
        &mut self,
        declined: KBox<Node<Declined>>,
    ) -> Option<KBox<Node<Declined>>> {
        let name = declined.value.name;
        let former = self.declined.take(|declined| declined.name == name);
        self.declined.insert(declined, |_| false);
        former
    }

    /// Removes the retired slots.
    pub(crate) fn take_retired(&mut self) -> List<Slot> {
        mem::replace(&mut self.retired, List::new())
    }
}
