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
//! Nothing here but getting a [`Pinned`] fails, sleeps, or allocates. Everything may be called from
//! task, softirq and hardirq context, but not from NMI.
//!
//! C header: `include/lib_poly1305.h`.

use core::arch::asm;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ptr::{self, NonNull};

use kernel::error::from_err_ptr;
use kernel::ffi::c_char;
use kernel::prelude::*;
use kernel::str::CStrExt;

use crate::bindings;

/// Bytes in a key.
pub const KEY_SIZE: usize = bindings::LIB_POLY1305_KEY_SIZE as usize;

/// Bytes in a tag.
pub const TAG_SIZE: usize = bindings::LIB_POLY1305_TAG_SIZE as usize;

/// A one-time key. Dropping it wipes it.
pub struct Key([u8; KEY_SIZE]);

impl Key {
    /// Takes 32 bytes for a key: `r`, then `s`. Every value is a key.
    #[inline]
    pub const fn new(bytes: [u8; KEY_SIZE]) -> Self {
        Self(bytes)
    }
}

impl Drop for Key {
    #[inline]
    fn drop(&mut self) {
        wipe(self);
    }
}

/// A tag. Comparing two takes the same time wherever they differ.
#[derive(Clone, Copy)]
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

    /// Whether this is the tag of `data` under `key`.
    #[inline]
    #[must_use]
    pub fn verify(&self, key: &Key, data: &[u8]) -> bool {
        // SAFETY: All pointers come from references that live until the call returns, to as many
        // bytes as it reads.
        unsafe {
            bindings::lib_poly1305_verify(
                self.0.as_ptr(),
                key.0.as_ptr(),
                data.as_ptr(),
                data.len(),
            )
        }
    }
}

/// Computes the tag of a whole message.
#[inline]
#[must_use]
pub fn mac(key: &Key, data: &[u8]) -> Tag {
    let mut tag = [0; TAG_SIZE];
    // SAFETY: All pointers come from references that live until the call returns, to as many bytes
    // as it reads or writes.
    unsafe {
        bindings::lib_poly1305_mac(tag.as_mut_ptr(), key.0.as_ptr(), data.as_ptr(), data.len())
    };
    Tag(tag)
}

/// A computation that has begun.
///
/// It may be cloned at any point, as for messages with a common beginning, and abandoned: dropping
/// it wipes it.
///
/// # Invariants
///
/// `0` was begun by `lib_poly1305_init()`.
#[derive(Clone)]
#[repr(transparent)]
pub struct Poly1305(bindings::lib_poly1305_ctx);

impl Poly1305 {
    /// Begins a computation under a one-time key.
    #[inline]
    #[must_use]
    pub fn new(key: &Key) -> Self {
        let mut ctx = MaybeUninit::uninit();
        // SAFETY: `ctx` is valid for writes of a context, and `key` for reads of a key.
        unsafe { bindings::lib_poly1305_init(ctx.as_mut_ptr(), key.0.as_ptr()) };
        // SAFETY: `lib_poly1305_init()` fills in the whole context.
        // INVARIANT: It was begun just now.
        Self(unsafe { ctx.assume_init() })
    }

    /// Adds message bytes: any number of them, in any pieces.
    #[inline]
    pub fn update(&mut self, data: &[u8]) {
        // SAFETY: The context is begun by the type invariants and borrowed for this call alone;
        // `data` is valid for reads of its length.
        unsafe { bindings::lib_poly1305_update(&mut self.0, data.as_ptr(), data.len()) };
    }

    /// The context, for functions in C that work on one. It is a begun one until it is dropped.
    #[inline]
    pub fn as_raw(&mut self) -> *mut bindings::lib_poly1305_ctx {
        &mut self.0
    }

    /// Ends the computation.
    #[inline]
    #[must_use]
    pub fn finish(self) -> Tag {
        // `lib_poly1305_final()` wipes the context; dropping it would do so again.
        let mut this = ManuallyDrop::new(self);
        let mut tag = [0; TAG_SIZE];
        // SAFETY: The context is begun by the type invariants and owned; `tag` is valid for writes
        // of a tag.
        unsafe { bindings::lib_poly1305_final(&mut this.0, tag.as_mut_ptr()) };
        Tag(tag)
    }
}

impl Drop for Poly1305 {
    #[inline]
    fn drop(&mut self) {
        wipe(self);
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
    /// on this machine, and `EAGAIN` if its module is not loaded and could not be.
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
        // SAFETY: The pin is held by the type invariants. The context is begun by those of
        // `Poly1305`, and borrowed for this call alone; `data` is valid for reads of its length.
        unsafe {
            bindings::lib_poly1305_pin_update(
                self.0.as_ptr(),
                &mut computation.0,
                data.as_ptr(),
                data.len(),
            )
        };
    }

    /// Computes the tag of a whole message by this implementation.
    #[must_use]
    pub fn mac(&self, key: &Key, data: &[u8]) -> Tag {
        let mut tag = [0; TAG_SIZE];
        // SAFETY: The pin is held by the type invariants. All other pointers come from references
        // that live until the call returns, to as many bytes as it reads or writes.
        unsafe {
            bindings::lib_poly1305_pin_mac(
                self.0.as_ptr(),
                tag.as_mut_ptr(),
                key.0.as_ptr(),
                data.as_ptr(),
                data.len(),
            )
        };
        Tag(tag)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        // SAFETY: The pin is held by the type invariants, and not used after this.
        unsafe { bindings::lib_poly1305_put(self.0.as_ptr()) };
    }
}

/// Fills a value that is about to go with zeroes.
///
/// `T` is one of the types above, for which all zeroes is a valid value.
#[inline]
fn wipe<T>(value: &mut T) {
    // SAFETY: The value is valid for writes of its size, and stays a valid one: the types above
    // are made of integers only.
    unsafe { ptr::from_mut(value).write_bytes(0, 1) };
    // SAFETY: The block holds no instruction; by claiming to read the memory behind the pointer it
    // keeps the store above from being taken for a dead one.
    unsafe { asm!("/* {0} */", in(reg) value, options(nostack, preserves_flags)) };
}
