// SPDX-License-Identifier: GPL-2.0

//! Poly1305 (RFC 8439 section 2.5) for Rust modules.
//!
//! A module takes this file in by `#[path]`, as a public module of its crate, with `bindings.rs`
//! from here as `crate::bindings`; imports the namespace `LIB_POLY1305`; and includes
//! `scripts/Kbuild.bindings` in its Kbuild with `lib_poly1305.h` as the header; `callers/device/`
//! shows it.
//!
//! A key is for one message: two messages under one key tell an attacker how to forge a third.
//!
//! Keys and computations begin where they stay, by [`Init`], as moving a value leaves its bytes
//! behind where it was: `stack_pin_init!` has them on the stack, `KBox::init()` on the heap, and
//! `<-` in a structure. They are wiped when they are dropped.
//!
//! Nothing here but getting a [`Pinned`] fails, sleeps, or allocates. Everything may be called from
//! task, softirq and hardirq context, but not from NMI.
//!
//! Message bytes must not change while a call reads them, which a `&[u8]` promises. Where they do
//! all the same, `lib_poly1305.h` says what happens.
//!
//! C header: `include/lib_poly1305.h`.
//!
//! # Examples
//!
//! ```
//! use pin_init::stack_pin_init;
//!
//! stack_pin_init!(let key = Key::new(|bytes| derive(bytes)));
//! if !Tag::new(received).verify(&key, data) {
//!     return Err(EBADMSG);
//! }
//! stack_pin_init!(let computation = Poly1305::new(&key));
//! computation.update(data);
//! let tag = computation.finish();
//! ```

use core::arch::asm;
use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::pin::Pin;
use core::ptr::{self, NonNull};

use kernel::error::from_err_ptr;
use kernel::ffi::c_char;
use kernel::prelude::*;
use kernel::str::CStrExt;
use pin_init::init_from_closure;

use crate::bindings;

/// Bytes in a key.
pub const KEY_SIZE: usize = bindings::LIB_POLY1305_KEY_SIZE as usize;

/// Bytes in a tag.
pub const TAG_SIZE: usize = bindings::LIB_POLY1305_TAG_SIZE as usize;

/// A place for a one-time key. Dropping it wipes it.
///
/// Functions take the bytes of a key wherever they are; this is for those that lie nowhere yet.
pub struct Key([u8; KEY_SIZE]);

impl Key {
    /// Has the 32 bytes of a key, `r`, then `s`, written where they are to stay. Every value is a
    /// key. What `fill` leaves out is zero.
    #[inline]
    pub fn new(fill: impl FnOnce(&mut [u8; KEY_SIZE])) -> impl Init<Self> {
        Self([0; KEY_SIZE]).chain(|key| {
            fill(&mut key.0);
            Ok(())
        })
    }
}

