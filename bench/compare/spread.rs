// SPDX-License-Identifier: GPL-2.0

//! Medians and percentiles.

/// How samples are spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The 10th percentile.
    pub(crate) low: f64,
    /// The median.
    pub(crate) median: f64,
    /// The 90th percentile.
    pub(crate) high: f64,
}

impl Spread {
    /// The spread of samples, if there are any.
    pub(crate) fn of(samples: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = samples.into_iter().collect();
        sorted.sort_unstable_by(f64::total_cmp);
        if sorted.is_empty() {
            return None;
        }
        Some(Self {
            low: quantile(&sorted, 0.1),
            median: quantile(&sorted, 0.5),
            high: quantile(&sorted, 0.9),
        })
    }
}

/// What a share of the samples is below, by a line between the two next to it.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Catches an order that matters, and medians that are off by one sample.
    #[test]
    fn medians() {
        let median = |samples: &[f64]| Spread::of(samples.iter().copied()).map(|s| s.median);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
    }

    /// Catches percentiles that are exchanged or off.
    #[test]
    fn percentiles() {
        let expected = Spread {
            low: 10.0,
            median: 50.0,
            high: 90.0,
        };
        assert_eq!(Spread::of((0..=100).rev().map(f64::from)), Some(expected));
    }
}
