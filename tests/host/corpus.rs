// SPDX-License-Identifier: GPL-2.0

//! The inputs that the fuzzer has kept.

use std::fs;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;

use crate::operations::Machine;

/// Catches what the fuzzer has found once, and wrong tags of all sequences of calls that it found
/// to be of different kinds: on this CPU, by each of its implementations in turn.
pub(crate) fn replay() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut machine = Machine::new();
    let mut inputs = 0;
    for file in fs::read_dir(&folder).expect("the folder of inputs") {
        let path = file.expect("an input").path();
        let bytes = fs::read(&path).expect("an input");
        for turn in 0..machine.implementations() {
            catch_unwind(AssertUnwindSafe(|| machine.run(&bytes, turn)))
                .unwrap_or_else(|_| panic!("input {}, turn {turn}", path.display()));
        }
        inputs += 1;
    }
    assert!(inputs >= 20, "{inputs} inputs in {}", folder.display());
}
