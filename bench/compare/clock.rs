// SPDX-License-Identifier: GPL-2.0

//! Time, in cycles of the core.
//!
//! The time stamp counter counts at one rate whatever the core's clock is. How many ticks a cycle
//! takes is found by code that takes a known number of cycles: additions of which each needs the
//! sum before it.

use std::hint::black_box;

/// Two calibrations that differ by more than this had something else between them: another clock,
/// or something else on this CPU.
const TOLERANCE: f64 = 0.02;

/// The clock.
pub(crate) struct Clock {
    /// What two readings take that have nothing between them.
    overhead: u64,
}

impl Clock {
    /// Finds out what reading takes.
    pub(crate) fn new() -> Self {
        let empty = || {
            let start = machine::ticks();
            machine::ticks() - start
        };
        let mut readings: Vec<u64> = (0..1001).map(|_| empty()).collect();
        readings.sort_unstable();
        Self {
            overhead: readings[readings.len() / 2],
        }
    }

    /// How many ticks `work` takes.
    pub(crate) fn ticks(&self, work: impl FnOnce()) -> u64 {
        let start = machine::ticks();
        work();
        let end = machine::ticks();
        (end - start).saturating_sub(self.overhead)
    }

    /// How many cycles each of `count` calls takes that `work` does, or nothing if the clock was
    /// not the same before and after.
    pub(crate) fn cycles(&self, count: usize, work: impl FnOnce()) -> Option<f64> {
        let before = self.ticks_per_cycle();
        let ticks = self.ticks(work);
        let after = self.ticks_per_cycle();
        scale(ticks, count, before, after)
    }

    /// How many ticks one cycle takes right now.
    fn ticks_per_cycle(&self) -> f64 {
        machine::CALIBRATION.map_or(1.0, |(cycles, chain)| {
            self.ticks(|| chain(black_box(1))) as f64 / cycles as f64
        })
    }
}

/// Ticks of `count` calls as cycles of one, by the ticks for a cycle before and after.
fn scale(ticks: u64, count: usize, before: f64, after: f64) -> Option<f64> {
    let steady = (before - after).abs() <= TOLERANCE * before.max(after);
    let per_cycle = (before + after) / 2.0;
    (steady && per_cycle > 0.0).then(|| ticks as f64 / count as f64 / per_cycle)
}

#[cfg(target_arch = "x86_64")]
mod machine {
    use core::arch::asm;

    /// Additions in a calibration, in turns that fit where decoded instructions are kept.
    const CYCLES: u64 = 8000;
    const IN_TURN: u64 = 200;

    /// Code for calibration, and how many cycles it takes.
    pub(super) const CALIBRATION: Option<(u64, fn(u64))> = Some((CYCLES, chain));

    /// Reads the time stamp counter after all that comes before, and before all that comes after.
    pub(super) fn ticks() -> u64 {
        let (low, high): (u64, u64);
        // SAFETY: Reads a counter.
        unsafe {
            asm!("lfence", "rdtsc", "lfence", out("rax") low, out("rdx") high, options(nostack));
        }
        high << 32 | low
    }

    /// A chain of additions. Registers are added, as some cores add constants without a cycle.
    fn chain(addend: u64) {
        // SAFETY: Nothing but these registers changes.
        unsafe {
            asm!(
                "2:",
                ".rept {in_turn}",
                "add {sum}, {addend}",
                ".endr",
                "dec {turns}",
                "jnz 2b",
                in_turn = const IN_TURN,
                sum = inout(reg) addend => _,
                addend = in(reg) addend,
                turns = inout(reg) CYCLES / IN_TURN => _,
                options(nomem, nostack),
            );
        }
    }
}

/// Elsewhere a tick is a nanosecond, and cycles are not known.
#[cfg(not(target_arch = "x86_64"))]
mod machine {
    use std::sync::OnceLock;
    use std::time::Instant;

    pub(super) const CALIBRATION: Option<(u64, fn(u64))> = None;

    pub(super) fn ticks() -> u64 {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed().as_nanos() as u64
    }
}

/// What is counted.
pub(crate) const UNIT: &str = if machine::CALIBRATION.is_some() {
    "cycles"
} else {
    "nanoseconds"
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Catches ticks that are multiplied where they should be divided.
    #[test]
    fn ticks_become_cycles() {
        assert_eq!(scale(600, 10, 0.5, 0.5), Some(120.0));
        assert_eq!(scale(600, 10, 2.0, 2.0), Some(30.0));
    }

    /// Catches samples that are kept although the clock changed, in either direction.
    #[test]
    fn unsteady_samples_are_dropped() {
        assert!(scale(600, 10, 1.0, 1.019).is_some());
        assert_eq!(scale(600, 10, 1.0, 1.03), None);
        assert_eq!(scale(600, 10, 1.03, 1.0), None);
        assert_eq!(scale(600, 10, 0.0, 0.0), None);
    }
}
