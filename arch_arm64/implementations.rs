// SPDX-License-Identifier: GPL-2.0

//! The implementations for arm64: a table with a row for each of them.
//!
//! `arch_x86/implementations.rs` says what the columns have, and who takes them. Here `where_slow` is
//! for CPUs that are slower with NEON than without it. From `CHAINS` bytes on two chains of scalar
//! code take less time than one, with the power that joins them: also where NEON falls back.

macro_rules! implementations {
    ($with:ident) => {
        $with! {
            {
                type: Scalar,
                name: "arm64-scalar",
                priority: 100,
                where_slow: 100,
                needs: [],
                why_not: "",
                registers: "general",
                multiplies: "umulh",
                bytes: { CHAINS: 1024, BATCH: 512 },
            }
            {
                type: Neon,
                name: "arm64-neon",
                priority: 200,
                where_slow: 50,
                needs: ["asimd"],
                why_not: "the CPU has no Advanced SIMD, or the kernel does not use it itself",
                registers: "neon",
                multiplies: "umlal",
                bytes: { VECTORS: 512, CHAINS: 1024, BATCH: 128 },
            }
        }
    };
}
