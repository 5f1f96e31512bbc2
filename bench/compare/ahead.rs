// SPDX-License-Identifier: GPL-2.0

//! Whether anybody else is ahead.

use std::fmt::Write as _;

use crate::measure::Samples;
use crate::subject::Origin;

/// How much more time than the fastest other one is within the noise.
const WITHIN: f64 = 1.02;

/// Of those that are ours or are not, the fastest one for a case.
fn fastest(samples: &Samples<'_>, case: usize, ours: bool) -> Option<usize> {
    let all = samples.subjects.iter().enumerate();
    all.filter(|(_, (_, origin))| (*origin == Origin::Ours) == ours)
        .filter_map(|(j, _)| Some((samples.spread(case, j)?.median, j)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, j)| j)
}

/// The time of the fastest of ours for a case, as a multiple of that of the fastest other one.
pub(crate) fn best(samples: &Samples<'_>, case: usize) -> Option<f64> {
    let ours = fastest(samples, case, true)?;
    let other = fastest(samples, case, false)?;
    Some(samples.ratio(case, ours, other)?.median)
}

/// What is said of the one of ours that the library would use here: that with the highest priority,
/// which is the last one. Nothing, if there is nobody else.
pub(crate) fn report(samples: &Samples<'_>) -> Option<String> {
    let is_ours = |(_, origin): &(String, Origin)| *origin == Origin::Ours;
    let active = samples.subjects.iter().rposition(is_ours)?;
    let compared = |case: usize| {
        let other = fastest(samples, case, false)?;
        Some((samples.ratio(case, active, other)?.median, case, other))
    };
    let mut all: Vec<_> = (0..samples.cases.len()).filter_map(compared).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let name = |place: usize| &samples.subjects[place].0;
    let one = |(ratio, case, other): &(f64, usize, usize)| {
        format!(
            "{} bytes ({ratio:.2} of {})",
            samples.cases[*case].bytes,
            name(*other)
        )
    };
    let worst = all.first()?;
    let mut text = format!(
        "{} against the fastest of all others, over {} lengths: at most {:.2}, at {}.",
        name(active),
        all.len(),
        worst.0,
        one(worst)
    );
    let behind: Vec<_> = all.iter().filter(|it| it.0 > WITHIN).map(one).collect();
    if behind.is_empty() {
        text.push_str(" Nobody is ahead.");
    } else {
        let _ = write!(text, "\nOthers are ahead at: {}.", behind.join(", "));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::tests::{cases, samples};

    /// Catches a comparison with one of ours, or the wrong way round.
    #[test]
    fn ahead() {
        let cases = cases();
        let mut samples = samples(&cases);
        let text = report(&samples).unwrap();
        assert!(
            text.contains("over 1 lengths: at most 1.00, at 16 bytes"),
            "{text}"
        );
        assert!(text.ends_with("Nobody is ahead."), "{text}");

        samples.cycles[0][1] = vec![Some(5.0); 4];
        assert_eq!(best(&samples, 0), Some(6.0));
        let text = report(&samples).unwrap();
        assert!(text.ends_with("ahead at: 16 bytes (6.00 of b)."), "{text}");

        samples.subjects[1].1 = Origin::Ours;
        assert_eq!(report(&samples), None, "nobody else");
    }
}
