// SPDX-License-Identifier: GPL-2.0

//! The table as tests use it: test implementations, and which implementation is active.

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use kernel::error::to_result;
use kernel::ffi::c_int;
use kernel::prelude::*;

use crate::bindings::{self, lib_poly1305_ops, lib_poly1305_state, lib_poly1305_workspace};
use crate::generic::State;

/// The function of an implementation.
pub(crate) type Blocks =
    unsafe extern "C" fn(*mut lib_poly1305_state, *mut lib_poly1305_workspace, *const u8, usize);

/// A priority that is higher than that of any other implementation.
pub(crate) const HIGH: i32 = 1000;

/// Absorbs blocks correctly.
///
/// # Safety
///
/// As the provider's header says of `blocks`.
pub(crate) unsafe fn absorb(state: *mut lib_poly1305_state, data: *const u8, nblocks: usize) {
    // SAFETY: By this function's requirements; the states have one layout.
    let (state, data) = unsafe {
        (
            &mut *state.cast::<State>(),
            core::slice::from_raw_parts(data, nblocks * 16),
        )
    };
    state.absorb(data);
}

/// The number of calls of each counting implementation.
static CALLS: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];

/// A correct implementation that counts its calls.
///
/// # Safety
///
/// As the provider's header says of `blocks`.
pub(crate) unsafe extern "C" fn counting<const N: usize>(
    state: *mut lib_poly1305_state,
    _: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    CALLS[N].fetch_add(1, Ordering::Relaxed);
    // SAFETY: By this function's requirements.
    unsafe { absorb(state, data, nblocks) };
}

/// The number of calls of [`counting::<N>`](counting) so far.
pub(crate) fn calls<const N: usize>() -> usize {
    CALLS[N].load(Ordering::Relaxed)
}

/// The module of the tests, which its init function stores.
pub(crate) static MODULE: AtomicPtr<ThisModule> = AtomicPtr::new(ptr::null_mut());

/// The module of the tests.
pub(crate) fn module() -> Result<&'static ThisModule> {
    // SAFETY: It is null, or was a reference of that lifetime.
    unsafe { MODULE.load(Ordering::Relaxed).as_ref() }.ok_or(ENOENT)
}

/// The ops of a test implementation.
pub(crate) fn ops(name: &'static CStr, priority: i32, blocks: Blocks) -> lib_poly1305_ops {
    lib_poly1305_ops {
        abi_version: bindings::LIB_POLY1305_ABI_VERSION,
        size: size_of::<lib_poly1305_ops>() as u32,
        name: name.as_char_ptr(),
        // SAFETY: An FFI call without requirements.
        owner: unsafe { bindings::lib_poly1305_kunit_module() },
        priority,
        blocks: Some(blocks),
    }
}

/// Registers an implementation, as C code does.
pub(crate) fn register(ops: &lib_poly1305_ops) -> Result {
    // SAFETY: The fields are as the header asks for, or wrong in a way that it says is refused;
    // every test unregisters what it registered.
    to_result(unsafe { bindings::lib_poly1305_register(ops) })
}

/// An implementation that is registered during a test.
pub(crate) struct Registered(KBox<lib_poly1305_ops>);

impl Registered {
    pub(crate) fn new(name: &'static CStr, priority: i32, blocks: Blocks) -> Result<Self> {
        let ops = KBox::new(ops(name, priority, blocks), GFP_KERNEL)?;
        register(&ops)?;
        Ok(Self(ops))
    }

    /// Unregisters it, or returns the error.
    pub(crate) fn unregister(&self) -> Result {
        // SAFETY: An FFI call without requirements.
        to_result(unsafe { bindings::lib_poly1305_unregister(&*self.0) })
    }

    /// The same without sleeping.
    pub(crate) fn try_unregister(&self) -> Result {
        // SAFETY: An FFI call without requirements.
        to_result(unsafe { bindings::lib_poly1305_try_unregister(&*self.0) })
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // The code of a test must not stay in the table; it fails if the test took it out before.
        let _ = self.unregister();
    }
}

/// Selects an implementation, as the module parameter does.
pub(crate) fn select(name: &CStr) -> Result {
    // SAFETY: The name is a string of C.
    to_result(unsafe { bindings::lib_poly1305_select(name.as_char_ptr()) })
}

/// Declines an implementation.
pub(crate) fn decline(name: &CStr) -> c_int {
    // SAFETY: Both are strings of C.
    unsafe { bindings::lib_poly1305_decline(name.as_char_ptr(), c"a test says so".as_char_ptr()) }
}

/// The name of the active implementation.
pub(crate) fn active() -> Name {
    let mut name = [0; 32];
    // SAFETY: There are as many bytes as a name has.
    unsafe { bindings::lib_poly1305_active_name(ptr::from_mut(&mut name).cast()) };
    Name(name)
}

/// A name, padded with zeroes.
#[derive(PartialEq, Eq)]
pub(crate) struct Name([u8; 32]);

impl Name {
    pub(crate) fn text(&self) -> &str {
        let name = CStr::from_bytes_until_nul(&self.0).unwrap_or_default();
        name.to_str().unwrap_or_default()
    }

    pub(crate) fn is(&self, name: &CStr) -> bool {
        CStr::from_bytes_until_nul(&self.0) == Ok(name)
    }
}

/// Runs a test once for each registered implementation, which is selected during it.
///
/// The test returns an error where it fails. An assertion would end the thread at once, and leave
/// the implementation selected for the tests after it.
pub(crate) fn each(test: impl Fn() -> Result) -> Result {
    let mut result = Err(ENOENT);
    let mut name = [0u8; 32];
    // SAFETY: There are as many bytes as a name has.
    let there = |place, name: &mut [u8; 32]| unsafe {
        bindings::lib_poly1305_name_at(place, ptr::from_mut(name).cast())
    };
    for place in 0.. {
        if !there(place, &mut name) {
            break;
        }
        let selected = CStr::from_bytes_until_nul(&name).map_err(|_| EINVAL)?;
        result = select(selected).and_then(|()| test());
        if result.is_err() {
            let text = core::str::from_utf8(selected.to_bytes()).unwrap_or_default();
            pr_err!("that was {}\n", text);
            break;
        }
    }
    select(c"auto")?;
    result
}
