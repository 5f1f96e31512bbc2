// SPDX-License-Identifier: GPL-2.0

//! For Rust modules that provide an implementation of Poly1305 to lib_poly1305.
//!
//! A module takes this file in by `#[path]`, with `bindings.rs` from here as `crate::bindings` and
//! `generic/mod.rs` as `crate::generic`; imports the namespace `LIB_POLY1305_PROVIDER`; and
//! includes `scripts/Kbuild.bindings` in its Kbuild with `lib_poly1305_provider.h` as the header,
//! or one that includes it; `arch_x86/` shows it.
//!
//! C header: `include/lib_poly1305_provider.h`.

use core::mem::size_of;
use core::ptr::NonNull;
use core::slice;

use kernel::error::to_result;
use kernel::prelude::*;
use kernel::time::{delay::fsleep, Delta};
use kernel::types::Opaque;

use crate::bindings::{
    self, lib_poly1305_aid, lib_poly1305_ops, lib_poly1305_powers, lib_poly1305_scratch,
    lib_poly1305_state,
};
use crate::generic::{Aid, Powers, Scratch, State, BLOCK_SIZE};

const _: () = {
    assert!(size_of::<State>() == size_of::<lib_poly1305_state>());
    assert!(size_of::<Aid<'_>>() == size_of::<lib_poly1305_aid>());
    assert!(size_of::<Powers>() == size_of::<lib_poly1305_powers>());
    assert!(size_of::<Scratch>() == size_of::<lib_poly1305_scratch>());
};

/// An implementation.
///
/// A value of the type is evidence that this machine can run it, so it has no size, and is only
/// made after looking at the machine.
pub trait Implementation: Send + Sync + Sized + 'static {
    /// Its name, beginning with the architecture, as in `x86_64-avx2`.
    const NAME: &'static CStr;

    /// The highest priority is active; the portable implementation has 0.
    fn priority(&self) -> i32;

    /// Absorbs whole blocks, 1 to 256 of them, in a time that depends on nothing secret. There is
    /// an `aid`, which it can use, and leave something there, in each call of a run of 20 blocks
    /// or more, also in the last one, which may be for a single block: see the C header.
    ///
    /// It is called in task, softirq and hardirq context inside an RCU read-side section. It must
    /// not sleep, nor call the library.
    fn absorb(&self, state: &mut State, aid: Option<&mut Aid<'_>>, blocks: &[u8]);
}

/// An implementation that is registered, until this is dropped.
///
/// Dropping waits until no call is under way; and, with a message in the log, until no pin is left.
/// In a module's exit there is none, as pins keep the module loaded.
///
/// # Invariants
///
/// `ops` is registered.
#[pin_data(PinnedDrop)]
pub struct Registration<T: Implementation> {
    #[pin]
    ops: Opaque<lib_poly1305_ops>,
    _implementation: T,
}

// SAFETY: What is registered may be unregistered from every task.
unsafe impl<T: Implementation> Send for Registration<T> {}
// SAFETY: Nothing can be done with a shared reference.
unsafe impl<T: Implementation> Sync for Registration<T> {}

impl<T: Implementation> Registration<T> {
    /// Registers an implementation on behalf of the module that this is called from. May sleep.
    ///
    /// Fails as `lib_poly1305_register()` does.
    pub fn register(module: &'static ThisModule, implementation: T) -> impl PinInit<Self, Error> {
        const { assert!(size_of::<T>() == 0, "there is no place to find a value in") };
        let ops = lib_poly1305_ops {
            abi_version: bindings::LIB_POLY1305_ABI_VERSION,
            size: size_of::<lib_poly1305_ops>() as u32,
            name: T::NAME.as_char_ptr(),
            owner: module.as_ptr().cast(),
            priority: implementation.priority(),
            blocks: Some(blocks::<T>),
        };
        // INVARIANT: This succeeds if registering does.
        try_pin_init!(Self {
            ops <- Opaque::try_ffi_init(move |slot: *mut lib_poly1305_ops| {
                // SAFETY: The slot is valid for writes.
                unsafe { slot.write(ops) };
                // SAFETY: The structure is pinned. Its fields are as the header asks for: the name
                // is static, and `blocks` is there until the module goes, before which this is
                // dropped.
                to_result(unsafe { bindings::lib_poly1305_register(slot) })
            }),
            _implementation: implementation,
        })
    }
}

#[pinned_drop]
impl<T: Implementation> PinnedDrop for Registration<T> {
    fn drop(self: Pin<&mut Self>) {
        // The code goes away after this, so it cannot but wait for the last pin.
        // SAFETY: `ops` is registered by the type invariants.
        while unsafe { bindings::lib_poly1305_unregister(self.ops.get()) } == EBUSY.to_errno() {
            fsleep(Delta::from_millis(100));
        }
    }
}

/// The function of an implementation that the library calls.
///
/// # Safety
///
/// A value of `T` must exist, `state` and `aid` be valid for what the C header says of them, and
/// `data` for `nblocks` blocks read.
unsafe extern "C" fn blocks<T: Implementation>(
    state: *mut lib_poly1305_state,
    aid: *mut lib_poly1305_aid,
    data: *const u8,
    nblocks: usize,
) {
    // SAFETY: A value exists by this function's requirements; it has no size, so it is anywhere.
    let implementation = unsafe { NonNull::<T>::dangling().as_ref() };
    // SAFETY: By this function's requirements; the structures have the words of the header.
    let (state, aid, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            aid.cast::<Aid<'_>>().as_mut(),
            slice::from_raw_parts(data, nblocks.wrapping_mul(BLOCK_SIZE)),
        )
    };
    implementation.absorb(state, aid, blocks);
}

/// Says that an implementation cannot run on this machine, and why. May sleep.
///
/// Returns `ENODEV`, for the init function of a module that has nothing else to offer.
pub fn decline<T: Implementation>(reason: &CStr) -> Error {
    // SAFETY: Both are strings of C.
    let result =
        unsafe { bindings::lib_poly1305_decline(T::NAME.as_char_ptr(), reason.as_char_ptr()) };
    Error::from_errno(result)
}

/// An implementation that only some CPUs can run.
pub trait Detect: Implementation {
    /// Why it is declined where it is not detected.
    const WHY_NOT: &'static CStr;

    /// Looks at the CPU.
    fn detect() -> Option<Self>;
}

/// An implementation that is registered if it was detected.
pub type Detected<T> = Option<Pin<KBox<Registration<T>>>>;

/// Registers an implementation if the CPU can run it. May sleep.
///
/// Fails as [`Registration::register`] does, or for lack of memory.
pub fn register_detected<T: Detect>(module: &'static ThisModule) -> Result<Detected<T>> {
    let Some(implementation) = T::detect() else {
        return Ok(None);
    };
    let registration = Registration::register(module, implementation);
    Ok(Some(KBox::pin_init(registration, GFP_KERNEL)?))
}

/// Declines an implementation that was not registered, and tells whether it was. May sleep.
pub fn is_registered<T: Detect>(detected: &Detected<T>) -> bool {
    if detected.is_none() {
        decline::<T>(T::WHY_NOT);
    }
    detected.is_some()
}
