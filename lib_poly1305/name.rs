// SPDX-License-Identifier: GPL-2.0

//! Names of implementations.

use kernel::ffi::c_char;
use kernel::fmt;

use crate::bindings::LIB_POLY1305_NAME_SIZE;
use crate::text::{self, Text};

/// A name of lower-case letters, digits, `_` and `-`.
///
/// # Invariants
///
/// At least one of these characters, then only zeroes, at least one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name([u8; LIB_POLY1305_NAME_SIZE as usize]);

impl Name {
    /// Makes a name of a C string, if it is valid.
    ///
    /// # Safety
    ///
    /// `string` must be null or point to a string.
    pub(crate) unsafe fn from_raw(string: *const c_char) -> Option<Self> {
        // SAFETY: By this function's requirement. A string that fills the array is too long.
        Self::new(unsafe { text::bytes(string, LIB_POLY1305_NAME_SIZE as usize) })
    }

    /// Makes a name of bytes, if they are valid.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let mut name = [0; LIB_POLY1305_NAME_SIZE as usize];
        if bytes.is_empty() || bytes.len() >= name.len() {
            return None;
        }
        for (to, from) in name.iter_mut().zip(bytes) {
            match from {
                b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => *to = *from,
                _ => return None,
            }
        }
        // INVARIANT: The loop checked the characters, and the string is shorter than the array.
        Some(Self(name))
    }

    /// All bytes, including the zeroes at the end.
    pub(crate) fn as_bytes(&self) -> &[u8; LIB_POLY1305_NAME_SIZE as usize] {
        &self.0
    }

    /// Whether the name is this string.
    pub(crate) fn is(&self, name: &str) -> bool {
        text::before_zero(&self.0) == name.as_bytes()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Text(&self.0).fmt(f)
    }
}
