// SPDX-License-Identifier: GPL-2.0

//! For Rust modules that provide an implementation of Poly1305 to lib_poly1305.
//!
//! A module takes this file in by `#[path]`, with `bindings.rs` from here as `crate::bindings` and
//! `generic/mod.rs` as `crate::generic`; imports the namespace `LIB_POLY1305_PROVIDER`; and
//! includes `scripts/Kbuild.bindings` in its Kbuild with `lib_poly1305_provider.h` as the header,
//! or one that includes it; `arch_x86/` shows it.
//!
//! C header: `include/lib_poly1305_provider.h`.

use core::mem::{forget, size_of};
use core::ptr::{self, NonNull};
use core::slice;

use kernel::error::to_result;
use kernel::prelude::*;
use kernel::time::{delay::fsleep, Delta};
use kernel::types::Opaque;

use crate::bindings::{
    self, lib_poly1305_ops, lib_poly1305_powers, lib_poly1305_scratch, lib_poly1305_state,
    lib_poly1305_workspace,
};
use crate::generic::{clear_registers, Powers, Scratch, State, Workspace, BLOCK_SIZE};

const _: () = {
    assert!(size_of::<State>() == size_of::<lib_poly1305_state>());
    assert!(size_of::<Workspace<'_>>() == size_of::<lib_poly1305_workspace>());
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

    /// Absorbs whole blocks, 1 to 256 of them, in a time that depends on nothing secret. There is a
    /// `workspace`, which it can use, and leave something there, in each call of a run of 20 blocks
    /// or more, also in the last one, which may be for a single block: see the C header.
    ///
    /// It is called in task, softirq and hardirq context inside an RCU read-side critical section.
    /// It must not sleep, nor call the library.
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]);
}

/// An implementation that is registered, until this is dropped.
///
/// Dropping waits until no call is under way; and, with a message in the log, until no pin is left.
/// In a module's init and exit there is none, as only modules that are loaded can be pinned, and
/// pins keep them loaded.
///
/// # Invariants
///
/// `ops` is registered.
#[pin_data(PinnedDrop)]
pub struct Registration {
    #[pin]
    ops: Opaque<lib_poly1305_ops>,
}

// SAFETY: What is registered may be unregistered from every task.
unsafe impl Send for Registration {}
// SAFETY: Nothing can be done with a shared reference.
unsafe impl Sync for Registration {}

impl Registration {
    /// Registers an implementation on behalf of the module that this is called from. May sleep.
    ///
    /// Fails as `lib_poly1305_register()` does.
    pub fn register<T: Implementation>(
        module: &'static ThisModule,
        implementation: T,
    ) -> impl PinInit<Self, Error> {
        Self::of(module, Described::new(implementation))
    }

    fn of(module: &'static ThisModule, described: Described) -> impl PinInit<Self, Error> {
        let ops = lib_poly1305_ops {
            owner: module.as_ptr().cast(),
            ..described.0
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
        })
    }
}

#[pinned_drop]
impl PinnedDrop for Registration {
    fn drop(self: Pin<&mut Self>) {
        // The code goes away after this, so it cannot but wait for the last pin.
        // SAFETY: `ops` is registered by the type invariants.
        while unsafe { bindings::lib_poly1305_unregister(self.ops.get()) } == EBUSY.to_errno() {
            // With each attempt there is a message in the log.
            fsleep(Delta::from_millis(1000));
        }
    }
}

/// What the library is told of an implementation, but for the module that it is of.
///
/// # Invariants
///
/// There is, for good, a value of the type whose function it names.
#[derive(Clone, Copy)]
struct Described(lib_poly1305_ops);

impl Described {
    fn new<T: Implementation>(implementation: T) -> Self {
        const { assert!(size_of::<T>() == 0, "there is no place to find a value in") };
        let priority = implementation.priority();
        forget(implementation);
        // INVARIANT: It was forgotten, not dropped.
        Self(lib_poly1305_ops {
            abi_version: bindings::LIB_POLY1305_ABI_VERSION,
            size: size_of::<lib_poly1305_ops>() as u32,
            name: T::NAME.as_char_ptr(),
            owner: ptr::null_mut(),
            priority,
            blocks: Some(blocks::<T>),
        })
    }
}

