// SPDX-License-Identifier: GPL-2.0

//! A message as it comes in: first its key, then its bytes, at last its tag.

use core::mem;

use kernel::prelude::*;

use crate::lib_poly1305::{Key, Poly1305, Tag, KEY_SIZE};

/// A message on its way.
pub(crate) enum Message {
    /// The first `len` bytes of the key are there; `len < KEY_SIZE`.
    Key { bytes: [u8; KEY_SIZE], len: usize },
    /// The key is complete.
    Bytes(Poly1305),
    /// The tag was asked for, so the message has ended.
    Ended(Tag),
}

impl Message {
    /// A message of which nothing is there.
    pub(crate) fn new() -> Self {
        Self::Key {
            bytes: [0; KEY_SIZE],
            len: 0,
        }
    }

    /// Takes bytes: of the key first, of the message then.
    ///
    /// Fails with `EBADFD`, taking none, if the message has ended.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result {
        let mut data = data;
        if let Self::Key { bytes, len } = self {
            let missing = &mut bytes[*len..];
            let (head, rest) = data.split_at(missing.len().min(data.len()));
            missing[..head.len()].copy_from_slice(head);
            *len += head.len();
            if *len < KEY_SIZE {
                return Ok(());
            }
            let key = Key::new(mem::take(bytes));
            *self = Self::Bytes(Poly1305::new(&key));
            data = rest;
        }
        match self {
            Self::Bytes(computation) => {
                computation.update(data);
                Ok(())
            }
            _ => Err(EBADFD),
        }
    }

    /// Ends the message, if it has not, and returns its tag.
    ///
    /// Fails with `ENOKEY`, changing nothing, if the key is not complete.
    pub(crate) fn read(&mut self) -> Result<Tag> {
        if let Self::Bytes(computation) = self {
            *self = Self::Ended(computation.clone().finish());
        }
        match self {
            Self::Ended(tag) => Ok(*tag),
            _ => Err(ENOKEY),
        }
    }
}

impl Drop for Message {
    fn drop(&mut self) {
        // A computation wipes itself; the bytes of a key that never was one do not.
        if let Self::Key { bytes, .. } = self {
            drop(Key::new(mem::take(bytes)));
        }
    }
}
