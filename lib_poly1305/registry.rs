// SPDX-License-Identifier: GPL-2.0

//! Changes of the table: register, unregister, decline, select.
//!
//! Each change holds [`Control`] from its first check to its end, so it either completes or changes
//! nothing. The spinlock of the table is held only for short accesses.

use core::mem;

use kernel::prelude::*;

use crate::known;
use crate::list::Node;
use crate::lock::{Control, Locked};
use crate::name::Name;
use crate::rcu::{self, GracePeriod};
use crate::selftest;
use crate::table::{Declined, Entry, Reason, Selection, Slot, Table};
use crate::target::Direct;
use crate::text::Text;

/// The table.
// SAFETY: The only call in the module.
pub(crate) static TABLE: Locked<Table> = unsafe { Locked::new(Table::new()) };

/// Begins a change that may sleep. Frees what [`try_unregister`] could not.
fn change() -> Control {
    let control = Control::lock();
    drop(TABLE.with(Table::take_retired));
    control
}

/// Makes the table's choice the target, or the portable code if the table is empty.
///
/// Calls of the former target may still be running. If it is still in the table, `left` is the
/// grace period after which they have returned; otherwise [`unregister`] waits for them.
fn retarget(control: &Control) {
    let (former, entry) = TABLE.with(|table| {
        let entry = table.choice().copied();
        let now = entry.map_or(0, |entry| entry.identity);
        (mem::replace(&mut table.active, now), entry)
    });
    if former == entry.map_or(0, |entry| entry.identity) {
        return;
    }
    let code = entry.map_or(Direct::PORTABLE, |entry| entry.code);
    // SAFETY: The portable code is the library's own. Other code is that of an entry in the table,
    // so its owner has not unregistered it. Unregistering takes `Control`, replaces the target, and
    // waits for a grace period before it returns; only then may the owner free the code.
    unsafe { code.make_target(control) };
    let left = GracePeriod::start();
    TABLE.with(|table| {
        if let Some(slot) = table.identified(former) {
            slot.left = Some(left);
        }
    });
    match entry {
        Some(entry) => pr_info!("{} is active\n", entry.name),
        None => pr_info!("the portable code is active\n"),
    }
}

/// Adds an implementation: see `lib_poly1305_register()`.
pub(crate) fn register(entry: Entry) -> Result {
    let control = change();
    let Entry { name, identity, .. } = entry;
    let taken =
        TABLE.with(|table| table.named(&name).is_some() || table.identified(identity).is_some());
    if taken {
        pr_err!(
            "{} refused: an implementation of that name is registered\n",
            name
        );
        return Err(EEXIST);
    }
    if let Err(failure) = selftest::run(entry.code) {
        pr_err!("{} refused: {}\n", name, failure);
        return Err(failure.into());
    }
    let slot = Slot::new(entry)?;
    pr_info!(
        "{} registered by {}, priority {}\n",
        name,
        Text(entry.owner.name()),
        entry.priority
    );
    drop(TABLE.with(|table| table.insert(slot)));
    retarget(&control);
    Ok(())
}

/// Removes an implementation: see `lib_poly1305_unregister()`.
pub(crate) fn unregister(identity: usize) -> Result {
    let control = change();
    let slot = TABLE.with(|table| table.remove(identity));
    let slot = slot.inspect_err(|e| say_why_not(identity, *e))?;
    retarget(&control);
    // If it was the target until now or shortly before, calls of it may be running.
    rcu::synchronize();
    pr_info!("{} unregistered\n", slot.value.entry.name);
    Ok(())
}

/// The same without sleeping: see `lib_poly1305_try_unregister()`.
pub(crate) fn try_unregister(identity: usize) -> Result {
    // While this is held, no one else can make it the target.
    let _control = Control::try_lock().ok_or(EAGAIN)?;
    let name = TABLE.with(|table| {
        let active = table.active;
        let slot = table.identified(identity).ok_or(ENOENT)?;
        let in_use = identity == active || slot.left.is_some_and(|left| !left.is_over());
        if slot.pins == 0 && in_use {
            return Err(EAGAIN);
        }
        let slot = table.remove(identity)?;
        let name = slot.value.entry.name;
        // Freeing memory may sleep on PREEMPT_RT.
        table.retired.insert(slot, |_| true);
        Ok(name)
    });
    let name = name.inspect_err(|e| say_why_not(identity, *e))?;
    pr_info!("{} unregistered\n", name);
    Ok(())
}

/// Logs why an implementation was not removed.
fn say_why_not(identity: usize, error: Error) {
    let name = TABLE.with(|table| Some(table.identified(identity)?.entry.name));
    match name {
        Some(name) if error == EBUSY => pr_err!("{} not unregistered: it is pinned\n", name),
        // Nothing to log: the caller will try again.
        Some(_) => (),
        None => pr_err!("nothing unregistered: the implementation is not registered\n"),
    }
}

/// Records that an implementation cannot run here: see `lib_poly1305_decline()`.
pub(crate) fn decline(name: Name, reason: Reason) -> Result {
    pr_info!("{} declined: {}\n", name, Text(&reason.0));
    let _control = change();
    let declined = Node::new(Declined { name, reason })?;
    drop(TABLE.with(|table| table.decline(declined)));
    Ok(())
}

/// Selects an implementation by name, which must be registered, or the one of the highest priority:
/// see the module parameter.
///
/// At load time, a name is also accepted if the module that has it is known.
pub(crate) fn select(selection: Selection) -> Result {
    let control = change();
    if let Selection::Named(name) = &selection {
        let (begun, there) =
            TABLE.with(|table| (!table.slots.is_empty(), table.named(name).is_some()));
        let awaited = !begun && (name.is("generic") || known::module_of(name).is_some());
        if !there && !awaited {
            let error = TABLE.with(|table| table.absence(name));
            let why = if error == ENODEV {
                "it was declined on this machine"
            } else if error == EAGAIN {
                "its module is not loaded"
            } else {
                "no implementation has that name"
            };
            pr_err!("{} not selected: {}; nothing has changed\n", name, why);
            // At load time, the kernel would report ENOENT as an unknown parameter.
            return Err(if begun { error } else { EINVAL });
        }
    }
    TABLE.with(|table| table.selection = selection);
    retarget(&control);
    Ok(())
}

/// Empties the table when the library is unloaded, which has no callers and no providers any more.
pub(crate) fn clear() {
    let _control = Control::lock();
    drop(TABLE.with(|table| mem::replace(table, Table::new())));
}
