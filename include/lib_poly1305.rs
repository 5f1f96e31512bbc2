// SPDX-License-Identifier: GPL-2.0

//! Poly1305 (RFC 8439 section 2.5) for Rust modules.
//!
//! A kernel module includes this file by `#[path]`, as a public module of its crate, with
//! `bindings.rs` of this folder as `crate::bindings`; imports the namespace `LIB_POLY1305`; and
//! includes `scripts/Kbuild.bindings` in its Kbuild, with `lib_poly1305.h` as the header.
//! `callers/device/` is an example.
//!
//! A key is for one message: two messages under one key let an attacker forge a third.
//!
//! Keys and computations are initialized in place, by [`Init`], because moving a value leaves a
//! copy of its bytes behind: use `stack_pin_init!` on the stack, `KBox::init()` on the heap, and
//! `<-` in a structure. Dropping them wipes them.
//!
//! Only [`Pinned::get`] sleeps or allocates. It and [`Pinned::get_nosleep`] are the only functions
//! that can fail. All others may be called in task, softirq and hardirq context, none in NMI
//! context.
//!
//! Message bytes must not change during a call, as a `&[u8]` promises; `lib_poly1305.h` says what
//! happens if they do.
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
//!     return Err(EINVAL);
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

/// A buffer for a one-time key. Dropping it wipes it.
///
/// Functions take a reference to the bytes of a key anywhere; this is for callers that need a
/// buffer.
pub struct Key([u8; KEY_SIZE]);

impl Key {
    /// Initializes a key in place: `fill` writes its 32 bytes, `r`, then `s`. Bytes that it does
    /// not write are zero. Every value is valid.
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
    /// Makes a tag of the 16 bytes that came with a message.
    #[inline]
    pub const fn new(bytes: [u8; TAG_SIZE]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes of the tag.
    #[inline]
    pub const fn as_bytes(&self) -> &[u8; TAG_SIZE] {
        &self.0
    }

    /// Whether this is the tag of `data` under `key`. The tags are compared in constant time.
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

/// An incremental computation.
///
/// It may be copied at any point, for example for messages with a common beginning, and abandoned:
/// dropping it wipes it.
///
/// # Invariants
///
/// `0` was initialized by `lib_poly1305_init()`, which need not write all of it, or wiped by
/// `lib_poly1305_final()`. Both are valid contexts for every function.
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
        // SAFETY: `begin` initializes the place and does not fail.
        // INVARIANT: The context was initialized.
        unsafe { init_from_closure(begin) }
    }

    /// Begins a new computation in place of this one.
    #[inline]
    pub fn restart(&mut self, key: &[u8; KEY_SIZE]) {
        // SAFETY: The context is valid for writes, and `key` for reads of a key.
        unsafe { bindings::lib_poly1305_init(self.as_raw(), key.as_ptr()) };
    }

    /// Copies a computation, in place.
    #[inline]
    pub fn copy(&self) -> impl Init<Self> + '_ {
        let copy = |place: *mut Self| {
            // SAFETY: `place` is valid for writes of a computation, and does not overlap this one.
            // The type is `MaybeUninit`, so uninitialized bytes may be copied.
            unsafe { ptr::copy_nonoverlapping(self, place, 1) };
            Ok(())
        };
        // SAFETY: `copy` initializes the place and does not fail.
        // INVARIANT: A copy of a valid context is valid.
        unsafe { init_from_closure(copy) }
    }

    /// Adds message bytes, any number of them.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        // SAFETY: The context is valid by the type invariants, and borrowed exclusively; `data` is
        // valid for reads of its length.
        unsafe { bindings::lib_poly1305_update(self.as_raw(), data.as_ptr(), data.len()) };
    }

    /// The context, for C functions. It is valid until this is dropped.
    #[inline]
    pub fn as_raw(&mut self) -> *mut bindings::lib_poly1305_ctx {
        self.0.as_mut_ptr()
    }

    /// Returns the tag, and wipes the computation.
    ///
    /// A computation made by `stack_pin_init!` cannot be used after this. One elsewhere, of which
    /// `Pin::new(&mut computation).finish()` returns the tag, can: [`Self::restart`] begins the
    /// next.
    #[inline]
    #[must_use]
    pub fn finish(self: Pin<&mut Self>) -> Tag {
        let mut tag = Tag([0; TAG_SIZE]);
        self.finish_into(&mut tag);
        tag
    }

    /// As [`Self::finish`], but writes the tag in place.
    #[inline]
    pub fn finish_into(self: Pin<&mut Self>, tag: &mut Tag) {
        let this = self.get_mut();
        // SAFETY: The context is valid by the type invariants, and borrowed exclusively; `tag` is
        // valid for writes of a tag.
        // INVARIANT: `lib_poly1305_final()` wipes it.
        unsafe { bindings::lib_poly1305_final(this.as_raw(), tag.0.as_mut_ptr()) };
    }
}

