// SPDX-License-Identifier: GPL-2.0

//! Tables and figures.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::UNIT;
use crate::measure::Samples;
use crate::settings::Settings;
use crate::spread::Spread;
use crate::{ahead, cpu, kernel};

/// Prints what was measured, as Markdown.
pub(crate) fn print(settings: &Settings, reference: &str, tables: &[Samples<'_>]) {
    println!("{}, {} repetitions", cpu::name(), settings.repetitions);
    if let Some(choice) = kernel::choice() {
        println!("On this CPU the kernel uses {choice}.");
    }
    let (all, dropped) = tables.iter().fold((0, 0), |sum, table| {
        let (all, dropped) = table.count();
        (sum.0 + all, sum.1 + dropped)
    });
    println!(
        "{:.1} % of the samples were dropped, as the clock was not the same before and after.",
        100.0 * dropped as f64 / all as f64
    );
    for table in tables {
        let shown = |i: &usize| settings.table.contains(&table.cases[*i].bytes);
        let mut shown: Vec<usize> = (0..table.cases.len()).filter(shown).collect();
        // Shapes are few, and all are shown.
        if table.cases.len() < 4 {
            shown = (0..table.cases.len()).collect();
        }
        println!(
            "\n{UNIT} for {}, by bytes (ratio to {reference}: below 1 is faster)\n",
            table.title
        );
        print!("{}", markdown(table, reference, &shown));
    }
    if let Some(text) = tables.first().and_then(ahead::report) {
        println!("\n{text}");
    }
    println!();
}

/// A table with a row for each subject and a column for each of these cases.
fn markdown(table: &Samples<'_>, reference: &str, cases: &[usize]) -> String {
    let reference = table.place(reference);
    let mut text = String::from("| |");
    for case in cases {
        let _ = write!(text, " {} |", table.cases[*case].name);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(cases.len()));
    for (subject, (name, _)) in table.subjects.iter().enumerate() {
        let _ = write!(text, "\n| {name} |");
        for case in cases {
            let ratio = reference.and_then(|it| table.ratio(*case, subject, it));
            let _ = write!(text, " {} |", cell(table.spread(*case, subject), ratio));
        }
    }
    text.push('\n');
    text
}

/// Cycles, and the ratio.
fn cell(cycles: Option<Spread>, ratio: Option<Spread>) -> String {
    let Some(Spread { median, .. }) = cycles else {
        return "-".into();
    };
    let digits = if median < 100.0 { 1 } else { 0 };
    match ratio {
        Some(ratio) => format!("{median:.digits$} ({:.2})", ratio.median),
        None => format!("{median:.digits$}"),
    }
}

/// Writes all figures, with percentiles.
pub(crate) fn write_csv(
    out: &Path,
    reference: &str,
    tables: &[Samples<'_>],
) -> io::Result<Option<PathBuf>> {
    let path = out.join("figures.csv");
    fs::write(&path, csv(reference, tables))?;
    Ok(Some(path))
}

/// All figures.
fn csv(reference: &str, tables: &[Samples<'_>]) -> String {
    let mut text = format!(
        "messages,case,bytes,implementation,samples,{UNIT}_p10,{UNIT}_median,{UNIT}_p90,\
         ratio_p10,ratio_median,ratio_p90\n"
    );
    for table in tables {
        let reference = table.place(reference);
        for (i, case) in table.cases.iter().enumerate() {
            for (j, (name, _)) in table.subjects.iter().enumerate() {
                let samples = table.cycles[i][j].iter().flatten().count();
                let ratio = reference.and_then(|it| table.ratio(i, j, it));
                let _ = writeln!(
                    text,
                    "{},{},{},{},{samples},{},{}",
                    field(table.title),
                    field(&case.name),
                    case.bytes,
                    field(name),
                    spread(table.spread(i, j), 2),
                    spread(ratio, 4)
                );
            }
        }
    }
    text
}

/// Three fields, which are empty if there is nothing.
fn spread(spread: Option<Spread>, digits: usize) -> String {
    spread.map_or(",,".into(), |Spread { low, median, high }| {
        format!("{low:.digits$},{median:.digits$},{high:.digits$}")
    })
}

/// A field, in quotes if it needs them (RFC 4180).
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::tests::{cases, samples};

    /// Catches fields in another order than the heading's, and ones that break lines apart.
    #[test]
    fn figures() {
        let cases = cases();
        let text = csv("b", &[samples(&cases)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(
            lines[1],
            "examples,16,16,a,3,14.00,30.00,38.00,0.6000,1.0000,2.6000"
        );
        assert_eq!(lines[3], "examples,\"x, y\",64,a,0,,,,,,");
        assert_eq!(field("a\"b"), "\"a\"\"b\"");
    }

    /// Catches cells under the wrong heading.
    #[test]
    fn table() {
        let cases = cases();
        assert_eq!(
            markdown(&samples(&cases), "b", &[0, 1]),
            "| | 16 | x, y |\n|---|---|---|\n\
             | a | 30.0 (1.00) | - |\n| b | 15.0 (1.00) | 5.0 (1.00) |\n"
        );
        assert!(markdown(&samples(&cases), "c", &[0]).contains("| a | 30.0 |"));
    }
}
