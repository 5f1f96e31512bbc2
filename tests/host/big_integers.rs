// SPDX-License-Identifier: GPL-2.0

//! What all tests on the host go back to.

use num_bigint::BigUint;

/// The modulus `2^130 - 5`.
pub(crate) fn modulus() -> BigUint {
    (BigUint::from(1u8) << 130u32) - 5u8
}

/// The accumulator after these bytes: a polynomial in the clamped `r`.
pub(crate) fn accumulator(key: &[u8; 32], data: &[u8]) -> BigUint {
    let p = modulus();
    let clamp = BigUint::from(0x0fff_fffc_0fff_fffc_0fff_fffc_0fff_ffff_u128);
    let r = BigUint::from_bytes_le(&key[..16]) & clamp;
    let mut h = BigUint::ZERO;
    for block in data.chunks(16) {
        let number = BigUint::from_bytes_le(block) + (BigUint::from(1u8) << (8 * block.len()));
        h = (h + number) * &r % &p;
    }
    h
}

/// Poly1305 as RFC 8439 section 2.5.1 writes it, in integers without limbs.
pub(crate) fn definition(key: &[u8; 32], data: &[u8]) -> [u8; 16] {
    let h = accumulator(key, data);
    let mut bytes = (h + BigUint::from_bytes_le(&key[16..])).to_bytes_le();
    bytes.resize(17, 0);
    std::array::from_fn(|i| bytes[i])
}

/// Catches a last reduction that is off by a few: with `r = 1`, two blocks sum to `2^130 - i`.
pub(crate) fn sums_around_the_modulus(mac: impl Fn(&[u8; 32], &[u8]) -> [u8; 16]) {
    let mut key = [0; 32];
    key[0] = 1;
    for i in 2..=20u128 {
        let blocks = [u128::MAX, 1u128.wrapping_sub(i)].map(u128::to_le_bytes);
        let data = blocks.as_flattened();
        assert_eq!(mac(&key, data), definition(&key, data), "2^130 - {i}");
    }
}
