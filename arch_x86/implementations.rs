// SPDX-License-Identifier: GPL-2.0

//! The implementations for x86-64: a table with a row for each of them.
//!
//! The module, the library, KUnit tests, host tests, benchmarks, checks of objects and the test
//! runner take what they need of it: `implementations!(with)` calls `with!` with all rows.
//!
//! | column | what it has |
//! |---|---|
//! | type | the type in `dispatch.rs` that has the code |
//! | name | the name in the library's table |
//! | priority | the highest one is active |
//! | where_slow | its priority on CPUs that are slow with it: none for x86-64 |
//! | needs | CPU features, by their names in `/proc/cpuinfo` |
//! | why_not | why other CPUs cannot run it, as the library logs and lists it |
//! | registers | the widest ones that it uses |
//! | multiplies | the instruction that it multiplies by |
//! | bytes | where it changes what it does |
//!
//! From `VECTORS` bytes on vector code takes less time than scalar code, with a section that saves no
//! registers (`docs/performance.md`), and from `TABLE` bytes on a table of powers pays. `BATCH` bytes
//! share a carry.

macro_rules! implementations {
    ($with:ident) => {
        $with! {
            {
                type: Bmi2,
                name: "x86_64-bmi2",
                priority: 100,
                where_slow: 100,
                needs: ["bmi2"],
                why_not: "the CPU has no BMI2",
                registers: "general",
                multiplies: "mulx",
                bytes: {},
            }
            {
                type: Avx2,
                name: "x86_64-avx2",
                priority: 200,
                where_slow: 200,
                needs: ["bmi2", "avx2"],
                why_not: "the CPU has no AVX2 or BMI2, or the kernel does not save its registers",
                registers: "ymm",
                multiplies: "vpmuludq",
                bytes: { VECTORS: 512, TABLE: 2048, BATCH: 1024 },
            }
            {
                type: AvxIfma,
                name: "x86_64-avxifma",
                priority: 250,
                where_slow: 250,
                needs: ["bmi2", "avx2", "avx_ifma"],
                why_not: "the CPU has no AVX-IFMA, or the kernel does not save its registers",
                registers: "ymm",
                multiplies: "vpmadd52luq",
                bytes: { VECTORS: 352, BATCH: 512 },
            }
            {
                type: Avx512Ifma,
                name: "x86_64-avx512ifma",
                priority: 310,
                where_slow: 310,
                needs: ["bmi2", "avx2", "avx512vl", "avx512ifma"],
                why_not: "the CPU has no AVX-512 IFMA, or the kernel does not save its registers",
                registers: "zmm",
                multiplies: "vpmadd52luq",
                bytes: { VECTORS: 352, TABLE: 1408, BATCH: 1024 },
            }
        }
    };
}
