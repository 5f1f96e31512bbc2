// SPDX-License-Identifier: GPL-2.0

//! Messages in scattered pieces, and an implementation that records what it reads.

use core::sync::atomic::{AtomicUsize, Ordering};

use kernel::iov::{IovIterDest, IovIterSource};
use kernel::prelude::*;

use crate::bindings::{self, lib_poly1305_kunit_piece, lib_poly1305_state, lib_poly1305_workspace};
use crate::lib_poly1305_sg::ScatterList;
use crate::random::Random;
use crate::table::absorb;

/// A message in one buffer, and the same in pieces.
pub(crate) struct Pieces {
    /// In one buffer.
    pub(crate) flat: KVec<u8>,
    /// The memory with the pieces.
    memory: KVec<u8>,
    pieces: KVec<lib_poly1305_kunit_piece>,
}

impl Pieces {
    /// A random message in pieces of these lengths. Later pieces are at lower addresses, with other
    /// bytes before and after each, so reading beyond a piece gives a wrong tag.
    pub(crate) fn new(random: &mut Random, lengths: &[usize]) -> Result<Self> {
        let len: usize = lengths.iter().sum();
        let mut flat = KVec::from_elem(0, len, GFP_KERNEL)?;
        random.fill(&mut flat);
        let mut memory = KVec::from_elem(0x6b, len + 37 * (lengths.len() + 1), GFP_KERNEL)?;
        let mut pieces = KVec::with_capacity(lengths.len(), GFP_KERNEL)?;
        let (mut place, mut start) = (memory.len(), 0);
        for &len in lengths {
            // Any alignment.
            place -= len + 1 + random.below(37);
            memory[place..place + len].copy_from_slice(&flat[start..start + len]);
            start += len;
            let data = memory[place..].as_ptr();
            pieces.push(lib_poly1305_kunit_piece { data, len }, GFP_KERNEL)?;
        }
        Ok(Self {
            flat,
            memory,
            pieces,
        })
    }

    /// Overwrites the bytes of the first piece.
    pub(crate) fn set_first(&mut self, bytes: &[u8]) {
        let place = self.pieces[0].data as usize - self.memory.as_ptr() as usize;
        self.memory[place..place + bytes.len()].copy_from_slice(bytes);
        self.flat[..bytes.len()].copy_from_slice(bytes);
    }

    /// The same with lengths of all kinds: 0, 1, some bytes, pages.
    pub(crate) fn random(random: &mut Random) -> Result<Self> {
        let mut lengths = [0; 20];
        for len in &mut lengths {
            *len = match random.below(8) {
                0 | 1 => 0,
                2 => 1,
                3..=5 => random.below(100),
                6 => 16 * random.below(100),
                _ => random.below(9000),
            };
        }
        let count = 1 + random.below(lengths.len());
        Self::new(random, &lengths[..count])
    }

    /// A scatter list of the pieces, in chained tables of that many entries.
    pub(crate) fn list(&self, per_table: u32) -> Result<List<'_>> {
        let (pieces, count) = (self.pieces.as_ptr(), self.pieces.len() as u32);
        // SAFETY: There are as many pieces, in memory of kmalloc.
        let first = unsafe { bindings::lib_poly1305_kunit_sg(pieces, count, per_table) };
        if first.is_null() {
            return Err(ENOMEM);
        }
        Ok(List {
            first,
            _pieces: self,
        })
    }

    /// An iterator over the pieces with a count of `len`.
    pub(crate) fn iter(&self, kind: u32, len: usize) -> Result<Iter<'_>> {
        let (pieces, count) = (self.pieces.as_ptr(), self.pieces.len() as u32);
        // SAFETY: There are as many pieces, in memory of kmalloc.
        Iter::new(self, unsafe {
            bindings::lib_poly1305_kunit_iter(kind, pieces, count, len)
        })
    }

    /// An iterator over a copy of the message in folios, from `offset` in the first one on. Its
    /// count is larger by `more`.
    pub(crate) fn folios(&self, queue: bool, offset: usize, more: usize) -> Result<Iter<'_>> {
        self.folios_without(queue, offset, more, u32::MAX)
    }

    /// The same in an xarray, without one of the folios.
    pub(crate) fn folios_without(
        &self,
        queue: bool,
        offset: usize,
        more: usize,
        missing: u32,
    ) -> Result<Iter<'_>> {
        let (data, len) = (self.flat.as_ptr(), self.flat.len());
        let piece = lib_poly1305_kunit_piece { data, len };
        // SAFETY: The piece is valid, and copied.
        Iter::new(self, unsafe {
            bindings::lib_poly1305_kunit_folios(queue, &piece, offset, more, missing)
        })
    }

    /// Starts recording what the implementation [`watching`] is given.
    pub(crate) fn watch(&self) {
        let range = self.memory.as_ptr_range();
        START.store(range.start as usize, Ordering::Relaxed);
        END.store(range.end as usize, Ordering::Relaxed);
        INSIDE.store(0, Ordering::Relaxed);
        OUTSIDE.store(0, Ordering::Relaxed);
    }
}

