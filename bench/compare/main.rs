// SPDX-License-Identifier: GPL-2.0

//! Compares our implementations with the kernel's own and with those of installed libraries.
//!
//! `scripts/bench.sh` makes the kernel's code into shared objects and runs this with two folders:
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
//! | `spread.rs` | medians and percentiles |
//! | `report.rs`, `plot.rs` | tables, figures and plots |

mod clock;
mod cpu;
mod definition;
mod kernel;
mod measure;
mod peers;
mod plot;
mod report;
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

    let mut subjects = subject::ours();
    subjects.extend(kernel::find(&settings.objects));
    subjects.extend(peers::find(&settings.objects));
    eprintln!(
        "==> comparing {} implementations with the definition",
        subjects.len()
    );
    let subjects = agreeing(subjects, &whole, &pieces)?;
    let reference = reference(&subjects);

    let measured = measure::all(&settings, "whole messages", &subjects, &whole);
    let incremental: Vec<Subject> = subjects
        .into_iter()
        .filter(Subject::is_incremental)
        .collect();
    let in_pieces = measure::all(&settings, "messages in pieces", &incremental, &pieces);

    let tables: [&Samples<'_>; 2] = [&measured, &in_pieces];
    report::print(&settings, reference, &tables);
    let files = [
        report::write_csv(&settings.out, reference, &tables)?,
        plot::cycles(&settings.out, &measured)?,
        plot::ratio(&settings.out, reference, &measured)?,
    ];
    for file in files.iter().flatten() {
        println!("{}", file.display());
    }
    Ok(())
}

/// Those whose tags are right. It is an error if one of ours is not.
fn agreeing(
    subjects: Vec<Subject>,
    whole: &[Case<'_>],
    pieces: &[Case<'_>],
) -> Result<Vec<Subject>, Box<dyn Error>> {
    let examples = definition::examples(whole, pieces);
    let mut agreeing = vec![];
    for subject in subjects {
        match (definition::check(&subject, &examples), subject.origin) {
            (Ok(()), _) => agreeing.push(subject),
            (Err(why), Origin::Ours) => return Err(why.into()),
            (Err(why), _) => eprintln!("==> left out: {why}"),
        }
    }
    Ok(agreeing)
}

/// The name of what others are compared with: the best that the kernel has here, up to AVX2, and
/// the first of ours where there is no kernel code.
fn reference(subjects: &[Subject]) -> &'static str {
    let mut of_kernel = subjects
        .iter()
        .filter(|s| s.origin == Origin::Kernel && !s.wide);
    let named = subjects.iter().find(|s| s.name == REFERENCE);
    named
        .or(of_kernel.next_back())
        .map_or("generic", |s| s.name)
}
