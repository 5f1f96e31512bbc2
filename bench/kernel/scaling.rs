// SPDX-License-Identifier: GPL-2.0

//! What a second CPU gives: messages of 64 bytes in a second, on one CPU and on two together.

use kernel::error::to_result;
use kernel::prelude::*;

use crate::bindings;
use crate::direct::Mac;
use crate::spread::Spread;

/// How many rounds there are, each with one CPU and with two.
const ROUNDS: usize = 41;

/// The ways to compute: as it is; without the table; with a reference to a module for each call.
const WAYS: [(&str, Mac); 3] = [
    ("library", bindings::lib_poly1305_mac),
    ("direct", bindings::lib_poly1305_bench_direct_mac),
    ("counted", bindings::lib_poly1305_bench_counted_mac),
];

/// Messages in a second.
fn rate(mac: Mac, cpus: u32) -> Result<i64> {
    // SAFETY: All functions of `WAYS` compute the tag of a message from what they are given.
    let rate = unsafe { bindings::lib_poly1305_bench_rate(Some(mac), cpus) };
    if rate < 0 {
        to_result(rate as i32)?;
    }
    Ok(rate)
}

/// Measures, and says what came out: rates, and their ratio in thousandths.
pub(crate) fn run() -> Result {
    let mut rounds = KVec::with_capacity(ROUNDS, GFP_KERNEL)?;
    for _ in 0..ROUNDS {
        let mut rates = [[0; 2]; WAYS.len()];
        for (rates, (_, mac)) in rates.iter_mut().zip(WAYS) {
            *rates = [rate(mac, 1)?, rate(mac, 2)?];
        }
        rounds.push(rates, GFP_KERNEL)?;
    }
    for (way, (name, _)) in WAYS.iter().enumerate() {
        let rates = || rounds.iter().map(|rates| rates[way]);
        let one = Spread::of(rates().map(|[one, _]| one))?;
        let two = Spread::of(rates().map(|[_, two]| two))?;
        let ratio = Spread::of(rates().map(|[one, two]| two * 1000 / one.max(1)))?;
        pr_info!("rate - 1 {} {}\n", name, one);
        pr_info!("rate - 2 {} {}\n", name, two);
        pr_info!("ratio - 2/1 {} {}\n", name, ratio);
    }
    Ok(())
}
