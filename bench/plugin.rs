// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The implementations for benchmarks outside the kernel: as a shared object, and as a crate.
//!
//! The shared object has one symbol an implementation, all of the type
//! `void f(u8 tag[16], const u8 key[32], const u8 *data, size_t len)`. The crate has
//! [`available`].

use core::slice;

mod fpu;
#[cfg(target_arch = "aarch64")]
#[macro_use]
#[path = "../arch_arm64/implementations.rs"]
mod implementations;
#[cfg(target_arch = "x86_64")]
#[macro_use]
#[path = "../arch_x86/implementations.rs"]
mod implementations;
#[cfg(target_arch = "aarch64")]
#[path = "../arch_arm64/dispatch.rs"]
mod dispatch;
#[cfg(target_arch = "x86_64")]
#[path = "../arch_x86/dispatch.rs"]
mod dispatch;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod implementation;

// The code of an architecture takes it from here.
#[cfg_attr(
    not(any(target_arch = "aarch64", target_arch = "x86_64")),
    allow(unused_imports)
)]
pub(crate) use lib_poly1305_generic::generic;
use lib_poly1305_generic::{
    clear_registers, mac, Absorb, Context, Portable, State, Workspace, KEY_SIZE, TAG_SIZE,
};

pub use fpu::deny_vector_registers;

/// An implementation that this CPU can run.
pub struct Implementation {
    /// Its name, as the kernel's table has it.
    pub name: &'static str,
    /// The widest registers that it uses: some CPUs lower their clock for `zmm`.
    pub registers: &'static str,
    /// Numbers of bytes at which it changes what it does, by their names in the table of the
    /// architecture.
    pub bytes: &'static [(&'static str, usize)],
    /// The tag of a whole message. What pointers must be valid for is said at
    /// [`lib_poly1305_generic`].
    pub mac: unsafe extern "C" fn(*mut [u8; TAG_SIZE], *const [u8; KEY_SIZE], *const u8, usize),
    /// The tag of a message in pieces, by a [`Context`].
    pub pieces: fn(&[u8; KEY_SIZE], &[&[u8]]) -> [u8; TAG_SIZE],
    /// Adds a piece, as `pieces` does with each.
    pub update: fn(&mut Context, &[u8]),
    /// [`Absorb::absorb`]: what the library calls for each chunk.
    pub absorb: fn(&mut State, Option<&mut Workspace<'_>>, &[u8]),
}

/// An implementation that this CPU cannot run.
pub struct Unavailable {
    /// Its name, as the kernel's table has it.
    pub name: &'static str,
    /// What it needs that the CPU has not.
    pub lacks: Vec<&'static str>,
}

/// All implementations for this architecture.
pub fn all() -> Vec<Result<Implementation, Unavailable>> {
    #[cfg_attr(
        not(any(target_arch = "aarch64", target_arch = "x86_64")),
        allow(unused_mut)
    )]
    let mut all = vec![Ok(describe::<Portable>("generic", "general", &[]))];
    #[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
    all.extend(implementation::rows());
    all
}

/// Those that this CPU can run.
pub fn available() -> Vec<Implementation> {
    all().into_iter().filter_map(Result::ok).collect()
}

/// Describes an implementation.
fn describe<By: Stateless>(
    name: &'static str,
    registers: &'static str,
    bytes: &'static [(&'static str, usize)],
) -> Implementation {
    Implementation {
        name,
        registers,
        bytes,
        mac: one_shot::<By>,
        pieces: pieces::<By>,
        update: update::<By>,
        absorb: absorb::<By>,
    }
}

/// An implementation that needs nothing but code.
trait Stateless: Absorb {
    /// The only value.
    const IT: Self;
}

impl Stateless for Portable {
    const IT: Self = Self;
}

/// The portable implementation.
///
/// # Safety
///
/// `tag`, `key` and `data` must be valid for 16 bytes written, 32 and `len` bytes read.
#[no_mangle]
pub unsafe extern "C" fn lib_poly1305_generic(
    tag: *mut [u8; TAG_SIZE],
    key: *const [u8; KEY_SIZE],
    data: *const u8,
    len: usize,
) {
    // SAFETY: As the caller promises.
    unsafe { one_shot::<Portable>(tag, key, data, len) };
}

/// The tag of a whole message.
///
/// # Safety
///
/// As for [`lib_poly1305_generic`].
#[inline(always)]
unsafe extern "C" fn one_shot<By: Stateless>(
    tag: *mut [u8; TAG_SIZE],
    key: *const [u8; KEY_SIZE],
    data: *const u8,
    len: usize,
) {
    // SAFETY: As the caller promises. A slice needs a pointer that is not null even when empty.
    let (key, data) = unsafe {
        (
            &*key,
            if len == 0 {
                &[]
            } else {
                slice::from_raw_parts(data, len)
            },
        )
    };
    // SAFETY: As the caller promises; the slices above are not used any more.
    unsafe { *tag = mac(&By::IT, key, data) };
    clear_registers();
}

/// The tag of a message in pieces.
fn pieces<By: Stateless>(key: &[u8; KEY_SIZE], pieces: &[&[u8]]) -> [u8; TAG_SIZE] {
    let mut context = Context::new(key);
    for piece in pieces {
        update::<By>(&mut context, piece);
    }
    context.finish()
}

/// A call, as `lib_poly1305_update()` is one in the kernel.
#[inline(never)]
fn update<By: Stateless>(context: &mut Context, piece: &[u8]) {
    context.update(&By::IT, piece);
}

/// A call of an implementation, as the library makes one for each chunk.
#[inline(never)]
fn absorb<By: Stateless>(state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
    By::IT.absorb(state, workspace, blocks);
}
