// SPDX-License-Identifier: GPL-2.0

//! Implementations of libraries that are installed, found when this runs, and of crates: left out if
//! missing.

use std::error::Error;
use std::ffi::{c_char, c_int, c_ulonglong, c_void, OsStr};
use std::path::Path;
use std::ptr::{null, null_mut};

use libloading::Library;

use crate::subject::{batch, Key, Mac, Origin, Subject, Tag};

/// Opens a library, or says why not.
type Open = fn() -> Result<Subject, Box<dyn Error>>;

/// Crates by name, and their functions in `bench/crates`.
const CRATES: [(&str, &[u8]); 3] = [
    ("aws-lc", b"aws_lc_mac"),
    ("rustcrypto", b"rustcrypto_mac"),
    ("libcrux", b"libcrux_mac"),
];

/// All that are here.
pub(crate) fn find(objects: &Path) -> Vec<Result<Subject, String>> {
    let all: [(&str, Open); 2] = [("openssl", openssl), ("libsodium", sodium)];
    let mut found: Vec<_> = all.into_iter().map(|(name, open)| (name, open())).collect();
    let object = objects.join("ipsec_mb.so");
    if object.exists() {
        // Or else bench/compare/run.sh said why.
        found.push(("ipsec-mb", ipsec_mb(&object)));
    }
    let object = objects.join("crates.so");
    if object.exists() {
        // As above.
        found.extend(CRATES.map(|(name, symbol)| (name, of_crate(&object, name, symbol))));
    }
    let named = found.into_iter();
    named
        .map(|(name, it)| it.map_err(|error| format!("{name}: {error}")))
        .collect()
}

/// Opens the first of these libraries that is there. It stays until the process ends.
fn library(names: &[&OsStr]) -> Result<&'static Library, Box<dyn Error>> {
    let mut error = None;
    for name in names {
        // SAFETY: These libraries are made to be loaded by anybody.
        match unsafe { Library::new(name) } {
            Ok(library) => return Ok(Box::leak(Box::new(library))),
            Err(why) => error = error.or(Some(why)),
        }
    }
    Err(error.map_or("no name".into(), Into::into))
}

/// Whether libraries that choose by CPU would use 512-bit registers.
fn has_avx512() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// libcrypto from version 3 on, by the only interface that it has: one context, whose key is set
/// for each message.
fn openssl() -> Result<Subject, Box<dyn Error>> {
    type Fetch = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> *mut c_void;
    type New = unsafe extern "C" fn(*mut c_void) -> *mut c_void;
    type Init = unsafe extern "C" fn(*mut c_void, *const u8, usize, *const c_void) -> c_int;
    type Update = unsafe extern "C" fn(*mut c_void, *const u8, usize) -> c_int;
    type Final = unsafe extern "C" fn(*mut c_void, *mut u8, *mut usize, usize) -> c_int;

    let library = library(&["libcrypto.so.3".as_ref(), "libcrypto.so".as_ref()])?;
    // SAFETY: The types are those of openssl/evp.h.
    let (fetch, new, init, update, end) = unsafe {
        (
            *library.get::<Fetch>(b"EVP_MAC_fetch")?,
            *library.get::<New>(b"EVP_MAC_CTX_new")?,
            *library.get::<Init>(b"EVP_MAC_init")?,
            *library.get::<Update>(b"EVP_MAC_update")?,
            *library.get::<Final>(b"EVP_MAC_final")?,
        )
    };
    // SAFETY: Null stands for the default context, and for no selection.
    let algorithm = unsafe { fetch(null_mut(), c"POLY1305".as_ptr(), null()) };
    if algorithm.is_null() {
        return Err("it has no POLY1305".into());
    }
    // SAFETY: The algorithm is not null.
    let context = unsafe { new(algorithm) };
    if context.is_null() {
        return Err("it makes no context".into());
    }
    let whole = move |key: &Key, data: &[u8], count: usize| {
        let mut tag: Tag = [0; 16];
        let mut len = 0;
        for _ in 0..count {
            // SAFETY: The context is not null, and has no other user. All other pointers come from
            // references that are live, to as many bytes as are said.
            unsafe {
                init(context, key.as_ptr(), key.len(), null());
                update(context, data.as_ptr(), data.len());
                end(context, tag.as_mut_ptr(), &mut len, tag.len());
            }
        }
        tag
    };
    Ok(Subject::new("openssl", Origin::Peer, has_avx512(), whole))
}

/// libsodium.
fn sodium() -> Result<Subject, Box<dyn Error>> {
    type Start = unsafe extern "C" fn() -> c_int;
    type Sodium = unsafe extern "C" fn(*mut Tag, *const u8, c_ulonglong, *const Key) -> c_int;

    let library = library(&["libsodium.so.23", "libsodium.so.26", "libsodium.so"].map(OsStr::new))?;
    // SAFETY: The types are those of sodium/core.h and sodium/crypto_onetimeauth_poly1305.h.
    let (start, mac) = unsafe {
        (
            *library.get::<Start>(b"sodium_init")?,
            *library.get::<Sodium>(b"crypto_onetimeauth_poly1305")?,
        )
    };
    // SAFETY: It may be called at any time.
    if unsafe { start() } < 0 {
        return Err("sodium_init() fails".into());
    }
    let whole = move |key: &Key, data: &[u8], count: usize| {
        let mut tag = [0; 16];
        for _ in 0..count {
            // SAFETY: All pointers come from references that are live.
            unsafe { mac(&mut tag, data.as_ptr(), data.len() as c_ulonglong, key) };
        }
        tag
    };
    Ok(Subject::new("libsodium", Origin::Peer, false, whole))
}

/// ipsec-mb, by a shared object that `bench/compare/run.sh` makes where its header is.
fn ipsec_mb(object: &Path) -> Result<Subject, Box<dyn Error>> {
    let library = library(&[object.as_ref()])?;
    // SAFETY: The types are those of shim/ipsec_mb.c.
    let (open, mac) = unsafe {
        (
            *library.get::<unsafe extern "C" fn() -> c_int>(b"ipsec_mb_open")?,
            *library.get::<Mac>(b"ipsec_mb_mac")?,
        )
    };
    // SAFETY: It is called once, before the other one.
    match unsafe { open() } {
        // SAFETY: shim/ipsec_mb.c has it so, and it is open.
        0 => Ok(Subject::new(
            "ipsec-mb",
            Origin::Peer,
            has_avx512(),
            unsafe { batch(mac) },
        )),
        error => Err(format!("it fails to start with error {error}").into()),
    }
}

/// A crate, by a shared object that `bench/compare/run.sh` makes.
fn of_crate(object: &Path, name: &'static str, symbol: &[u8]) -> Result<Subject, Box<dyn Error>> {
    let library = library(&[object.as_ref()])?;
    // SAFETY: bench/crates/lib.rs has it so.
    let whole = unsafe { batch(*library.get::<Mac>(symbol)?) };
    Ok(Subject::new(name, Origin::Peer, false, whole))
}
