// SPDX-License-Identifier: GPL-2.0

//! C strings, of which no more than a maximum is read.

use kernel::ffi::c_char;
use kernel::fmt;

/// The bytes of a C string, without its zero, and at most `max` of them.
///
/// # Safety
///
/// `string` must be null, which counts as empty, or point to a string that nothing changes
/// during `'a`.
pub(crate) unsafe fn bytes<'a>(string: *const c_char, max: usize) -> &'a [u8] {
    if string.is_null() {
        return &[];
    }
    let mut len = 0usize;
    // SAFETY: The bytes up to the first zero, and that zero, are valid for reads.
    while len < max && unsafe { string.wrapping_add(len).read() } != 0 {
        len = len.wrapping_add(1);
    }
    // SAFETY: That many bytes of the string were read above.
    unsafe { core::slice::from_raw_parts(string.cast(), len) }
}

/// The bytes before the first zero.
#[inline(never)]
pub(crate) fn before_zero(bytes: &[u8]) -> &[u8] {
    let len = bytes.iter().take_while(|b| **b != 0).count();
    bytes.get(..len).unwrap_or_default()
}

/// Text to print, up to its first zero. Text with unprintable characters is replaced.
pub(crate) struct Text<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = before_zero(self.0);
        let printable = text.iter().all(|b| (b' '..=b'~').contains(b));
        f.pad(match core::str::from_utf8(text) {
            Ok(text) if printable => text,
            _ => "(not printable)",
        })
    }
}
