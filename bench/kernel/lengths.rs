// SPDX-License-Identifier: GPL-2.0

//! The time of whole messages by the library, length by length, with the implementation that is
//! active.

use core::hint::black_box;

use kernel::prelude::*;

use crate::cost::cycles;
use crate::lib_poly1305::{mac, Pinned, KEY_SIZE};
use crate::spread::Spread;

/// Bytes in the messages.
const LENGTHS: [usize; 13] = [
    16, 64, 128, 256, 320, 512, 1024, 1420, 2048, 4096, 8192, 16384, 65536,
];

/// How many batches there are.
const BATCHES: usize = 501;

/// How many bytes there are in a batch, or 16 messages of fewer.
const BATCH: usize = 16384;

/// Measures all lengths, and says what came out, in tenths of a cycle for a message.
pub(crate) fn run() -> Result {
    let key = [0x5a; KEY_SIZE];
    let data = KVec::from_elem(0xa5_u8, LENGTHS[LENGTHS.len() - 1], GFP_KERNEL)?;
    let pin = Pinned::get(None)?;
    for len in LENGTHS {
        let message = &data[..len];
        let calls = (BATCH / len).clamp(1, 256);
        let mut times = KVec::with_capacity(BATCHES, GFP_KERNEL)?;
        // The first one brings code and data into the caches.
        for batch in 0..=BATCHES {
            let begin = cycles();
            for _ in 0..calls {
                black_box(mac(&key, black_box(message)));
            }
            let time = (cycles().wrapping_sub(begin) * 10 / calls as u64) as i64;
            if batch != 0 {
                times.push(time, GFP_KERNEL)?;
            }
        }
        let spread = Spread::of(times.iter().copied())?;
        pr_info!("length {} {} {}\n", pin.name(), len, spread);
    }
    Ok(())
}
