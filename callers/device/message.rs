// SPDX-License-Identifier: GPL-2.0

//! A message: first its key is written, then its bytes, and at last its tag is read.

use core::pin::Pin;

use kernel::bindings;
use kernel::ffi::c_int;
use kernel::iov::{IovIterDest, IovIterSource};
use kernel::prelude::*;

use crate::lib_poly1305::{Key, Poly1305, Tag, KEY_SIZE, TAG_SIZE};

/// The error of that number, for those that Linux 7.2 has no constants of for Rust.
fn error(number: u32) -> Error {
    Error::from_errno(-(number as c_int))
}

/// The progress of a message.
enum Stage {
    /// That many bytes of the key were written, but not all.
    Key(usize),
    /// The key is complete, and message bytes may be written.
    Bytes,
    /// The message has ended, and that many bytes of the tag were read.
    Tag(usize),
}

/// A message.
///
/// It is initialized in place and not moved, so that no copy of its secrets is left behind.
pub(crate) struct Message {
    stage: Stage,
    /// Zeroes, except in [`Stage::Key`].
    pub(crate) key: Key,
    /// That of this message in [`Stage::Bytes`]; otherwise its value does not matter.
    computation: Poly1305,
    /// Zeroes until [`Stage::Tag`].
    tag: Tag,
    /// Contains message bytes only during a write.
    pub(crate) chunk: KVec<u8>,
}

impl Message {
    /// An empty message. `chunk` is the buffer to copy to, of any size but 0.
    pub(crate) fn new(chunk: KVec<u8>) -> impl Init<Self> {
        init!(Self {
            stage: Stage::Key(0),
            key <- Key::new(|_| ()),
            computation <- Poly1305::new(&[0; KEY_SIZE]),
            tag: Tag::new([0; TAG_SIZE]),
            chunk,
        })
    }

    /// Adds bytes until `source` is empty, or `stop` returns true after a chunk. Returns their
    /// number.
    ///
    /// Fails, adding none, with `EBADFD` if the message has ended, and with `EFAULT` if the first
    /// byte cannot be read.
    pub(crate) fn write(
        &mut self,
        source: &mut IovIterSource<'_>,
        stop: impl Fn() -> bool,
    ) -> Result<usize> {
        if matches!(self.stage, Stage::Tag(_)) && !source.is_empty() {
            return Err(error(bindings::EBADFD));
        }
        let mut written = 0usize;
        while !source.is_empty() && (written == 0 || !stop()) {
            let len = source.copy_from_iter(&mut self.chunk);
            if len == 0 {
                break;
            }
            self.add(len);
            written = written.wrapping_add(len);
        }
        self.chunk.fill(0);
        // A write fails only if it added nothing.
        if written == 0 && !source.is_empty() {
            return Err(EFAULT);
        }
        Ok(written)
    }

    /// Adds the first `len` bytes of the chunk, first to the key, then to the message.
    fn add(&mut self, len: usize) {
        let mut data = &self.chunk[..len];
        if let Stage::Key(there) = self.stage {
            let missing = &mut self.key[there..];
            let (head, rest) = data.split_at(missing.len().min(data.len()));
            missing[..head.len()].copy_from_slice(head);
            if head.len() < missing.len() {
                self.stage = Stage::Key(there + head.len());
                return;
            }
            self.computation.restart(&self.key);
            self.key.fill(0);
            self.stage = Stage::Bytes;
            data = rest;
        }
        self.computation.update(data);
    }

    /// Returns the next bytes of the tag in `to`, and their number. The first call ends the
    /// message.
    ///
    /// Fails with `ENOKEY` if the key is not complete, and with `EFAULT` if no byte can be written.
    pub(crate) fn read(&mut self, to: &mut IovIterDest<'_>) -> Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        let given = match self.stage {
            Stage::Key(_) => return Err(error(bindings::ENOKEY)),
            Stage::Bytes => {
                Pin::new(&mut self.computation).finish_into(&mut self.tag);
                0
            }
            Stage::Tag(given) => given,
        };
        self.stage = Stage::Tag(given);
        let rest = &self.tag.as_bytes()[given..];
        let read = to.copy_to_iter(rest);
        if read == 0 && !rest.is_empty() {
            return Err(EFAULT);
        }
        self.stage = Stage::Tag(given + read);
        Ok(read)
    }
}
