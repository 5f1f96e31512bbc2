// SPDX-License-Identifier: GPL-2.0

//! A message as it comes in: first its key, then its bytes, at last its tag.

use core::pin::Pin;

use kernel::iov::{IovIterDest, IovIterSource};
use kernel::prelude::*;

use crate::lib_poly1305::{Key, Poly1305, Tag, KEY_SIZE, TAG_SIZE};

/// How far a message has come.
enum Stage {
    /// So many bytes of the key are there, less than all.
    Key(usize),
    /// The key is complete.
    Bytes,
    /// The tag was asked for, so the message has ended; so many bytes of it were read.
    Tag(usize),
}

/// A message on its way.
///
/// All of it stays where it was made, so that no copy is left behind.
pub(crate) struct Message {
    stage: Stage,
    /// Zeroes but for [`Stage::Key`].
    pub(crate) key: Key,
    /// Of this message for [`Stage::Bytes`] only.
    computation: Poly1305,
    /// Zeroes until [`Stage::Tag`].
    tag: Tag,
    /// Holds message bytes only while a write is under way.
    pub(crate) chunk: KVec<u8>,
}

impl Message {
    /// A message of which nothing is there. `chunk` is memory to copy to, of any size but none.
    pub(crate) fn new(chunk: KVec<u8>) -> impl Init<Self> {
        init!(Self {
            stage: Stage::Key(0),
            key <- Key::new(|_| ()),
            computation <- Poly1305::new(&[0; KEY_SIZE]),
            tag: Tag::new([0; TAG_SIZE]),
            chunk,
        })
    }

    /// Takes bytes, until `stop` says so after one of the chunks; says how many.
    ///
    /// Fails, taking none, with `EBADFD` if the message has ended, and with `EFAULT` if the first
    /// byte cannot be read.
    pub(crate) fn write(
        &mut self,
        source: &mut IovIterSource<'_>,
        stop: impl Fn() -> bool,
    ) -> Result<usize> {
        if matches!(self.stage, Stage::Tag(_)) && !source.is_empty() {
            return Err(EBADFD);
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
        // What was taken counts; only a write that took nothing fails.
        if written == 0 && !source.is_empty() {
            return Err(EFAULT);
        }
        Ok(written)
    }

    /// Takes the first `len` bytes of the chunk: of the key first, of the message then.
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

    /// Gives bytes of the tag, after those that were given before; says how many. The first time
    /// ends the message.
    ///
    /// Fails, changing nothing, with `ENOKEY` if the key is not complete, and with `EFAULT` if no
    /// byte can be written.
    pub(crate) fn read(&mut self, to: &mut IovIterDest<'_>) -> Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        let given = match self.stage {
            Stage::Key(_) => return Err(ENOKEY),
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
