// SPDX-License-Identifier: GPL-2.0

//! Messages whose sums are at edges, in each of several streams.

use lib_poly1305_bench::Implementation;
use lib_poly1305_generic::Context;
use num_bigint::BigUint;

use crate::big_integers::definition;
use crate::data::{interesting_lengths, mac, Key, Message};
use crate::edges::{end, fill, POINTS, STREAMS};
use crate::reference;

/// Numbers of streams: those of the implementations, and one more.
fn streams() -> impl Iterator<Item = usize> {
    (0..).map(|i| 1 << i).take_while(|n| *n <= STREAMS)
}

/// Numbers of blocks after which the accumulator is at an edge.
const ENDS: [usize; 6] = [2, 21, 66, 130, 256, 290];

/// The modulus.
fn modulus() -> BigUint {
    (BigUint::from(1u8) << 130u32) - 5u8
}

/// Whether a number is at most five away from a multiple of 2^128, modulo `2^130 - 5`.
fn is_edge(number: &BigUint) -> bool {
    let p = modulus();
    (0..4u32).any(|multiple| {
        let more = (number + 5u8 + &p - (BigUint::from(multiple) << 128u32)) % &p;
        more <= BigUint::from(10u8)
    })
}

/// What the sums of a stream of blocks are, and the accumulator after each of them.
fn sums<'a>(point: &BigUint, blocks: impl Iterator<Item = &'a [u8]>) -> Vec<[BigUint; 2]> {
    let mut h = BigUint::ZERO;
    blocks
        .map(|block| {
            let sum = &h + BigUint::from_bytes_le(block) + (BigUint::from(1u8) << 128u32);
            h = &sum * point % modulus();
            [sum % modulus(), h.clone()]
        })
        .collect()
}

fn key(r: u128, i: usize) -> Key {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&r.to_le_bytes());
    key[16..].fill([0x00, 0xff][i % 2]);
    key
}

/// Catches messages whose sums are elsewhere, with which implementations would be tested in vain;
/// powers that are not those that their comment says; and a reference that is wrong there.
pub(crate) fn are_edges() {
    let far = BigUint::from(1u8) << 112u32;
    for (i, r) in POINTS.into_iter().enumerate() {
        let (number, key) = (BigUint::from(r), key(r, i));
        let powers = [2u8, 4, 8].map(|k| number.modpow(&k.into(), &modulus()));
        match i {
            0..7 => assert!(powers.iter().any(|power| *power < far), "{powers:x?}"),
            7..10 => assert!(powers.iter().any(|power| *power > modulus() - &far)),
            _ => {}
        }
        for streams in streams() {
            let mut data = vec![0; 16 * 300];
            fill(r, streams, &mut data);
            let power = number.modpow(&streams.into(), &modulus());
            for stream in 0..streams {
                let blocks = data.chunks(16).skip(stream).step_by(streams);
                for (n, [sum, _]) in sums(&power, blocks).into_iter().enumerate() {
                    assert!(is_edge(&sum), "{sum:x}, block {n} of {stream} by {r:x}");
                }
            }
            assert_eq!(reference::mac(&key, &data), definition(&key, &data));
            for n in ENDS {
                end(r, &mut data[..16 * n]);
                let [_, h] = sums(&number, data[..16 * n].chunks(16)).pop().unwrap();
                assert!(is_edge(&h), "{h:x} after {n} blocks by {r:x}");
                let data = &data[..16 * n];
                assert_eq!(reference::mac(&key, data), definition(&key, data));
            }
        }
    }
}

/// Catches a carry that is lost in one lane only, or only where lanes are added up; and powers of
/// `r` that are not reduced far enough.
pub(crate) fn each(by: &Implementation) {
    let lengths: Vec<_> = interesting_lengths()
        .into_iter()
        .filter(|len| len % 16 == 0)
        .collect();
    let longest = lengths[lengths.len() - 1];
    for (i, r) in POINTS.into_iter().enumerate() {
        let key = key(r, i);
        for streams in streams() {
            let mut data = vec![0; longest];
            fill(r, streams, &mut data);
            let message = Message::new(key, data.clone());
            for &len in &lengths {
                let (data, tag) = message.first(len);
                assert_eq!(mac(by, &key, data), tag, "{streams}, r {r:x}, length {len}");
            }
            for n in ENDS {
                end(r, &mut data[..16 * n]);
            }
            let message = Message::new(key, data);
            for n in ENDS {
                let (begin, tag) = message.first(16 * n);
                let mut context = Context::new(&key);
                (by.update)(&mut context, begin);
                assert_eq!(context.clone().finish(), tag, "{n} blocks, r {r:x}");
                let (all, tag) = message.first(longest);
                (by.update)(&mut context, &all[16 * n..]);
                assert_eq!(context.finish(), tag, "{n} blocks and more, r {r:x}");
            }
        }
    }
}
