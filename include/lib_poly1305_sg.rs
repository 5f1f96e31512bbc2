// SPDX-License-Identifier: GPL-2.0

//! Poly1305 of messages in scatter lists and behind iterators, for Rust modules.
//!
//! A kernel module that includes `lib_poly1305.rs` includes this file next to it, as
//! `lib_poly1305_sg`. Its Kbuild names `lib_poly1305_sg_functions.h` as the header for
//! `scripts/Kbuild.bindings`, and links `lib_poly1305_sg_functions.o`, for which that file has the
//! rule.
//!
//! Bytes are read in place. Nothing here copies, allocates or sleeps; all functions may be called
//! in task, softirq and hardirq context, not in NMI context.
//!
//! C header: `include/lib_poly1305_sg.h`.

use core::marker::PhantomData;

use kernel::bindings as c;
use kernel::error::to_result;
use kernel::iov::IovIterSource;
use kernel::prelude::*;

use crate::bindings;
use crate::lib_poly1305::Poly1305;

/// A scatter list that C code passes and owns.
///
/// `kernel::scatterlist` is for lists that are mapped for a device, and gives no access to the
/// memory.
///
/// # Invariants
///
/// `first` is NULL, or points to the first entry of a list with an end mark. During `'list`,
/// neither the list nor the bytes in it change.
#[derive(Clone, Copy)]
pub struct ScatterList<'list> {
    first: *mut c::scatterlist,
    _list: PhantomData<&'list [u8]>,
}

impl ScatterList<'_> {
    /// Makes a list of a C pointer. NULL is a list without bytes.
    ///
    /// # Safety
    ///
    /// `first` must be NULL, or point to the first entry of a valid list with an end mark. For the
    /// lifetime that the caller chooses, nothing may write to the list or to the bytes in it.
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
    /// Fails with `EINVAL`, adding nothing, if the list has less than `offset + len` bytes.
    #[inline]
    pub fn update_sg(&mut self, list: ScatterList<'_>, offset: usize, len: usize) -> Result {
        // SAFETY: The context is valid and borrowed exclusively. By the type invariants of
        // `ScatterList` the list is valid and has an end mark.
        to_result(unsafe {
            bindings::lib_poly1305_sg_update(self.as_raw(), list.first.cast(), offset, len)
        })
    }

    /// Adds the next `len` bytes of an iterator over kernel memory, and advances it by as many.
    ///
    /// Fails, with the computation and the iterator unchanged: with `EFAULT` if the iterator is
    /// over user memory (copy that by `IovIterSource::copy_from_iter()`), and with `EINVAL` if it
    /// has less than `len` bytes.
    ///
    /// # Safety
    ///
    /// Nothing may write to these bytes until this returns, which an `IovIterSource` does not
    /// promise.
    #[inline]
    pub unsafe fn update_iter(&mut self, iter: &mut IovIterSource<'_>, len: usize) -> Result {
        // SAFETY: The context is valid and borrowed exclusively. By the type invariants of
        // `IovIterSource`, C code may read from it, and it is borrowed exclusively, too. Its bytes
        // do not change by this function's requirement.
        to_result(unsafe {
            bindings::lib_poly1305_sg_update_iter(self.as_raw(), iter.as_raw().cast(), len)
        })
    }
}