impl Deref for Key {
    type Target = [u8; KEY_SIZE];

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Key {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for Key {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A tag. Dropping it wipes it.
pub struct Tag([u8; TAG_SIZE]);

impl Tag {
    /// Takes 16 bytes for a tag, as they came with a message.
    #[inline]
    pub const fn new(bytes: [u8; TAG_SIZE]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes of the tag.
    #[inline]
    pub const fn as_bytes(&self) -> &[u8; TAG_SIZE] {
        &self.0
    }

    /// Whether this is the tag of `data` under `key`. The comparison takes the same time wherever
    /// tags differ.
    #[inline]
    #[must_use]
    pub fn verify(&self, key: &[u8; KEY_SIZE], data: &[u8]) -> bool {
        // SAFETY: All pointers come from references that live until the call returns, to as many
        // bytes as it reads.
        unsafe {
            bindings::lib_poly1305_verify(self.0.as_ptr(), key.as_ptr(), data.as_ptr(), data.len())
        }
    }
}

impl Drop for Tag {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Computes the tag of a whole message.
#[inline]
#[must_use]
pub fn mac(key: &[u8; KEY_SIZE], data: &[u8]) -> Tag {
    let mut tag = Tag([0; TAG_SIZE]);
    // SAFETY: All pointers come from references that live until the call returns, to as many bytes
    // as it reads or writes.
    unsafe {
        bindings::lib_poly1305_mac(tag.0.as_mut_ptr(), key.as_ptr(), data.as_ptr(), data.len())
    };
    tag
}

/// A computation that has begun.
///
/// It may be copied at any point, as for messages with a common beginning, and abandoned: dropping
/// it wipes it.
///
/// # Invariants
///
/// `0` was begun by `lib_poly1305_init()`, which need not write all of it, or wiped by
/// `lib_poly1305_final()`. Either is a context that every function takes.
#[repr(transparent)]
pub struct Poly1305(MaybeUninit<bindings::lib_poly1305_ctx>);

impl Poly1305 {
    /// Begins a computation under a one-time key.
    #[inline]
    pub fn new(key: &[u8; KEY_SIZE]) -> impl Init<Self> + '_ {
        let begin = |place: *mut Self| {
            // SAFETY: `place` is valid for writes of a context, and `key` for reads of a key.
            unsafe { bindings::lib_poly1305_init(place.cast(), key.as_ptr()) };
            Ok(())
        };
        // SAFETY: It does not fail.
        // INVARIANT: The context was begun just now.
        unsafe { init_from_closure(begin) }
    }

    /// Begins another computation in the place of this one.
    #[inline]
    pub fn restart(&mut self, key: &[u8; KEY_SIZE]) {
        // SAFETY: The context is valid for writes, and `key` for reads of a key.
        unsafe { bindings::lib_poly1305_init(self.as_raw(), key.as_ptr()) };
    }

    /// Copies a computation to where the copy is to stay.
    #[inline]
    pub fn copy(&self) -> impl Init<Self> + '_ {
        let copy = |place: *mut Self| {
            // SAFETY: `place` is valid for writes of a computation, and another one than this. It
            // is a copy of memory, whether that was written or not.
            unsafe { ptr::copy_nonoverlapping(self, place, 1) };
            Ok(())
        };
        // SAFETY: It does not fail.
        // INVARIANT: A copy of a context that was begun is one.
        unsafe { init_from_closure(copy) }
    }

    /// Adds message bytes: any number of them, in any pieces.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        // SAFETY: The context is one by the type invariants and borrowed for this call alone;
        // `data` is valid for reads of its length.
        unsafe { bindings::lib_poly1305_update(self.as_raw(), data.as_ptr(), data.len()) };
    }

    /// The context, for functions in C that work on one. It is one until it is dropped.
    #[inline]
    pub fn as_raw(&mut self) -> *mut bindings::lib_poly1305_ctx {
        self.0.as_mut_ptr()
    }

    /// Ends the computation, and wipes it.
    ///
    /// What `stack_pin_init!` has made cannot be used after this. Where the computation lies
    /// elsewhere, `Pin::new(&mut computation).finish()` leaves one under the key of all zeroes,
    /// which is good for [`Self::restart`] only.
    #[inline]
    #[must_use]
    pub fn finish(self: Pin<&mut Self>) -> Tag {
        let mut tag = Tag([0; TAG_SIZE]);
        self.finish_into(&mut tag);
        tag
    }

    /// The same, with the tag written where it is to stay.
    #[inline]
    pub fn finish_into(self: Pin<&mut Self>, tag: &mut Tag) {
        let this = self.get_mut();
        // SAFETY: The context is one by the type invariants and borrowed for this call alone;
        // `tag` is valid for writes of a tag.
        // INVARIANT: It is wiped.
        unsafe { bindings::lib_poly1305_final(this.as_raw(), tag.0.as_mut_ptr()) };
    }
}

impl Drop for Poly1305 {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A pin: a reference to one implementation, whichever is active meanwhile.
///
/// It keeps the implementation's module from being unloaded until it is dropped, which may be done
/// in any context but NMI.
///
/// # Invariants
///
/// `0` came from `lib_poly1305_get()` or `lib_poly1305_get_nosleep()`, and was not let go.
pub struct Pinned(NonNull<bindings::lib_poly1305_pin>);

// SAFETY: A pin may be used, and let go, on every CPU.
unsafe impl Send for Pinned {}
// SAFETY: Nothing about a pin changes while it is used.
unsafe impl Sync for Pinned {}

impl Pinned {
    /// Pins the implementation of a name, or the active one. May sleep, and load a module.
    ///
    /// Fails with `ENOENT` if this architecture has none of that name, `ENODEV` if it was declined
    /// on this machine, and `EAGAIN` if its module is not loaded and could not be,
    /// or is on its way in or out.
    pub fn get(name: Option<&CStr>) -> Result<Self> {
        // SAFETY: The name is none or a string of C.
        Self::new(unsafe { bindings::lib_poly1305_get(Self::raw(name)) })
    }

    /// The same in any context but NMI; loads no module.
    pub fn get_nosleep(name: Option<&CStr>) -> Result<Self> {
        // SAFETY: The name is none or a string of C.
        Self::new(unsafe { bindings::lib_poly1305_get_nosleep(Self::raw(name)) })
    }

    /// A name as C takes it.
    fn raw(name: Option<&CStr>) -> *const c_char {
        name.map_or(ptr::null(), CStrExt::as_char_ptr)
    }

    /// What C returned.
    fn new(pin: *mut bindings::lib_poly1305_pin) -> Result<Self> {
        // INVARIANT: It came from one of the two functions.
        NonNull::new(from_err_ptr(pin)?).map(Self).ok_or(EINVAL)
    }

    /// The implementation's name.
    pub fn name(&self) -> &CStr {
        // SAFETY: The pin is held by the type invariants, and the name lives as long.
        unsafe { CStr::from_char_ptr(bindings::lib_poly1305_pin_name(self.0.as_ptr())) }
    }

    /// Adds message bytes to a computation by this implementation. Others may have worked on it,
    /// and may go on with it.
    pub fn update(&self, computation: &mut Poly1305, data: &[u8]) {
        // SAFETY: The pin is held by the type invariants. The context is one by those of
        // `Poly1305`, and borrowed for this call alone; `data` is valid for reads of its length.
        unsafe {
            bindings::lib_poly1305_pin_update(
                self.0.as_ptr(),
                computation.as_raw(),
                data.as_ptr(),
                data.len(),
            )
        };
    }

    /// Computes the tag of a whole message by this implementation.
    #[must_use]
    pub fn mac(&self, key: &[u8; KEY_SIZE], data: &[u8]) -> Tag {
        let mut tag = Tag([0; TAG_SIZE]);
        // SAFETY: The pin is held by the type invariants. All other pointers come from references
        // that live until the call returns, to as many bytes as it reads or writes.
        unsafe {
            bindings::lib_poly1305_pin_mac(
                self.0.as_ptr(),
                tag.0.as_mut_ptr(),
                key.as_ptr(),
                data.as_ptr(),
                data.len(),
            )
        };
        tag
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // SAFETY: The pin is held by the type invariants, and not used after this.
        unsafe { bindings::lib_poly1305_put(self.0.as_ptr()) };
    }
}

/// Fills a value that is about to go with zeroes.
#[inline]
fn wipe<T: Zeroable>(value: &mut T) {
    // SAFETY: The value is valid for writes of its size, and all zeroes is a valid one.
    unsafe { ptr::from_mut(value).write_bytes(0, 1) };
    // SAFETY: The block holds no instruction; by claiming to read the memory behind the pointer it
    // keeps the store above from being taken for a dead one.
    unsafe { asm!("/* {0} */", in(reg) value, options(nostack, preserves_flags)) };
}
