// SPDX-License-Identifier: GPL-2.0

//! Memory between unmapped pages.

use kernel::page::PAGE_SIZE;
use kernel::prelude::*;

/// Whole pages with an unmapped page before and after them.
///
/// vmalloc leaves a page unmapped after every area, so the page before an area is either the
/// unmapped one of another area, or belongs to none.
pub(crate) struct Guarded(VVec<u8>);

impl Guarded {
    /// Maps `pages` pages of zeroes.
    pub(crate) fn new(pages: usize) -> Result<Self> {
        Ok(Self(VVec::from_elem(0, pages * PAGE_SIZE, GFP_KERNEL)?))
    }

    /// All of it.
    pub(crate) fn as_slice(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// The first `len` bytes. The byte before them is unmapped.
    pub(crate) fn first(&mut self, len: usize) -> &mut [u8] {
        &mut self.0[..len]
    }

    /// The last `len` bytes. The byte after them is unmapped.
    pub(crate) fn last(&mut self, len: usize) -> &mut [u8] {
        let start = self.0.len() - len;
        &mut self.0[start..]
    }
}
