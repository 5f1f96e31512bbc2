// SPDX-License-Identifier: GPL-2.0

//! libFuzzer's program: it makes inputs that reach new code, and `tests/host/operations.rs` says
//! what one means.

#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;

#[path = "../host/big_integers.rs"]
#[allow(dead_code, reason = "tests have more use for it")]
mod big_integers;
#[path = "../host/input.rs"]
mod input;
#[path = "../host/operations.rs"]
mod operations;
#[path = "../host/pages.rs"]
mod pages;

thread_local! {
    static MACHINE: RefCell<operations::Machine> = RefCell::new(operations::Machine::new());
}

fuzz_target!(|bytes: &[u8]| {
    MACHINE.with_borrow_mut(|machine| machine.run(bytes, 0));
});
