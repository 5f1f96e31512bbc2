// SPDX-License-Identifier: GPL-2.0

//! The two locks: a mutex for changes, and a spinlock for the table.
//!
//! They are C statics (`services.c`), because the parameter can be set before code of the module
//! runs that could initialize them.
//!
//! Lock order: [`Control`], then a [`Locked`] value.

use core::cell::UnsafeCell;

use kernel::types::NotThreadSafe;

use crate::bindings;

/// The mutex, held: no other task changes the set of implementations or the selection.
///
/// # Invariants
///
/// The mutex `control` is held by this task while a value exists.
pub(crate) struct Control(NotThreadSafe);

impl Control {
    /// Acquires the mutex. May sleep.
    pub(crate) fn lock() -> Self {
        // SAFETY: An FFI call with no requirement but that of the context.
        unsafe { bindings::lib_poly1305_control_lock() };
        // INVARIANT: The mutex was acquired.
        Self(NotThreadSafe)
    }

    /// Acquires the mutex if it is free. May be called where sleeping is not allowed, in task
    /// context.
    pub(crate) fn try_lock() -> Option<Self> {
        // SAFETY: An FFI call with no requirement but that of the context.
        let locked = unsafe { bindings::lib_poly1305_control_trylock() };
        // INVARIANT: Created only if the mutex was acquired.
        locked.then(|| Self(NotThreadSafe))
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // SAFETY: This task holds the mutex by the type invariants.
        unsafe { bindings::lib_poly1305_control_unlock() };
    }
}

/// A value that the spinlock `table` protects.
///
/// # Invariants
///
/// No other value of this type exists in the module.
pub(crate) struct Locked<T>(UnsafeCell<T>);

// SAFETY: The value is only reached under the lock, one CPU at a time.
unsafe impl<T: Send> Sync for Locked<T> {}

impl<T> Locked<T> {
    /// Makes the one value that the lock protects.
    ///
    /// # Safety
    ///
    /// Nothing else in the module may call this.
    pub(crate) const unsafe fn new(value: T) -> Self {
        // INVARIANT: By this function's requirement.
        Self(UnsafeCell::new(value))
    }

    /// Calls `f` with the value, with the lock held and interrupts disabled.
    ///
    /// `f` must not sleep, nor take the lock again.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: An FFI call without requirements.
        let flags = unsafe { bindings::lib_poly1305_table_lock() };
        // SAFETY: By the type invariants the lock protects only this value, so this is the only
        // reference until the lock is released. Kernel code does not unwind.
        let result = f(unsafe { &mut *self.0.get() });
        // SAFETY: The lock was acquired above, which returned `flags`.
        unsafe { bindings::lib_poly1305_table_unlock(flags) };
        result
    }
}