/// A scatter list, made in C.
pub(crate) struct List<'a> {
    first: *mut bindings::scatterlist,
    _pieces: &'a Pieces,
}

impl List<'_> {
    pub(crate) fn get(&self) -> ScatterList<'_> {
        // SAFETY: The list is valid until it is dropped, has an end, and nobody writes to it or to
        // the pieces.
        unsafe { ScatterList::from_raw(self.first.cast()) }
    }
}

// SAFETY: Nothing of a list changes.
unsafe impl Sync for List<'_> {}

impl Drop for List<'_> {
    fn drop(&mut self) {
        // SAFETY: The list came from the helper, and nobody has it any more.
        unsafe { bindings::lib_poly1305_kunit_sg_free(self.first) };
    }
}

/// An iterator, made in C.
pub(crate) struct Iter<'a> {
    iter: *mut bindings::iov_iter,
    _pieces: &'a Pieces,
}

impl<'a> Iter<'a> {
    fn new(pieces: &'a Pieces, iter: *mut bindings::iov_iter) -> Result<Self> {
        if iter.is_null() {
            return Err(ENOMEM);
        }
        Ok(Self {
            iter,
            _pieces: pieces,
        })
    }

    pub(crate) fn get(&mut self) -> &mut IovIterSource<'a> {
        // SAFETY: The iterator is a valid source until it is dropped, and borrowed with this.
        unsafe { IovIterSource::from_raw(self.iter.cast()) }
    }

    /// Changes its direction to the one that [`IovIterSource`] does not have.
    pub(crate) fn turn(&mut self) {
        // SAFETY: The iterator is valid until it is dropped, and borrowed.
        unsafe { bindings::lib_poly1305_kunit_iter_turn(self.iter) };
    }

    /// The iterator, for a C call.
    pub(crate) fn as_raw(&mut self) -> *mut bindings::iov_iter {
        self.iter
    }

    /// The number of bytes that are left.
    pub(crate) fn left(&self) -> usize {
        // SAFETY: The iterator is valid until it is dropped.
        unsafe { bindings::lib_poly1305_kunit_iter_count(self.iter) }
    }
}

impl Drop for Iter<'_> {
    fn drop(&mut self) {
        // SAFETY: The iterator came from a helper, and nobody has it any more.
        unsafe { bindings::lib_poly1305_kunit_iter_free(self.iter) };
    }
}

/// Memory, and an iterator, made in C, that writes to it.
pub(crate) struct Target {
    iter: *mut bindings::iov_iter,
    memory: KVec<u8>,
}

impl Target {
    pub(crate) fn new(len: usize) -> Result<Self> {
        let mut memory = KVec::from_elem(0, len, GFP_KERNEL)?;
        // SAFETY: The memory is as long, and stays where it is.
        let iter = unsafe { bindings::lib_poly1305_kunit_iter_to(memory.as_mut_ptr(), len) };
        if iter.is_null() {
            return Err(ENOMEM);
        }
        Ok(Self { iter, memory })
    }

    pub(crate) fn get(&mut self) -> &mut IovIterDest<'_> {
        // SAFETY: The iterator is valid until it is dropped, and borrowed with this, as is what it
        // writes to.
        unsafe { IovIterDest::from_raw(self.iter.cast()) }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.memory
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // SAFETY: The iterator came from the helper, and nobody has it any more.
        unsafe { bindings::lib_poly1305_kunit_iter_free(self.iter) };
    }
}

/// The memory range of the recording.
static START: AtomicUsize = AtomicUsize::new(0);
static END: AtomicUsize = AtomicUsize::new(0);

/// The numbers of blocks in that range, and of others.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
static OUTSIDE: AtomicUsize = AtomicUsize::new(0);

/// A correct implementation that records whether its blocks are in the range.
///
/// # Safety
///
/// As the provider's header says of `blocks`.
pub(crate) unsafe extern "C" fn watching(
    state: *mut lib_poly1305_state,
    _: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    let range = START.load(Ordering::Relaxed)..END.load(Ordering::Relaxed);
    let inside = range.contains(&(data as usize));
    let count = if inside { &INSIDE } else { &OUTSIDE };
    count.fetch_add(nblocks, Ordering::Relaxed);
    // SAFETY: By this function's requirements.
    unsafe { absorb(state, data, nblocks) };
}

/// The number of blocks in the range, and the number of others.
pub(crate) fn seen() -> (usize, usize) {
    (
        INSIDE.load(Ordering::Relaxed),
        OUTSIDE.load(Ordering::Relaxed),
    )
}
