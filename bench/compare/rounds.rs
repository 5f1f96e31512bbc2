// SPDX-License-Identifier: GPL-2.0

//! Rounds: processes that measure one after the other.
//!
//! Where code and stack lie is decided when a process starts, and by bad luck some of the code
//! takes a quarter longer there, for as long as the process lives. No number of repetitions would
//! show that. So each round is a process of its own, and hands its samples on as text.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use crate::measure::Samples;
use crate::settings::Settings;
use crate::subject::Origin;

/// The words for whose a subject is.
const ORIGINS: [(Origin, &str); 3] = [
    (Origin::Ours, "ours"),
    (Origin::Kernel, "kernel"),
    (Origin::Peer, "peer"),
];

/// Runs all rounds, and adds what they measure to the tables.
pub(crate) fn run(settings: &Settings, tables: &mut [Samples<'_>]) -> Result<(), Box<dyn Error>> {
    for round in 0..settings.rounds() {
        eprintln!("==> round {} of {}", round + 1, settings.rounds());
        let output = Command::new(env::current_exe()?)
            .args(env::args_os().skip(1))
            .arg(round.to_string())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("round {} ended with {}", round + 1, output.status).into());
        }
        read(&String::from_utf8(output.stdout)?, tables)?;
    }
    Ok(())
}

/// Samples as text: a line for each table, case and subject.
pub(crate) fn write(tables: &[Samples<'_>]) -> String {
    let mut text = String::new();
    for (t, table) in tables.iter().enumerate() {
        for (c, row) in table.cycles.iter().enumerate() {
            for ((name, origin), samples) in table.subjects.iter().zip(row) {
                let word = ORIGINS
                    .iter()
                    .find(|it| it.0 == *origin)
                    .map_or("", |it| it.1);
                let _ = write!(text, "{t} {c} {name} {word}");
                for sample in samples {
                    let _ = match sample {
                        Some(cycles) => write!(text, " {cycles:.4}"),
                        None => write!(text, " -"),
                    };
                }
                text.push('\n');
            }
        }
    }
    text
}

/// Adds samples from text to tables with the same cases.
fn read(text: &str, tables: &mut [Samples<'_>]) -> Result<(), String> {
    for line in text.lines() {
        add(line, tables)
            .ok_or_else(|| format!("a round says '{line:.60}', which is no samples"))?;
    }
    Ok(())
}

/// Adds the samples of a line, if it has some.
fn add(line: &str, tables: &mut [Samples<'_>]) -> Option<()> {
    let mut words = line.split(' ');
    let table = tables.get_mut(words.next()?.parse::<usize>().ok()?)?;
    let case: usize = words.next()?.parse().ok()?;
    let (name, word) = (words.next()?, words.next()?);
    let origin = ORIGINS.iter().find(|it| it.1 == word)?.0;
    let place = table.place(name).unwrap_or_else(|| table.add(name, origin));
    let samples = table.cycles.get_mut(case)?.get_mut(place)?;
    for word in words {
        samples.push(match word {
            "-" => None,
            cycles => Some(cycles.parse().ok()?),
        });
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::tests::{cases, samples};

    /// Catches samples that come back as another case's or subject's, or not at all.
    #[test]
    fn samples_come_back() {
        let cases = cases();
        let text = write(&[samples(&cases)]);
        let mut tables = [Samples::new("examples", &cases)];
        assert_eq!(read(&text, &mut tables), Ok(()));
        assert!(tables[0].subjects == samples(&cases).subjects);
        assert_eq!(tables[0].cycles, samples(&cases).cycles);
        // A second round is added.
        assert_eq!(read(&text, &mut tables), Ok(()));
        assert_eq!(tables[0].count(), (32, 10));
        for wrong in [
            "",
            "0",
            "7 0 a ours 1",
            "0 7 a ours 1",
            "0 0 a other 1",
            "0 0 a ours x",
        ] {
            assert!(read(&format!("{wrong}\n"), &mut tables).is_err(), "{wrong}");
        }
    }
}
