// SPDX-License-Identifier: GPL-2.0

//! All implementations against a reference, on the CPU that this runs on.
//!
//! There is a harness of its own because only here it is known which implementations the CPU can
//! run: the tests of the others are ignored, and say so.

mod big_integers;
mod corpus;
mod data;
mod edges_test;
mod extremes;
mod harness;
mod input;
mod lengths;
mod memory;
mod observed;
mod operations;
mod pages;
mod paths;
mod promises;
mod random;
mod reference_test;
mod residue;
mod seed;
mod switching;
mod verified;

#[path = "../../kunit_tests/checker.rs"]
mod checker;
#[path = "../../kunit_tests/edges.rs"]
mod edges;
#[path = "../../kunit_tests/random.rs"]
#[allow(dead_code)]
mod numbers;
#[path = "../../kunit_tests/reference.rs"]
#[allow(dead_code)]
mod reference;

use harness::{Harness, Test};
use lib_poly1305_generic as generic;

/// What every implementation has to pass.
const EACH: &[Test] = &[
    ("every_length", lengths::every_length),
    ("every_start", lengths::every_start),
    ("splits", lengths::splits),
    ("several_chunks", lengths::several_chunks),
    ("extreme_keys_and_blocks", extremes::keys_and_blocks),
    ("around_the_modulus", extremes::around_the_modulus),
    ("streams_at_edges", edges_test::each),
    ("any_state", extremes::any_state),
    ("full_limbs", extremes::full_limbs),
    ("random_short", random::short),
    ("random_middle", random::middle),
    ("random_long", random::long),
    ("unaligned", memory::unaligned),
    ("inside_pages", memory::inside_pages),
    ("scratch_is_wiped", memory::scratch_is_wiped),
    ("absorb_leaves_nothing", residue::absorb),
    ("message_leaves_nothing", residue::whole_message),
    ("pieces_leave_nothing", residue::pieces),
    ("denied_registers", switching::denied_registers),
    ("denied_between_updates", switching::denied_between_updates),
    ("denied_between_chunks", switching::denied_between_chunks),
    ("path_by_length", paths::path_by_length),
];

fn main() {
    let mut harness = Harness::new();
    harness.run("reference", &reference_test::against_definition);
    harness.run("edges", &edges_test::are_edges);
    harness.run("promises::one_shot", &promises::one_shot);
    harness.run("promises::pieces", &promises::pieces);
    for by in lib_poly1305_bench::all() {
        harness.run_each(by, EACH);
    }
    harness.run("handover", &switching::handover);
    harness.run("pairs_between_chunks", &switching::pairs_between_chunks);
    harness.run("corpus", &corpus::replay);
    harness.finish();
}
