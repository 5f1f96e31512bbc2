// SPDX-License-Identifier: GPL-2.0 OR MIT

//! The portable code against the definition in big integers.

#[path = "../big_integers.rs"]
mod big_integers;

use big_integers::{definition, sums_around_the_modulus};
use lib_poly1305_generic::{mac, tags_equal, Context, Portable};
use proptest::collection::vec;
use proptest::prelude::*;

fn in_pieces<'a>(key: &[u8; 32], pieces: impl IntoIterator<Item = &'a [u8]>) -> [u8; 16] {
    let mut context = Context::new(key);
    for piece in pieces {
        context.update(&Portable, piece);
    }
    context.finish()
}

/// Bytes as they come, and ones that are at the edge of what a limb or a product can hold.
fn bytes(len: usize) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => vec(any::<u8>(), len),
        1 => prop_oneof![Just(0x00), Just(0xff), Just(0xfb), Just(0x7f)].prop_map(move |b| vec![b; len]),
        2 => vec(prop_oneof![Just(0x00), Just(0xff), Just(0xfc), Just(0x03)], len),
    ]
}

/// Keys by the same rule, and ones with a small `r`, where reductions are rare.
fn key() -> impl Strategy<Value = [u8; 32]> {
    let r = prop_oneof![
        4 => bytes(16),
        1 => (0u8..4).prop_map(|r| [vec![r], vec![0; 15]].concat()),
    ];
    (r, bytes(16)).prop_map(|(r, s)| [r, s].concat().try_into().unwrap())
}

/// How many cases there are, unless proptest's own variable says so.
fn cases() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 20_000;
    }
    config
}

proptest! {
    #![proptest_config(cases())]

    /// Catches wrong arithmetic for some key or block.
    #[test]
    fn one_shot(key in key(), data in (0..300usize).prop_flat_map(bytes)) {
        prop_assert_eq!(mac(&Portable, &key, &data), definition(&key, &data));
    }

    /// Catches wrong buffering for some way to cut a message.
    #[test]
    fn pieces(key in key(), pieces in vec((0..70usize).prop_flat_map(bytes), 0..8)) {
        let tag = in_pieces(&key, pieces.iter().map(Vec::as_slice));
        prop_assert_eq!(tag, definition(&key, &pieces.concat()));
    }

    /// Catches a comparison that overlooks a byte, or sees a difference where there is none.
    #[test]
    fn comparison(a in any::<[u8; 16]>(), i in 0..16usize, flip in 1u8..) {
        let mut b = a;
        prop_assert!(tags_equal(&a, &b));
        b[i] ^= flip;
        prop_assert!(!tags_equal(&a, &b));
    }
}

/// Catches a length at which a loop over blocks ends too early or too late.
#[test]
fn every_length() {
    let data: Vec<u8> = (0..4200u32).map(|i| ((i * i) >> 3) as u8).collect();
    for key in [[0xff; 32], std::array::from_fn(|i| 7 * i as u8 + 1)] {
        for len in 0..=data.len() {
            // Most of a definition's work is for blocks that shorter messages had, too.
            if len <= 600 || len % 16 < 3 {
                let expected = definition(&key, &data[..len]);
                assert_eq!(
                    mac(&Portable, &key, &data[..len]),
                    expected,
                    "one-shot, length {len}"
                );
                let tag = in_pieces(&key, [&data[..len]]);
                assert_eq!(tag, expected, "one update, length {len}");
            }
        }
    }
}

/// Catches bytes that are lost or doubled where a buffered block is filled.
#[test]
fn every_split() {
    let data: Vec<u8> = (0..97u32).map(|i| (i * 37 + 11) as u8).collect();
    let key = std::array::from_fn(|i| 200 - 3 * i as u8);
    for len in 0..=data.len() {
        let expected = definition(&key, &data[..len]);
        for i in 0..=len {
            for j in i..=len {
                let tag = in_pieces(&key, [&data[..i], &data[i..j], &data[j..len]]);
                assert_eq!(tag, expected, "{len} bytes split at {i} and {j}");
            }
        }
    }
}

/// Catches an accumulator that leaves its bounds only after very many blocks of one kind.
#[test]
fn long_runs() {
    for byte in [0x00, 0xff, 0xfb] {
        for key in [[0xff; 32], [0x55; 32]] {
            let data = vec![byte; 16 * 5000 + 7];
            assert_eq!(
                mac(&Portable, &key, &data),
                definition(&key, &data),
                "bytes {byte:#x}"
            );
        }
    }
}

#[test]
fn around_the_modulus() {
    sums_around_the_modulus(|key, data| mac(&Portable, key, data));
}

/// Catches a length or count of 32 bits: the message is 4 GiB and 16 bytes of zeroes.
///
/// With `r = 1`, each of its `2^28 + 1` blocks adds 2^128: the sum is `2^156 + 2^128`, of which
/// `5 * 2^26` is left modulo `2^130 - 5` and 2^128.
#[test]
fn over_4_gib() {
    let data = vec![0; (4 << 30) + 16];
    let mut key = [0; 32];
    key[0] = 1;
    let expected = (5u128 << 26).to_le_bytes();
    assert_eq!(mac(&Portable, &key, &data), expected);
    assert_eq!(in_pieces(&key, [&data[..1], &data[1..]]), expected);
}

/// Catches a context that still holds its key, or message bytes, when it is done with.
#[test]
fn finish_wipes() {
    for len in 0..50 {
        let mut context = Context::new(&[0xa5; 32]);
        context.update(&Portable, &[0x5a; 50][..len]);
        let _ = context.finish();
        // All but the powers at its end, of which portable code writes none.
        let written = size_of::<Context>() - size_of::<[[u64; 3]; 5]>();
        // SAFETY: A context has no padding, and lives on after it is finished.
        let bytes =
            unsafe { std::slice::from_raw_parts((&raw const context).cast::<u8>(), written) };
        assert!(bytes.iter().all(|b| *b == 0), "{len} bytes");
    }
}
