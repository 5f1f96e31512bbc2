// SPDX-License-Identifier: GPL-2.0

//! Runs tests one after the other, and says and counts as cargo's own harness does.

use std::io::{stdout, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::process::exit;
use std::time::Instant;

use lib_poly1305_bench::{deny_vector_registers, Implementation, Unavailable};

use crate::seed::seed;

/// A test of an implementation.
pub(crate) type Test = (&'static str, fn(&Implementation));

/// What was counted.
pub(crate) struct Harness {
    /// Words of which a test's name must have one, if there are any.
    filters: Vec<String>,
    /// Words of which it must have none.
    skips: Vec<String>,
    begun: Instant,
    passed: usize,
    ignored: usize,
    filtered: usize,
    failed: Vec<String>,
}

impl Harness {
    /// Takes arguments as cargo's harness does: words, and of its options `--skip WORD`. With any
    /// other it ends, as it would run tests that are not asked for, or none.
    pub(crate) fn new() -> Self {
        let (mut filters, mut skips) = (vec![], vec![]);
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            if argument == "--skip" {
                skips.extend(arguments.next());
            } else if let Some(word) = argument.strip_prefix("--skip=") {
                skips.push(word.to_string());
            } else if argument.starts_with('-') {
                eprintln!(
                    "error: these tests know no option {argument}: use words, or --skip WORD"
                );
                exit(2);
            } else {
                filters.push(argument);
            }
        }
        println!("\nLIB_POLY1305_SEED={}", seed());
        Self {
            filters,
            skips,
            begun: Instant::now(),
            passed: 0,
            ignored: 0,
            filtered: 0,
            failed: vec![],
        }
    }

    /// Whether a test is to be run. Its name is out before it runs, as it may end the process.
    fn wanted(&mut self, name: &str) -> bool {
        let has = |words: &[String]| words.iter().any(|word| name.contains(word));
        let wanted = (self.filters.is_empty() || has(&self.filters)) && !has(&self.skips);
        if wanted {
            print!("test {name} ... ");
            stdout().flush().unwrap();
        } else {
            self.filtered += 1;
        }
        wanted
    }

    /// Runs a test.
    pub(crate) fn run(&mut self, name: &str, test: &dyn Fn()) {
        if !self.wanted(name) {
            return;
        }
        let begun = Instant::now();
        if catch_unwind(AssertUnwindSafe(test)).is_ok() {
            self.passed += 1;
            println!("ok, {:.1} s", begun.elapsed().as_secs_f64());
        } else {
            self.failed.push(name.to_string());
            println!("FAILED");
        }
        deny_vector_registers(false);
    }

    /// Runs tests of one implementation, if the CPU can run it.
    pub(crate) fn run_each(&mut self, by: Result<Implementation, Unavailable>, tests: &[Test]) {
        for (name, test) in tests {
            match &by {
                Ok(by) => self.run(&format!("{}::{name}", by.name), &|| test(by)),
                Err(Unavailable { name: by, lacks }) => {
                    if self.wanted(&format!("{by}::{name}")) {
                        self.ignored += 1;
                        println!("ignored, skipped: no {}", lacks.join(", no "));
                    }
                }
            }
        }
    }

    /// Says the numbers and ends the process.
    pub(crate) fn finish(self) -> ! {
        for name in &self.failed {
            println!("failed: {name}");
        }
        println!(
            "\ntest result: {}. {} passed; {} failed; {} ignored; 0 measured; {} filtered out; \
             finished in {:.2}s\n",
            if self.failed.is_empty() {
                "ok"
            } else {
                "FAILED"
            },
            self.passed,
            self.failed.len(),
            self.ignored,
            self.filtered,
            self.begun.elapsed().as_secs_f64(),
        );
        exit(if self.failed.is_empty() { 0 } else { 101 });
    }
}
