// SPDX-License-Identifier: GPL-2.0

//! What a section of vector code costs in a kernel, of which the tables have nothing: estimated from its
//! slow instructions (`kernel_fpu_begin_mask()` and `kernel_fpu_end()` in `arch/x86/kernel/fpu/core.c`).

/// What there is to say of this machine.
#[cfg(target_arch = "x86_64")]
pub(crate) fn cost() -> Option<String> {
    use machine::{begin_and_end, restore, save, Area};

    let clock = crate::clock::Clock::new();
    if !std::is_x86_feature_detected!("xsavec") || !std::is_x86_feature_detected!("avx") {
        return None;
    }
    let mut area = Box::new(Area::new());
    let others = median(&clock, begin_and_end);
    // SAFETY: The CPU has `xsavec` and AVX, whose registers the system saves.
    let save = median(&clock, || unsafe { save(&mut area) });
    // SAFETY: As above, and the area was saved to.
    let restore = median(&clock, || unsafe { restore(&area) });
    Some(format!(
        "A section of vector code in a kernel takes some {others:.0} cycles more (pushfq, ldmxcsr), and the first one \
         of a task that has vector registers {save:.0} for saving (xsavec) and {restore:.0} for restoring them (xrstor)."
    ))
}

/// Elsewhere, nothing.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn cost() -> Option<String> {
    None
}

/// Cycles of a call, the median of some batches.
#[cfg(target_arch = "x86_64")]
fn median(clock: &crate::clock::Clock, mut call: impl FnMut()) -> f64 {
    const CALLS: usize = 20;
    let mut batch = || clock.cycles(CALLS, || (0..CALLS).for_each(|_| call()));
    let mut all: Vec<f64> = (0..501).filter_map(|_| batch()).collect();
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(target_arch = "x86_64")]
mod machine {
    use core::arch::asm;

    /// The components of the state: x87, SSE, AVX, and those of AVX-512, if the system saves them.
    const COMPONENTS: u32 = 0xe7;

    /// Where they are saved: 2,688 bytes with AVX-512 (Intel SDM, volume 1, section 13.4).
    #[repr(align(64))]
    pub(super) struct Area([u8; 4096]);

    impl Area {
        /// An area that has the header of nothing saved.
        pub(super) fn new() -> Self {
            Self([0; 4096])
        }
    }

    /// Saves the registers, after a write to one: `xsavec` leaves out a component in its initial state.
    ///
    /// # Safety
    ///
    /// The CPU must have `xsavec` and AVX, and the system save the registers.
    pub(super) unsafe fn save(area: &mut Area) {
        // SAFETY: By this function's requirements; the area is large enough, and aligned.
        unsafe {
            asm!(
                "vpcmpeqd xmm15, xmm15, xmm15",
                "vinsertf128 ymm15, ymm15, xmm15, 1",
                "xsavec64 [{area}]",
                "vzeroupper",
                area = in(reg) &mut area.0,
                in("eax") COMPONENTS,
                in("edx") 0,
                out("xmm15") _,
                options(nostack),
            );
        }
    }

    /// Restores the registers. That changes all, but to what they were when [`save`] was called: the compiler
    /// is told so.
    ///
    /// # Safety
    ///
    /// As for [`save`], and the area must have been saved to.
    pub(super) unsafe fn restore(area: &Area) {
        // SAFETY: By this function's requirements; all registers are declared that code for any CPU uses, and
        // the others are restored to what they were.
        unsafe {
            asm!(
                "xrstor64 [{area}]",
                "vzeroupper",
                area = in(reg) &area.0,
                in("eax") COMPONENTS,
                in("edx") 0,
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
                out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
                out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
                out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
                options(nostack),
            );
        }
    }

    /// The slow instructions of a section that saves nothing: interrupt flags are looked at twice, and
    /// `mxcsr` is set.
    ///
    /// What is set is what every process begins with.
    pub(super) fn begin_and_end() {
        let mxcsr: u32 = 0x1f80;
        // SAFETY: All exceptions are masked, as before.
        unsafe {
            asm!(
                "pushfq", "pop {flags}", "test {flags}, 0x200",
                "ldmxcsr [{mxcsr}]",
                "pushfq", "pop {flags}", "test {flags}, 0x200",
                flags = out(reg) _,
                mxcsr = in(reg) &mxcsr,
            );
        }
    }
}
