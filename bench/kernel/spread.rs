// SPDX-License-Identifier: GPL-2.0

//! The median, and the noise around it.

use kernel::fmt;
use kernel::prelude::*;

/// The 10th percentile, the median and the 90th percentile of measurements.
pub(crate) struct Spread([i64; 3]);

impl Spread {
    /// Of so many measurements.
    pub(crate) fn of(samples: impl ExactSizeIterator<Item = i64>) -> Result<Self> {
        let mut sorted = KVec::<i64>::with_capacity(samples.len(), GFP_KERNEL)?;
        for sample in samples {
            let place = sorted.partition_point(|other| *other < sample);
            sorted.insert_within_capacity(place, sample)?;
        }
        let at = |percent| sorted.get(sorted.len() * percent / 100).copied();
        Ok(Self([
            at(10).ok_or(EINVAL)?,
            at(50).ok_or(EINVAL)?,
            at(90).ok_or(EINVAL)?,
        ]))
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, median, high] = self.0;
        write!(f, "{low} {median} {high}")
    }
}
