// SPDX-License-Identifier: GPL-2.0

//! The table of implementations: what there is, and which is to be active.
//!
//! Data only. Who may change it when is up to `registry.rs`. Nothing here allocates or frees, as
//! it is all done under a lock; what is taken out is for the caller to free.

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
    /// The address of the provider's `struct lib_poly1305_ops`, which is never looked at again.
    pub(crate) identity: usize,
}

/// An entry, and what changes about it.
///
/// # Invariants
///
/// While there are pins, the slot is in the table, and the owner is held once for each.
pub(crate) struct Slot {
    /// In memory of its own: whoever has a pin reads it while the rest changes.
    pub(crate) entry: KBox<Entry>,
    /// How many pins there are.
    pub(crate) pins: usize,
    /// After it was the target: when calls of it are over.
    pub(crate) left: Option<GracePeriod>,
}

impl Slot {
    /// A place in the table, before it is there. May sleep.
    pub(crate) fn new(entry: Entry) -> Result<KBox<Node<Self>>> {
        // INVARIANT: No pins.
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

/// Why not, in words.
#[derive(Clone, Copy)]
pub(crate) struct Reason(pub(crate) [u8; LIB_POLY1305_REASON_SIZE as usize]);

/// What the administrator selected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// The implementation of the highest priority.
    Best,
    /// The one of this name; while it is not registered, that of the highest priority.
    Named(Name),
}

/// The table.
pub(crate) struct Table {
    /// Implementations, the best first; of two with one priority, the one that came first.
    pub(crate) slots: List<Slot>,
    pub(crate) declined: List<Declined>,
    /// What was taken out where nothing can be freed, for the next change that may sleep.
    pub(crate) retired: List<Slot>,
    pub(crate) selection: Selection,
    /// The identity of the active one, or 0 if the table has none: then the portable code is the
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
    /// `ENODEV`: it was declined; `EAGAIN`: it exists, but its module is not there, not yet, or not
    /// for long; `ENOENT`: nobody knows it.
    pub(crate) fn absence(&mut self, name: &Name) -> Error {
        if self.declined.iter().any(|declined| declined.name == *name) {
            ENODEV
        } else if self.named(name).is_some() || known::module_of(name).is_some() {
            EAGAIN
        } else {
            ENOENT
        }
    }

    /// The implementation that should be active: the selected one, or the one of the highest priority.
    pub(crate) fn choice(&self) -> Option<&Entry> {
        let mut entries = self.slots.iter().map(|slot| &*slot.entry);
        let best = entries.next();
        let Selection::Named(name) = self.selection else {
            return best;
        };
        let named = Iterator::chain(best.into_iter(), entries).find(|entry| entry.name == name);
        named.or(best)
    }

    /// Adds an implementation. Returns the note that it was declined, if there was one.
    pub(crate) fn insert(&mut self, slot: KBox<Node<Slot>>) -> Option<KBox<Node<Declined>>> {
        let Entry { name, priority, .. } = *slot.value.entry;
        self.slots
            .insert(slot, |other| other.entry.priority < priority);
        self.declined.take(|declined| declined.name == name)
    }

    /// Takes out an implementation that is not pinned.
    pub(crate) fn remove(&mut self, identity: usize) -> Result<KBox<Node<Slot>>> {
        if self.identified(identity).ok_or(ENOENT)?.pins != 0 {
            return Err(EBUSY);
        }
        let slot = self.slots.take(|slot| slot.entry.identity == identity);
        slot.ok_or(ENOENT)
    }

    /// Notes that an implementation was declined. Returns the note before that, if there was one.
    pub(crate) fn decline(
        &mut self,
        declined: KBox<Node<Declined>>,
    ) -> Option<KBox<Node<Declined>>> {
        let name = declined.value.name;
        let former = self.declined.take(|declined| declined.name == name);
        self.declined.insert(declined, |_| false);
        former
    }

    /// Takes out what is retired.
    pub(crate) fn take_retired(&mut self) -> List<Slot> {
        mem::replace(&mut self.retired, List::new())
    }
}