/// The function of an implementation that the library calls.
///
/// # Safety
///
/// A value of `T` must exist, `state` and `workspace` be valid for what the C header says of them,
/// and `data` for `nblocks` blocks read.
unsafe extern "C" fn blocks<T: Implementation>(
    state: *mut lib_poly1305_state,
    workspace: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    // SAFETY: A value exists by this function's requirements; it has no size, so it is anywhere.
    let implementation = unsafe { NonNull::<T>::dangling().as_ref() };
    // SAFETY: By this function's requirements; the structures have the words of the header.
    let (state, workspace, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            workspace.cast::<Workspace<'_>>().as_mut(),
            slice::from_raw_parts(data, nblocks.wrapping_mul(BLOCK_SIZE)),
        )
    };
    implementation.absorb(state, workspace, blocks);
    // What the library calls next may save any of them.
    clear_registers();
}

/// Says that an implementation cannot run on this machine, and why. May sleep.
fn decline(name: &'static CStr, reason: &'static CStr) {
    // SAFETY: Both are strings of C.
    unsafe { bindings::lib_poly1305_decline(name.as_char_ptr(), reason.as_char_ptr()) };
}

/// An implementation that only some CPUs can run.
pub trait Detect: Implementation {
    /// Why it is declined where it is not detected.
    const WHY_NOT: &'static CStr;

    /// Looks at the CPU.
    fn detect() -> Option<Self>;
}

/// What a module may register.
pub struct Candidate {
    name: &'static CStr,
    /// It, until it was tried.
    described: Option<Described>,
    /// Why it has to be declined, if it has.
    why_not: Option<&'static CStr>,
}

impl Candidate {
    /// An implementation that every CPU can run.
    pub fn new<T: Implementation>(implementation: T) -> Self {
        Self {
            name: T::NAME,
            described: Some(Described::new(implementation)),
            why_not: None,
        }
    }

    /// An implementation that this CPU may be able to run.
    pub fn detect<T: Detect>() -> Self {
        match T::detect() {
            Some(implementation) => Self::new(implementation),
            None => Self {
                name: T::NAME,
                described: None,
                why_not: Some(T::WHY_NOT),
            },
        }
    }

    /// Its priority, until it was tried.
    fn priority(&self) -> Option<i32> {
        self.described.map(|described| described.0.priority)
    }
}

/// The implementations that a module has registered, until this is dropped.
///
/// The best one is registered first and unregistered last, so that none of the others is active
/// for a moment in between.
pub struct Registrations(KVec<Pin<KBox<Registration>>>);

impl Registrations {
    /// Registers those of the candidates that the CPU can run, and declines the others. May sleep.
    ///
    /// One that computes wrongly here (`ELIBBAD`) is declined, too, and one whose name is taken
    /// (`EEXIST`) is left out: the others are not worse for that. This fails if none is left, for
    /// the reason that the best one was refused for, or with `ENODEV` if the CPU can run none; and
    /// it fails, leaving nothing registered, if there is no memory, or a provider that the
    /// library cannot take.
    pub fn new<const N: usize>(
        module: &'static ThisModule,
        mut candidates: [Candidate; N],
    ) -> Result<Self> {
        let mut registrations = Self(KVec::with_capacity(N, GFP_KERNEL)?);
        let mut refused = None;
        while let Some((described, why_not)) = best(&mut candidates) {
            let registration = Registration::of(module, described);
            match KBox::pin_init(registration, GFP_KERNEL) {
                Ok(registration) => registrations.0.push_within_capacity(registration)?,
                Err(e) if e == ELIBBAD || e == EEXIST => {
                    if e == ELIBBAD {
                        *why_not = Some(c"its self-test failed");
                    }
                    refused = refused.or(Some(e));
                }
                Err(e) => return Err(e),
            }
        }
        // Not before here: if the module is refused as a whole, nothing has changed.
        for candidate in candidates {
            if let Some(reason) = candidate.why_not {
                decline(candidate.name, reason);
            }
        }
        if registrations.0.is_empty() {
            return Err(refused.unwrap_or(ENODEV));
        }
        Ok(registrations)
    }
}

/// The best candidate that was not tried yet, and where to say why it has to be declined.
fn best(candidates: &mut [Candidate]) -> Option<(Described, &mut Option<&'static CStr>)> {
    let best = candidates.iter_mut().reduce(|best, next| {
        if next.priority() > best.priority() {
            next
        } else {
            best
        }
    })?;
    Some((best.described.take()?, &mut best.why_not))
}

impl Drop for Registrations {
    fn drop(&mut self) {
        while let Some(registration) = self.0.pop() {
            drop(registration);
        }
    }
}
