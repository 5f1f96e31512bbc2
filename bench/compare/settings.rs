// SPDX-License-Identifier: GPL-2.0

//! What the user chose.

use std::env;
use std::path::PathBuf;

use crate::work::LONGEST;

/// Repetitions, unless the user wants fewer or more.
const REPETITIONS: usize = 501;

/// Rounds that they are divided among, if there are so many.
const ROUNDS: usize = 9;

/// The lengths in the table.
pub(crate) const TABLE: [usize; 7] = [16, 64, 256, 576, 1420, 4096, 16384];

/// What the user chose.
pub(crate) struct Settings {
    /// The folder with the shared objects.
    pub(crate) objects: PathBuf,
    /// The folder for plots and figures.
    pub(crate) out: PathBuf,
    /// How often everything is measured, in all rounds.
    pub(crate) repetitions: usize,
    /// Which round this process is, if it is one.
    pub(crate) round: Option<usize>,
    /// The lengths of whole messages, ascending.
    pub(crate) sizes: Vec<usize>,
    /// Those of them that the table shows.
    pub(crate) table: Vec<usize>,
}

impl Settings {
    /// Reads arguments and the environment.
    pub(crate) fn read() -> Result<Self, String> {
        let mut arguments = env::args_os().skip(1);
        let (Some(objects), Some(out)) = (arguments.next(), arguments.next()) else {
            return Err("give two folders, for shared objects and for results; \
                        bench/compare/run.sh does"
                .into());
        };
        let repetitions = match env::var("BENCH_REPS") {
            Ok(text) if !text.is_empty() => repetitions(&text)?,
            _ => REPETITIONS,
        };
        let (sizes, table) = match env::var("BENCH_SIZES") {
            Ok(text) if !text.is_empty() => {
                let sizes = sizes(&text)?;
                (sizes.clone(), sizes)
            }
            _ => (sweep(), TABLE.to_vec()),
        };
        Ok(Self {
            objects: PathBuf::from(objects),
            out: PathBuf::from(out),
            repetitions,
            round: arguments.next().and_then(|it| it.to_str()?.parse().ok()),
            sizes,
            table,
        })
    }

    /// How many rounds there are.
    pub(crate) fn rounds(&self) -> usize {
        ROUNDS.min(self.repetitions)
    }

    /// How many of the repetitions are this round's.
    pub(crate) fn repetitions_here(&self) -> usize {
        share(self.repetitions, self.rounds(), self.round.unwrap_or(0))
    }
}

/// The share of one of several in a number, of which the first have what is left over.
fn share(all: usize, shares: usize, one: usize) -> usize {
    all / shares + usize::from(one < all % shares)
}

/// Reads a number of repetitions.
fn repetitions(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(format!(
            "BENCH_REPS={text} is no number of repetitions: give one from 1 on, 201 or more for \
             figures to keep"
        )),
    }
}

/// Reads lengths, separated by commas.
fn sizes(text: &str) -> Result<Vec<usize>, String> {
    let one = |word: &str| match word.trim().parse() {
        Ok(n) if (1..=LONGEST).contains(&n) => Ok(n),
        _ => Err(format!(
            "'{word}' in BENCH_SIZES is no length: give numbers from 1 to {LONGEST} with commas \
             between them"
        )),
    };
    let mut sizes = text.split(',').map(one).collect::<Result<Vec<_>, _>>()?;
    sizes.sort_unstable();
    sizes.dedup();
    Ok(sizes)
}

/// Lengths for a plot: four to an octave, their odd neighbours, those of the table, and each number of
/// blocks up to 2 KiB.
fn sweep() -> Vec<usize> {
    let steps = (0..=64).map(|i| (f64::from(i) / 4.0).exp2().round() as usize);
    let mut sizes: Vec<usize> = steps
        .flat_map(|n| [n, (n - 1) | 1])
        .chain(TABLE)
        .chain((16..=2048).step_by(16))
        .filter(|n| *n <= LONGEST)
        .collect();
    sizes.sort_unstable();
    sizes.dedup();
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Catches a sweep that misses an end, the table, odd lengths, or a number of blocks.
    #[test]
    fn sweep_has_all_kinds() {
        let sweep = sweep();
        assert_eq!((sweep.first(), sweep.last()), (Some(&1), Some(&LONGEST)));
        assert!(TABLE.iter().all(|n| sweep.contains(n)));
        assert!(sweep.iter().filter(|n| *n % 2 == 1).count() > 40);
        assert!((1..=128).all(|blocks| sweep.contains(&(16 * blocks))));
        assert!(sweep.windows(2).all(|w| w[0] < w[1]));
    }

    /// Catches repetitions that no round does.
    #[test]
    fn shares_are_all() {
        for all in [1, 8, 9, 10, 501] {
            let rounds = ROUNDS.min(all);
            let sum: usize = (0..rounds).map(|round| share(all, rounds, round)).sum();
            assert_eq!(sum, all);
        }
    }

    /// Catches lists that are taken for something else than they say.
    #[test]
    fn lists() {
        assert_eq!(sizes("64, 16,64"), Ok(vec![16, 64]));
        for wrong in ["", "0", "16,", "65537", "-1", "x"] {
            assert!(sizes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(repetitions("7"), Ok(7));
        assert!(repetitions("0").is_err());
    }
}
