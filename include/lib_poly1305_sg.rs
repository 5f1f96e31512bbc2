// SPDX-License-Identifier: GPL-2.0

//! Poly1305 of messages that lie in several places, for Rust modules.
//!
//! A module that takes in `lib_poly1305.rs` takes in this file next to it, as `lib_poly1305_sg`. In
//! its Kbuild it names `lib_poly1305_sg_functions.h` as the header for `scripts/Kbuild.bindings`,
//! and links `lib_poly1305_sg_functions.o`, for which that file has the rule.
//!
//! Bytes are read where they are. Nothing here copies them, allocates or sleeps; everything may be
//! called from task, softirq and hardirq context, but not from NMI.
//!
//! C header: `include/lib_poly1305_sg.h`.

use core::marker::PhantomData;

use kernel::bindings as c;
use kernel::error::to_result;
use kernel::iov::IovIterSource;
use kernel::prelude::*;

use crate::bindings;
use crate::lib_poly1305::Poly1305;

/// A scatter list that somebody else owns, as C functions pass it.
///
/// `kernel::scatterlist` is for lists that are mapped for a device, and shows no memory.
///
/// # Invariants
///
/// `first` is NULL, or the first entry of a list that ends with an entry that is marked as its end.
/// For `'list`, neither the list nor the bytes in it change.
#[derive(Clone, Copy)]
pub struct ScatterList<'list> {
    first: *mut c::scatterlist,
    _list: PhantomData<&'list [u8]>,
}

impl ScatterList<'_> {
    /// Takes a list from C. NULL is a list without bytes.
    ///
    /// # Safety
    ///
    /// `first` must be NULL, or point to the first entry of a valid list that ends with an entry
    /// that is marked as its end. For the lifetime that the caller chooses, nobody may write to the
    /// list, or to the bytes in it.
    #[inline]
    pub const unsafe fn from_raw(first: *mut c::scatterlist) -> Self {
        // INVARIANT: By this function's requirements.
        Self {
            first,
            _list: PhantomData,
        }
    }
}

impl Poly1305 {
    /// Adds `len` bytes of a scatter list, after its first `offset` bytes.
    ///
    /// Fails with `EINVAL`, adding nothing, if the list holds less than the sum of both.
    #[inline]
    pub fn update_sg(&mut self, list: ScatterList<'_>, offset: usize, len: usize) -> Result {
        // SAFETY: The context is begun, and borrowed for this call alone. By the type invariants
        // of `ScatterList` the list is valid, and C finds its end.
        to_result(unsafe {
            bindings::lib_poly1305_sg_update(self.as_raw(), list.first.cast(), offset, len)
        })
    }

    /// Adds the next `len` bytes of an iterator over kernel memory, and advances it by as many.
    ///
    /// Fails, adding nothing and leaving the iterator where it was, with `EFAULT` if it is over
    /// memory of a process, of which only a copy can be trusted
    /// (`IovIterSource::copy_from_iter()`), and with `EINVAL` if it has less than `len` bytes.
    ///
    /// # Safety
    ///
    /// Until this returns nobody may write to these bytes, of which an `IovIterSource` by itself
    /// says nothing.
    #[inline]
    pub unsafe fn update_iter(&mut self, iter: &mut IovIterSource<'_>, len: usize) -> Result {
        // SAFETY: The context is begun, and borrowed for this call alone. By the type invariants
        // of `IovIterSource` it may be read from by C code, and it is borrowed, too. Its bytes do
        // not change by this function's requirements.
        to_result(unsafe {
            bindings::lib_poly1305_sg_update_iter(self.as_raw(), iter.as_raw().cast(), len)
        })
    }
}