impl Drop for Poly1305 {
    #[inline]
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A pin: a reference to one implementation, active or not.
///
/// Until it is dropped, the module of the implementation cannot be unloaded. It may be dropped in
/// any context but NMI.
///
/// # Invariants
///
/// `0` came from `lib_poly1305_get()` or `lib_poly1305_get_nosleep()`, and was not released.
pub struct Pinned(NonNull<bindings::lib_poly1305_pin>);

// SAFETY: A pin may be used and released on every CPU.
unsafe impl Send for Pinned {}
// SAFETY: Using a pin does not change it.
unsafe impl Sync for Pinned {}

impl Pinned {
    /// Pins the implementation of a name, or the active one. May sleep, and load a module.
    ///
    /// Fails with `ENOENT` if this architecture has no implementation of that name, `ENODEV` if it
    /// was declined on this machine, and `EAGAIN` if its module is not loaded and could not be
    /// loaded, or is being loaded or unloaded.
    pub fn get(name: Option<&CStr>) -> Result<Self> {
        // SAFETY: The pointer is null or to a C string.
        Self::new(unsafe { bindings::lib_poly1305_get(Self::raw(name)) })
    }

    /// As [`Self::get`], but in any context but NMI; loads no module.
    pub fn get_nosleep(name: Option<&CStr>) -> Result<Self> {
        // SAFETY: The pointer is null or to a C string.
        Self::new(unsafe { bindings::lib_poly1305_get_nosleep(Self::raw(name)) })
    }

    /// Converts a name for C.
    fn raw(name: Option<&CStr>) -> *const c_char {
        name.map_or(ptr::null(), CStrExt::as_char_ptr)
    }

    /// Converts the result of a C function.
    fn new(pin: *mut bindings::lib_poly1305_pin) -> Result<Self> {
        // INVARIANT: It came from one of the two functions.
        NonNull::new(from_err_ptr(pin)?).map(Self).ok_or(EINVAL)
    }

    /// The implementation's name.
    pub fn name(&self) -> &CStr {
        // SAFETY: The pin is held by the type invariants, and the name is valid as long.
        unsafe { CStr::from_char_ptr(bindings::lib_poly1305_pin_name(self.0.as_ptr())) }
    }

    /// Adds message bytes to a computation by this implementation. Calls by other implementations
    /// may come before and after this one.
    pub fn update(&self, computation: &mut Poly1305, data: &[u8]) {
        // SAFETY: The pin is held by the type invariants. The context is valid by those of
        // `Poly1305`, and borrowed exclusively; `data` is valid for reads of its length.
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

/// Fills a value with zeroes before it is dropped.
#[inline]
fn wipe<T: Zeroable>(value: &mut T) {
    // SAFETY: The value is valid for writes of its size, and all zeroes is a valid one.
    unsafe { ptr::from_mut(value).write_bytes(0, 1) };
    // SAFETY: The block has no instruction. It could read the memory behind the pointer, so the
    // compiler does not remove the store above.
    unsafe { asm!("/* {0} */", in(reg) value, options(nostack, preserves_flags)) };
}
