// SPDX-License-Identifier: GPL-2.0

//! The kernel's own code, as shared objects that `bench/compare/run.sh` made.

use std::path::Path;

use crate::subject::Subject;

/// What there is of it, and what this CPU can run.
#[cfg(target_arch = "x86_64")]
pub(crate) fn find(objects: &Path) -> Vec<Result<Subject, String>> {
    let mut found = vec![];
    for way in x86::ways().into_iter().filter(|way| way.runs) {
        let object = objects.join(way.name).with_extension("so");
        // If there is none, bench/compare/run.sh said why.
        if object.exists() {
            // SAFETY: What bench/compare/run.sh makes there is the kernel's code.
            let subject = unsafe { x86::open(&way, &object) };
            found.push(subject.map_err(|error| format!("{}: {error}", way.name)));
        }
    }
    found
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn find(_objects: &Path) -> Vec<Result<Subject, String>> {
    vec![Err(
        "the kernel's code, which is measured on x86-64 only".into()
    )]
}

/// The way that a kernel would choose on this CPU.
#[cfg(target_arch = "x86_64")]
pub(crate) fn choice() -> Option<&'static str> {
    let mut ways = x86::ways().into_iter();
    ways.rfind(|way| way.runs && !(way.wide && crate::cpu::is_skylake_x()))
        .map(|way| way.name)
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn choice() -> Option<&'static str> {
    None
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::is_x86_feature_detected;
    use std::error::Error;
    use std::ffi::c_uint;
    use std::mem::MaybeUninit;
    use std::path::Path;

    use libloading::Library;

    use crate::subject::{batch, Key, Mac, Origin, Subject, Tag};

    /// One of the kernel's ways, by the static keys that are set.
    pub(super) struct Way {
        pub(super) name: &'static str,
        pub(super) wide: bool,
        /// Whether this CPU can run it.
        pub(super) runs: bool,
    }

    /// All of them, the best one last.
    pub(super) fn ways() -> [Way; 4] {
        let avx = is_x86_feature_detected!("avx");
        let avx2 = avx && is_x86_feature_detected!("avx2");
        let avx512 = avx2 && is_x86_feature_detected!("avx512f");
        let way = |name, wide, runs| Way { name, wide, runs };
        [
            way("kernel-scalar", false, true),
            way("kernel-avx", false, avx),
            way("kernel-avx2", false, avx2),
            way("kernel-avx512", true, avx512),
        ]
    }

    /// Room for the kernel's context, which is smaller.
    #[repr(C, align(64))]
    struct Context(MaybeUninit<[u8; 1024]>);

    type Init = unsafe extern "C" fn(*mut Context, *const Key);
    type Update = unsafe extern "C" fn(*mut Context, *const u8, c_uint);
    type Final = unsafe extern "C" fn(*mut Context, *mut Tag);

    /// Opens the shared object of a way, at this path.
    ///
    /// # Safety
    ///
    /// It must have the kernel's functions and those of `shim/kernel.c`.
    pub(super) unsafe fn open(way: &Way, object: &Path) -> Result<Subject, Box<dyn Error>> {
        // SAFETY: As the caller promises. The library stays until the process ends, and with it
        // the functions; the types are those of include/crypto/poly1305.h and shim/kernel.c.
        let (mac, init, update, end, size) = unsafe {
            let library = Library::new(object)?;
            let library: &'static Library = Box::leak(Box::new(library));
            (
                *library.get::<Mac>(b"kernel_mac")?,
                *library.get::<Init>(b"poly1305_init")?,
                *library.get::<Update>(b"poly1305_update")?,
                *library.get::<Final>(b"poly1305_final")?,
                *library.get::<unsafe extern "C" fn() -> usize>(b"kernel_context_size")?,
            )
        };
        // SAFETY: It returns a constant.
        let size = unsafe { size() };
        if size > size_of::<Context>() {
            return Err(
                format!("its context has {size} bytes: enlarge Context in kernel.rs").into(),
            );
        }
        let pieces = move |key: &Key, pieces: &[&[u8]]| {
            let mut context = Context(MaybeUninit::uninit());
            let mut tag = [0; 16];
            // SAFETY: The context has room, and all pointers come from references that are live.
            // No message here is as long as 4 GiB.
            unsafe {
                init(&mut context, key);
                for piece in pieces {
                    update(&mut context, piece.as_ptr(), piece.len() as c_uint);
                }
                end(&mut context, &mut tag);
            }
            tag
        };
        // SAFETY: shim/kernel.c has it so.
        let whole = unsafe { batch(mac) };
        Ok(Subject::new(way.name, Origin::Kernel, way.wide, whole).with_pieces(pieces))
    }
}
