// SPDX-License-Identifier: GPL-2.0

//! The table of implementations: what there is, and which is to be active.
//!
//! Data only. Who may change it when is up to `registry.rs`.

use core::mem;

use kernel::prelude::*;
use kernel::sync::Arc;

use crate::bindings::LIB_POLY1305_REASON_SIZE;
use crate::module_ref::Owner;
use crate::name::Name;
use crate::rcu::GracePeriod;
use crate::target::Direct;

/// An implementation, as its provider described it.
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) priority: i32,
    pub(crate) owner: Owner,
    pub(crate) code: Direct,
    /// The address of the provider's `struct lib_poly1305_ops`, which is never looked at again.
    pub(crate) identity: usize,
}

/// An entry, and what changes about it.
pub(crate) struct Slot {
    pub(crate) entry: Arc<Entry>,
    /// How many pins there are.
    pub(crate) pins: usize,
    /// After it was the target: when calls of it are over.
    pub(crate) left: Option<GracePeriod>,
}

/// An implementation that cannot run here.
pub(crate) struct Declined {
    pub(crate) name: Name,
    pub(crate) reason: Reason,
}

/// Why not, in words.
pub(crate) struct Reason(pub(crate) [u8; LIB_POLY1305_REASON_SIZE as usize]);

/// What the administrator asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// The implementation of the highest priority.
    Best,
    /// This one; while it is not there, the best.
    Named(Name),
}

/// The table.
pub(crate) struct Table {
    /// Implementations in the order in which they came.
    pub(crate) slots: KVec<Slot>,
    pub(crate) declined: KVec<Declined>,
    pub(crate) wish: Wish,
    /// The identity of the active one, or 0 before there is any.
    pub(crate) active: usize,
}

impl Table {
    pub(crate) const fn new() -> Self {
        Self {
            slots: KVec::new(),
            declined: KVec::new(),
            wish: Wish::Best,
            active: 0,
        }
    }

    /// The implementation of this name.
    pub(crate) fn named(&mut self, name: &Name) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.entry.name == *name)
    }

    /// The implementation of this identity.
    pub(crate) fn identified(&mut self, identity: usize) -> Option<&mut Slot> {
        let mut slots = self.slots.iter_mut();
        slots.find(|slot| slot.entry.identity == identity)
    }

    /// The implementation that is active.
    pub(crate) fn active(&mut self) -> Option<&mut Slot> {
        self.identified(self.active)
    }

    /// Whether an implementation was declined, and has not come since.
    pub(crate) fn is_declined(&self, name: &Name) -> bool {
        self.declined.iter().any(|declined| declined.name == *name)
    }

    /// The implementation that ought to be active: the one wished for, or the best one. Of two
    /// with one priority, the one that came first.
    pub(crate) fn choice(&self) -> Option<&Arc<Entry>> {
        let entries = || self.slots.iter().map(|slot| &slot.entry);
        if let Wish::Named(name) = self.wish {
            if let Some(entry) = entries().find(|entry| entry.name == name) {
                return Some(entry);
            }
        }
        entries().reduce(|best, entry| {
            if entry.priority > best.priority {
                entry
            } else {
                best
            }
        })
    }

    /// Adds an entry, in memory that was allocated before: nothing can be under the lock.
    pub(crate) fn insert(&mut self, room: KVec<Slot>, entry: Arc<Entry>) {
        self.undecline(&entry.name);
        let slot = Slot {
            entry,
            pins: 0,
            left: None,
        };
        push(&mut self.slots, room, slot);
    }

    /// Notes a refusal, in memory that was allocated before.
    pub(crate) fn decline(&mut self, room: KVec<Declined>, declined: Declined) {
        self.undecline(&declined.name);
        push(&mut self.declined, room, declined);
    }

    /// Forgets that an implementation was declined.
    fn undecline(&mut self, name: &Name) {
        if let Some(position) = self.declined.iter().position(|d| d.name == *name) {
            take(&mut self.declined, position);
        }
    }

    /// Takes out the implementation of this identity.
    pub(crate) fn remove(&mut self, identity: usize) -> Option<Slot> {
        let mut slots = self.slots.iter();
        let position = slots.position(|slot| slot.entry.identity == identity)?;
        take(&mut self.slots, position)
    }
}

/// Adds `value` to what moves from `list` to `room`, which has space for one more.
fn push<T>(list: &mut KVec<T>, mut room: KVec<T>, value: T) {
    for value in Iterator::chain(mem::take(list).into_iter(), [value]) {
        // Cannot fail: there is space.
        let _ = room.push_within_capacity(value);
    }
    *list = room;
}

/// Takes out a value. The others stay in their order.
fn take<T>(list: &mut KVec<T>, position: usize) -> Option<T> {
    // Swaps it to the end. (`remove()` would do, but for the panic in it.)
    let tail = list.get_mut(position..)?;
    tail.iter_mut().reduce(|value, next| {
        mem::swap(value, next);
        next
    });
    list.pop()
}
