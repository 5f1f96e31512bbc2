// SPDX-License-Identifier: GPL-2.0

//! Compares our implementations with the kernel's own and with those of installed libraries.
//!
//! `bench/compare/run.sh` makes the kernel's code into shared objects and runs this with two folders:
//! the one that has them, and the one for plots and figures. Tables go to standard output.
//!
//! | file | one idea |
//! |---|---|
//! | `settings.rs` | what the user chose |
//! | `clock.rs` | time, in cycles of the core |
//! | `subject.rs` | something that computes tags, and its calls in a row |
//! | `kernel.rs`, `peers.rs` | who else does |
//! | `work.rs` | what is computed: messages, whole and in pieces |
//! | `definition.rs` | whether the tags are right |
//! | `measure.rs` | turns, batches and samples |
//! | `rounds.rs` | processes that measure |
//! | `spread.rs` | medians and percentiles |
//! | `ahead.rs` | whether somebody else is faster |
//! | `section.rs` | what a section of vector code costs in a kernel |
//! | `report.rs`, `plot.rs` | tables, figures and plots |

mod ahead;
mod clock;
mod cpu;
mod definition;
mod kernel;
mod measure;
mod peers;
mod plot;
mod report;
mod rounds;
mod section;
mod settings;
mod spread;
mod subject;
mod work;

use std::error::Error;
use std::process::ExitCode;

use measure::Samples;
use settings::Settings;
use subject::{Origin, Subject};
use work::{Buffer, Case};

/// What others are compared with, if this machine has it: what most machines run.
const REFERENCE: &str = "kernel-avx2";

/// The titles of the tables.
const WHOLE: &str = "whole messages";
const PIECES: &str = "messages in pieces";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let settings = Settings::read()?;
    let buffer = Buffer::new();
    let whole = work::whole(&buffer, &settings.sizes);
    let pieces = work::pieces(&buffer);
    if settings.round.is_some() {
        print!(
            "{}",
            rounds::write(&measure_all(&settings, &whole, &pieces)?)
        );
        return Ok(());
    }

    let mut tables =
        [(WHOLE, &whole), (PIECES, &pieces)].map(|(it, cases)| Samples::new(it, cases));
    rounds::run(&settings, &mut tables)?;
    let reference = reference(&tables[0]);
    report::print(&settings, &reference, &tables);
    if let Some(cost) = section::cost() {
        println!("{cost}\n");
    }
    let files = [
        report::write_csv(&settings.out, &reference, &tables)?,
        plot::cycles(&settings.out, &tables[0])?,
        plot::ratio(&settings.out, &reference, &tables[0])?,
    ];
    for file in files.iter().flatten() {
        println!("{}", file.display());
    }
    Ok(())
}

/// Measures all that are here and right, in one round.
fn measure_all<'a>(
    settings: &Settings,
    whole: &'a [Case<'a>],
    pieces: &'a [Case<'a>],
) -> Result<[Samples<'a>; 2], Box<dyn Error>> {
    let mut found = kernel::find(&settings.objects);
    found.extend(peers::find(&settings.objects));
    let mut left_out = vec![];
    let mut subjects = subject::ours();
    for it in found {
        match it {
            Ok(subject) => subjects.push(subject),
            Err(why) => left_out.push(why),
        }
    }

    let examples = definition::examples(whole, pieces);
    let mut agreeing = vec![];
    for subject in subjects {
        match (definition::check(&subject, &examples), subject.origin) {
            (Ok(()), _) => agreeing.push(subject),
            (Err(why), Origin::Ours) => return Err(why.into()),
            (Err(why), _) => left_out.push(why),
        }
    }
    // All rounds find the same.
    if settings.round == Some(0) {
        for why in left_out {
            eprintln!("==> left out: {why}");
        }
    }

    let in_whole = measure::all(settings, WHOLE, &agreeing, whole);
    agreeing.retain(Subject::is_incremental);
    let in_pieces = measure::all(settings, PIECES, &agreeing, pieces);
    Ok([in_whole, in_pieces])
}

/// The name of what others are compared with: the best that the kernel has here, up to AVX2, and
/// the portable code where nothing of the kernel is.
fn reference(samples: &Samples<'_>) -> String {
    let mut of_kernel = samples.subjects.iter().filter(|it| it.1 == Origin::Kernel);
    match (samples.place(REFERENCE), of_kernel.next_back()) {
        (Some(_), _) => REFERENCE.into(),
        (None, Some((name, _))) => name.clone(),
        (None, None) => "generic".into(),
    }
}
