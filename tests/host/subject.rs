// SPDX-License-Identifier: GPL-2.0

//! The implementations that there are, whether or not the CPU can run them.

use lib_poly1305_bench::{available, Implementation};

/// An implementation, or why it cannot be tested here.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) it: Result<Implementation, String>,
}

/// An implementation's name, and what it needs that the CPU has (or not).
type Named = (&'static str, &'static [(&'static str, bool)]);

#[cfg(target_arch = "x86_64")]
fn named() -> Vec<Named> {
    use std::arch::is_x86_feature_detected as has;
    let bmi2 = ("bmi2", has!("bmi2"));
    let avx2 = ("avx2", has!("avx2"));
    let avx512 = ("avx512f", has!("avx512f"));
    let ifma = ("avx512ifma", has!("avx512ifma"));
    let list = |needs: &[(&'static str, bool)]| -> &'static [_] { needs.to_vec().leak() };
    vec![
        ("generic", list(&[])),
        ("x86_64-bmi2", list(&[bmi2])),
        ("x86_64-avx2", list(&[bmi2, avx2])),
        ("x86_64-avx512", list(&[bmi2, avx2, avx512])),
        ("x86_64-avx512ifma", list(&[bmi2, avx2, avx512, ifma])),
    ]
}

/// Every arm64 CPU that Linux runs on can run all of them.
#[cfg(target_arch = "aarch64")]
fn named() -> Vec<Named> {
    ["generic", "arm64-scalar", "arm64-neon"]
        .map(|name| (name, &[][..]))
        .into()
}

/// All of them. Who is offered that is not known here, or is not offered though the CPU has what
/// it needs, is a failure of this program: none may be left out by mistake.
pub(crate) fn all() -> Vec<Subject> {
    let mut offered = available();
    let subjects = named().into_iter().map(|(name, needs)| {
        let at = offered
            .iter()
            .position(|implementation| implementation.name == name);
        let lacks: Vec<_> = needs
            .iter()
            .filter(|(_, has)| !has)
            .map(|(need, _)| *need)
            .collect();
        assert_eq!(
            at.is_some(),
            lacks.is_empty(),
            "{name} and a CPU that lacks {lacks:?}"
        );
        Subject {
            name,
            it: at
                .map(|at| offered.remove(at))
                .ok_or(format!("no {}", lacks.join(", no "))),
        }
    });
    let subjects = subjects.collect();
    if let Some(implementation) = offered.first() {
        panic!("nobody tests {}", implementation.name);
    }
    subjects
}
