// SPDX-License-Identifier: GPL-2.0

//! Turns, batches and samples.

use std::io::{stderr, IsTerminal};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::settings::Settings;
use crate::spread::Spread;
use crate::subject::{Origin, Subject};
use crate::work::Case;

/// What a batch takes at least, in ticks: so much more than a reading that this does not matter,
/// and so little that most batches are not interrupted.
const BATCH: u64 = 40_000;

/// What a CPU gets to raise its clock again after 512-bit registers were used.
const REST: Duration = Duration::from_millis(2);

/// The key of all messages.
const KEY: [u8; 32] = [0x5a; 32];

/// What was measured.
pub(crate) struct Samples<'a> {
    /// What it is about.
    pub(crate) title: &'static str,
    pub(crate) cases: &'a [Case<'a>],
    pub(crate) subjects: Vec<(String, Origin)>,
    /// Cycles for a message, by case, subject and repetition; nothing if the clock changed.
    pub(crate) cycles: Vec<Vec<Vec<Option<f64>>>>,
}

impl<'a> Samples<'a> {
    /// No samples yet.
    pub(crate) fn new(title: &'static str, cases: &'a [Case<'a>]) -> Self {
        Self {
            title,
            cases,
            subjects: vec![],
            cycles: vec![vec![]; cases.len()],
        }
    }

    /// Adds a subject without samples, and returns its place.
    pub(crate) fn add(&mut self, name: &str, origin: Origin) -> usize {
        self.subjects.push((name.into(), origin));
        for row in &mut self.cycles {
            row.push(vec![]);
        }
        self.subjects.len() - 1
    }

    /// The cycles of a subject in a case.
    pub(crate) fn spread(&self, case: usize, subject: usize) -> Option<Spread> {
        Spread::of(self.cycles[case][subject].iter().copied().flatten())
    }

    /// The ratio to another subject in a case. It is taken in each repetition, so that what goes
    /// on for longer hits both.
    pub(crate) fn ratio(&self, case: usize, subject: usize, reference: usize) -> Option<Spread> {
        let [one, other] = [subject, reference].map(|it| self.cycles[case][it].iter());
        Spread::of(one.zip(other).filter_map(|(a, b)| Some((*a)? / (*b)?)))
    }

    /// The place of a subject.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.subjects.iter().position(|(it, _)| it == name)
    }

    /// How many samples there are, and how many were dropped.
    pub(crate) fn count(&self) -> (usize, usize) {
        let all = || self.cycles.iter().flatten().flatten();
        (all().count(), all().filter(|it| it.is_none()).count())
    }
}

/// Measures all subjects in all cases.
pub(crate) fn all<'a>(
    settings: &Settings,
    title: &'static str,
    subjects: &[Subject],
    cases: &'a [Case<'a>],
) -> Samples<'a> {
    let clock = Clock::new();
    let counts: Vec<Vec<usize>> = cases
        .iter()
        .map(|case| subjects.iter().map(|it| batch(&clock, it, case)).collect())
        .collect();
    let mut samples = Samples::new(title, cases);
    for subject in subjects {
        samples.add(subject.name, subject.origin);
    }
    let repetitions = settings.repetitions_here();
    let mut progress = Progress::new(title, repetitions);
    for repetition in 0..repetitions {
        // Those with 512-bit registers come after all others, as they may change the clock.
        for wide in [false, true] {
            let these: Vec<usize> = (0..subjects.len())
                .filter(|i| subjects[*i].wide == wide)
                .collect();
            for (i, case) in cases.iter().enumerate() {
                for turn in 0..these.len() {
                    let j = these[(turn + i + repetition) % these.len()];
                    let run = || subjects[j].run(&KEY, &case.work, counts[i][j]);
                    run();
                    samples.cycles[i][j].push(clock.cycles(counts[i][j], run));
                }
            }
            if wide && !these.is_empty() {
                rest();
            }
        }
        progress.step(repetition + 1);
    }
    samples
}

/// How many messages are a batch: whole rounds.
fn batch(clock: &Clock, subject: &Subject, case: &Case<'_>) -> usize {
    let mut count = case.round();
    while clock.ticks(|| subject.run(&KEY, &case.work, count)) < BATCH {
        count *= 2;
    }
    count
}

/// Lets the clock recover, without sleep, which would change it as well.
fn rest() {
    let start = Instant::now();
    while start.elapsed() < REST {
        std::hint::spin_loop();
    }
}

/// Says how far the measurement is, on standard error: now and then, or all the time where a
/// line can be written over.
struct Progress {
    title: &'static str,
    all: usize,
    start: Instant,
    said: Instant,
}

impl Progress {
    fn new(title: &'static str, all: usize) -> Self {
        Self {
            title,
            all,
            start: Instant::now(),
            said: Instant::now(),
        }
    }

    fn step(&mut self, done: usize) {
        let terminal = stderr().is_terminal();
        let pause = Duration::from_millis(if terminal { 200 } else { 10_000 });
        let last = done == self.all;
        if !last && self.said.elapsed() < pause {
            return;
        }
        self.said = Instant::now();
        let spent = self.start.elapsed().as_secs_f64();
        let left = spent / done as f64 * (self.all - done) as f64;
        let (from, to) = if terminal {
            ("\r", if last { "\n" } else { "" })
        } else {
            ("", "\n")
        };
        eprint!(
            "{from}==> {}: {done} of {}, {spent:.0} s, {left:.0} s left   {to}",
            self.title, self.all
        );
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::work::Work;

    /// Samples of two subjects in two cases.
    pub(crate) fn samples<'a>(cases: &'a [Case<'a>]) -> Samples<'a> {
        Samples {
            title: "examples",
            cases,
            subjects: vec![("a".into(), Origin::Ours), ("b".into(), Origin::Kernel)],
            cycles: vec![
                vec![
                    vec![Some(10.0), None, Some(30.0), Some(40.0)],
                    vec![Some(20.0), Some(1.0), Some(10.0), Some(40.0)],
                ],
                vec![vec![None; 4], vec![Some(5.0); 4]],
            ],
        }
    }

    /// Two cases.
    pub(crate) fn cases() -> [Case<'static>; 2] {
        [("16", 16), ("x, y", 64)].map(|(name, bytes)| Case {
            name: name.into(),
            bytes,
            work: Work::Whole(&[]),
        })
    }

    /// Catches ratios of medians in place of medians of ratios, and dropped samples that count.
    #[test]
    fn ratios_are_taken_in_a_repetition() {
        let cases = cases();
        let samples = samples(&cases);
        assert_eq!(samples.spread(0, 0).map(|it| it.median), Some(30.0));
        // 0.5, 3 and 1.
        assert_eq!(samples.ratio(0, 0, 1).map(|it| it.median), Some(1.0));
        assert_eq!(samples.ratio(1, 0, 1), None);
        assert_eq!(samples.count(), (16, 5));
        assert_eq!(samples.place("b"), Some(1));
    }
}
