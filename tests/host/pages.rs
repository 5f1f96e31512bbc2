// SPDX-License-Identifier: GPL-2.0

//! Memory between pages that cannot be accessed.

use std::ptr::null_mut;
use std::slice;

use libc::{mmap, mprotect, munmap, sysconf};
use libc::{
    _SC_PAGESIZE, MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_NONE, PROT_READ, PROT_WRITE,
};

/// Whole pages with one before and one after them that cannot be accessed: who does ends the
/// process.
pub(crate) struct Guarded {
    mapping: *mut u8,
    page: usize,
    len: usize,
}

impl Guarded {
    /// Maps at least so many bytes of zeroes.
    pub(crate) fn new(len: usize) -> Self {
        // SAFETY: A new mapping is nobody else's, and the pages that are protected are in it.
        unsafe {
            let page = sysconf(_SC_PAGESIZE) as usize;
            let len = len.next_multiple_of(page);
            let flags = MAP_PRIVATE | MAP_ANONYMOUS;
            let mapping = mmap(null_mut(), len + 2 * page, PROT_NONE, flags, -1, 0);
            assert_ne!(mapping, MAP_FAILED);
            assert_eq!(
                mprotect(mapping.byte_add(page), len, PROT_READ | PROT_WRITE),
                0
            );
            Self {
                mapping: mapping.cast(),
                page,
                len,
            }
        }
    }

    fn all(&mut self) -> &mut [u8] {
        // SAFETY: These bytes of the mapping can be accessed, by nobody but through `self`.
        unsafe { slice::from_raw_parts_mut(self.mapping.add(self.page), self.len) }
    }

    /// The first `len` bytes: the one before them cannot be accessed.
    pub(crate) fn first(&mut self, len: usize) -> &mut [u8] {
        &mut self.all()[..len]
    }

    /// The last `len` bytes: the one after them cannot be accessed.
    pub(crate) fn last(&mut self, len: usize) -> &mut [u8] {
        let start = self.len - len;
        &mut self.all()[start..]
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: The mapping is of this length, and nothing refers to it any more.
        unsafe { munmap(self.mapping.cast(), self.len + 2 * self.page) };
    }
}
