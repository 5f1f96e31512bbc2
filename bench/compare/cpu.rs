// SPDX-License-Identifier: GPL-2.0

//! Which CPU this is.

use std::fs;

/// The first value of a name in `/proc/cpuinfo`.
fn info(name: &str) -> Option<String> {
    let all = fs::read_to_string("/proc/cpuinfo").ok()?;
    all.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

/// What to call it.
pub(crate) fn name() -> String {
    let model = info("model name").unwrap_or_else(|| "unknown CPU".into());
    match (info("cpu family"), info("model")) {
        (Some(family), Some(number)) => format!("{model} (family {family}, model {number})"),
        _ => model,
    }
}

/// Whether it is the one that the kernel uses no 512-bit registers on for Poly1305: Skylake-X.
#[cfg(target_arch = "x86_64")]
pub(crate) fn is_skylake_x() -> bool {
    let is = |name, value| info(name).as_deref() == Some(value);
    is("vendor_id", "GenuineIntel") && is("cpu family", "6") && is("model", "85")
}
