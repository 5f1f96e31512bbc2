// SPDX-License-Identifier: GPL-2.0 OR MIT

//! Runs the implementations on secrets that valgrind's memcheck takes for uninitialized.
//!
//! memcheck follows what depends on uninitialized bits and reports every branch and every address
//! that does, so that a run without a report has no secret-dependent branch or index. (The idea
//! is Adam Langley's ctgrind.) With the argument `leak` it branches on a key bit, which must be
//! reported, or else the check shows nothing.

#[cfg(target_arch = "x86_64")]
fn main() {
    use core::arch::asm;
    use std::hint::black_box;

    use lib_poly1305_bench::available;
    use lib_poly1305_generic::tags_equal;

    /// Asks memcheck to take `bytes` for uninitialized (`defined` false) or initialized.
    fn mark(bytes: &[u8], defined: bool) {
        // VALGRIND_MAKE_MEM_UNDEFINED and _DEFINED of valgrind/memcheck.h.
        let code = (u64::from(b'M') << 24 | u64::from(b'C') << 16) + 1 + u64::from(defined);
        let request = [code, bytes.as_ptr() as u64, bytes.len() as u64, 0, 0, 0];
        // SAFETY: To a processor, these rotations and the exchange do nothing; to valgrind they
        // are a client request, which leaves its answer in rdx (valgrind/valgrind.h).
        unsafe {
            asm!(
                "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
                in("rax") &request, inout("rdx") 0u64 => _, in("rdi") 0,
            );
        }
    }

    let leak = std::env::args().any(|a| a == "leak");
    // Those that valgrind's own CPU has: none with AVX-512.
    for implementation in available() {
        eprintln!("{}", implementation.name);
        for len in (0..200).chain([320, 511, 1000, 1420, 4096, 9000]) {
            let key: [u8; 32] = black_box(std::array::from_fn(|i| (91 * i + 5) as u8));
            let data: Vec<u8> = black_box((0..len).map(|i| (17 * i + 1) as u8).collect());
            mark(&key, false);
            mark(&data, false);

            let mut tag = [0; 16];
            // SAFETY: All are as long as the function asks for, and the CPU can run it.
            unsafe { (implementation.mac)(&mut tag, &key, data.as_ptr(), len) };
            let (head, rest) = data.split_at(len / 3);
            let again = (implementation.pieces)(&key, &[head, rest]);
            if leak && key[0] & 1 == 1 {
                eprintln!("the key is odd");
            }
            // Whether they are equal is no secret.
            let equal = black_box([u8::from(tags_equal(&tag, &again))]);
            mark(&equal, true);
            assert_eq!(equal, [1], "length {len}");
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn main() {
    eprintln!("this check knows valgrind's requests for x86-64 only");
    std::process::exit(77);
}
