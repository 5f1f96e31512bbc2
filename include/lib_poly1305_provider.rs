// SPDX-License-Identifier: GPL-2.0

//! For Rust modules that provide an implementation of Poly1305 to lib_poly1305.
//!
//! A kernel module includes this file by `#[path]`, with `bindings.rs` of this folder as
//! `crate::bindings` and `generic/mod.rs` as `crate::generic`; imports the namespace
//! `LIB_POLY1305_PROVIDER`; and includes `scripts/Kbuild.bindings` in its Kbuild, with
//! `lib_poly1305_provider.h` or one that includes it as the header. `arch_x86/` is an example.
//!
//! C header: `include/lib_poly1305_provider.h`.

use core::mem::{forget, size_of};
use core::ptr::{self, NonNull};
use core::slice;

use kernel::error::to_result;
use kernel::ffi::c_int;
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

/// `ELIBBAD`, the error of a registration whose implementation fails its self-test. (Linux 7.2 has
/// no constant of that for Rust.)
pub fn wrong_results() -> Error {
    Error::from_errno(-(kernel::bindings::ELIBBAD as c_int))
}

/// An implementation.
///
/// A value of the type is evidence that this machine can run it. So the type has no size, and a
/// value is created only after the machine was checked.
pub trait Implementation: Send + Sync + Sized + 'static {
    /// Its name, which begins with the architecture, as in `x86_64-avx2`.
    const NAME: &'static CStr;

    /// The implementation of the highest priority is active; the portable one has 0.
    fn priority(&self) -> i32;

    /// Absorbs 1 to 256 whole blocks in constant time. In a run of at least 20 blocks, each call
    /// has a `workspace`, also the last one, which may be for a single block: see the C header.
    ///
    /// It is called in task, softirq and hardirq context, inside an RCU read-side critical section,
    /// and must not sleep or call the library.
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]);
}

/// A registered implementation. Dropping this unregisters it.
///
/// Dropping waits until no call is running, and until there is no pin, which it logs. In the init
/// and exit functions of a module there is no pin: only loaded modules can be pinned, and pins keep
/// them loaded.
///
/// # Invariants
///
/// `ops` is registered.
#[pin_data(PinnedDrop)]
pub struct Registration {
    #[pin]
    ops: Opaque<lib_poly1305_ops>,
}

// SAFETY: An implementation may be unregistered by any task.
unsafe impl Send for Registration {}
// SAFETY: Nothing can be done with a shared reference.
unsafe impl Sync for Registration {}

impl Registration {
    /// Registers an implementation of the module that calls this. May sleep.
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
        // INVARIANT: This succeeds only if registering does.
        try_pin_init!(Self {
            ops <- Opaque::try_ffi_init(move |slot: *mut lib_poly1305_ops| {
                // SAFETY: The slot is valid for writes.
                unsafe { slot.write(ops) };
                // SAFETY: The structure is pinned. Its fields are as the header requires: the name
                // is static, and `blocks` is not freed before the module, and this is dropped
                // before that.
                to_result(unsafe { bindings::lib_poly1305_register(slot) })
            }),
        })
    }
}

#[pinned_drop]
impl PinnedDrop for Registration {
    fn drop(self: Pin<&mut Self>) {
        // The code may be freed after this, so it has to wait for the last pin.
        // SAFETY: `ops` is registered by the type invariants.
        while unsafe { bindings::lib_poly1305_unregister(self.ops.get()) } == EBUSY.to_errno() {
            // Each attempt logs a message.
            fsleep(Delta::from_millis(1000));
        }
    }
}

/// The ops of an implementation, without the owner.
///
/// # Invariants
///
/// A value of the type that `blocks` is for exists, and is never dropped.
#[derive(Clone, Copy)]
struct Described(lib_poly1305_ops);

impl Described {
    fn new<T: Implementation>(implementation: T) -> Self {
        const { assert!(size_of::<T>() == 0, "there is no place to find a value in") };
        let priority = implementation.priority();
        forget(implementation);
        // INVARIANT: The value was forgotten, not dropped.
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
/// A value of `T` must exist; `state` and `workspace` must be as the C header says; `data` must be
/// valid for reads of `nblocks` blocks.
unsafe extern "C" fn blocks<T: Implementation>(
    state: *mut lib_poly1305_state,
    workspace: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    // SAFETY: A value exists by this function's requirements, and has no size, so that any aligned
    // address is one of it.
    let implementation = unsafe { NonNull::<T>::dangling().as_ref() };
    // SAFETY: By this function's requirements; the layouts are those of the header.
    let (state, workspace, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            workspace.cast::<Workspace<'_>>().as_mut(),
            slice::from_raw_parts(data, nblocks.wrapping_mul(BLOCK_SIZE)),
        )
    };
    implementation.absorb(state, workspace, blocks);
    // The functions that the library calls next may spill them.
    clear_registers();
}

/// Declines an implementation that this machine cannot run. May sleep.
fn decline(name: &'static CStr, reason: &'static CStr) {
    // SAFETY: Both are C strings.
    unsafe { bindings::lib_poly1305_decline(name.as_char_ptr(), reason.as_char_ptr()) };
}

/// An implementation that only some CPUs can run.
pub trait Detect: Implementation {
    /// The reason that it is declined for on other CPUs.
    const WHY_NOT: &'static CStr;

    /// Checks the CPU.
    fn detect() -> Option<Self>;
}

/// An implementation that a module registers if this CPU can run it.
pub struct Candidate {
    name: &'static CStr,
    /// Its ops, until registering it was tried.
    described: Option<Described>,
    /// The reason that it is declined for, if it is.
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

    /// Its priority, until registering it was tried.
    fn priority(&self) -> Option<i32> {
        self.described.map(|described| described.0.priority)
    }
}

/// The registered implementations of a module. Dropping this unregisters them.
///
/// The one of the highest priority is registered first and unregistered last, so that no other one
/// is active in between.
pub struct Registrations(KVec<Pin<KBox<Registration>>>);

impl Registrations {
    /// Registers those of the candidates that the CPU can run, and declines the others. May sleep.
    ///
    /// One that fails its self-test (`ELIBBAD`) is declined, too, and one whose name is taken
    /// (`EEXIST`) is left out; the others are registered all the same. If none is left, this fails
    /// with the error of the one of the highest priority, or with `ENODEV` if the CPU can run none.
    /// It also fails, leaving nothing registered, if memory runs out or the library refuses the
    /// provider for another reason.
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
                Err(e) if e == wrong_results() || e == EEXIST => {
                    if e == wrong_results() {
                        *why_not = Some(c"its self-test failed");
                    }
                    refused = refused.or(Some(e));
                }
                Err(e) => return Err(e),
            }
        }
        // Only here, so that nothing has changed if this failed above.
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

/// The candidate of the highest priority that was not tried yet, and its field for the reason.
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
