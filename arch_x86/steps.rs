// SPDX-License-Identifier: GPL-2.0

//! Steps.

macro_rules! entry {
    (0) => { "0" }; (1) => { "4" }; (2) => { "64" }; (3) => { "68" }; (4) => { "512" };
    (5) => { "128" }; (6) => { "132" }; (7) => { "192" }; (8) => { "196" }; (9) => { "516" };
    (10) => { "256" }; (11) => { "260" }; (12) => { "320" }; (13) => { "324" }; (14) => { "576" };
    (15) => { "384" }; (16) => { "388" }; (17) => { "448" }; (18) => { "452" }; (19) => { "580" };
}
macro_rules! carry {
    ($from:literal, $to:literal, $mask:literal, $t:literal) => {
        concat!(
            "vpsrlq ymm", $t, ", ymm", $from, ", 26\n",
            "vpand ymm", $from, ", ymm", $from, ", ymm", $mask, "\n",
            "vpaddq ymm", $to, ", ymm", $to, ", ymm", $t, "\n",
        )
    };
}
macro_rules! carry_all {
    ($a0:literal $a1:literal $a2:literal $a3:literal $a4:literal, $mask:literal, $t:literal $u:literal) => {
        concat!(
            carry!($a0, $a1, $mask, $t),
            carry!($a3, $a4, $mask, $u),
            carry!($a1, $a2, $mask, $t),
            "vpsrlq ymm", $u, ", ymm", $a4, ", 26\n",
            "vpand ymm", $a4, ", ymm", $a4, ", ymm", $mask, "\n",
            "vpaddq ymm", $a0, ", ymm", $a0, ", ymm", $u, "\n",
            "vpsllq ymm", $u, ", ymm", $u, ", 2\n",
            "vpaddq ymm", $a0, ", ymm", $a0, ", ymm", $u, "\n",
            carry!($a2, $a3, $mask, $t),
            carry!($a0, $a1, $mask, $u),
            carry!($a3, $a4, $mask, $t),
        )
    };
}
