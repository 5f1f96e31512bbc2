# SPDX-License-Identifier: GPL-2.0
"""Rust code that is not run here, but written again in Python: it is compared as
text with what it was.
"""

import hashlib
import re

from domains import need

SCRATCH = "arch_x86/scratch.rs"
LONG_RUN = "arch_x86/long_run.rs"
TABLE = "arch_arm64/table.rs"

# The text of these, from how it begins to where it ends. If one of them changes, see to it that
# `inputs.py`, `runs.py` and `arm64_runs.py` still do the same, and put the new digest here.
MODELS = {
    (SCRATCH, "pub(crate) struct Lanes {"): "c1a52e857a2bf0b6",
    (SCRATCH, "pub(super) struct BatchStart {"): "dc24a6d6cbbc9e70",
    (SCRATCH, "pub(crate) struct Long {"): "b96353f7fa262e6d",
    (SCRATCH, "const DEPTH: usize = "): "42681202645f1aeb",
    (SCRATCH, "const DEPTH_44: usize = "): "d73f8262bfc3ad67",
    (SCRATCH, "pub(super) unsafe fn begin("): "5e933f25afe84018",
    (SCRATCH, "fn add(&mut self, table: &Table"): "f31f5094ecab27e3",
    (SCRATCH, "fn new(table: &Table"): "9105c89611f54cd1",
    (SCRATCH, "pub(super) unsafe fn put_above("): "f2c5bcd9e59f154f",
    (LONG_RUN, "pub(super) fn new(groups"): "9439ff69b6bf900c",
    (TABLE, "pub(crate) struct Table {"): "0286be1177bfb8c9",
    (TABLE, "pub(super) const DEPTH: usize = "): "43dd0aaaa365697d",
    (TABLE, "pub(super) unsafe fn prepare<'a>("): "ccdc7fb948d5db81",
}

# The same for what blocks of assembly begin with, and where their results go.
LINES = {
    "arch_x86/bmi2.rs": [
        "s1 = in(reg) r[1].wrapping_add(r[1] >> 2),",
    ],
    "arch_x86/table.rs": [
        "let words = [0, 1, 2].map(|i| [r4[i], r2[i], r3[i], r[i]]);",
        "long.words.write([0, 1, 2].map(|i| [a[i], b[i], c[i], d[i]]));",
        "long.begin(state, first, !has_table)",
    ],
    "arch_x86/avx2.rs": [
        "let count = (groups.len() / GROUP).wrapping_sub(1);",
        "top = inout(reg) table.wrapping_add(run.first.wrapping_sub(1)) => _,",
    ],
    "arch_x86/avx512.rs": [
        "top = inout(reg) table.wrapping_add(run.first.wrapping_sub(1)) => _,",
    ],
    "arch_x86/avx512ifma.rs": [
        "let table = (&raw mut *long).cast::<[u64; 5]>();",
        "top = inout(reg) table.wrapping_add(run.first.wrapping_sub(1)) => _,",
        "deep = in(reg) table.wrapping_add(depth.wrapping_sub(1)),",
        "low_half.write(high.map(|power| limbs_44(&power)));",
        "high_half.write(higher.map(|power| limbs_44(&power)));",
    ],
    "arch_arm64/scalar.rs": [
        "let (mut low, mut middle, mut high) = (h[0], 0_u64, h[2]);",
        "s1 = in(reg) r[1].wrapping_add(r[1] >> 2),",
        "one = in(reg) 1_u64,",
        "b = inout(reg) 0_u64 => _,",
        "d = inout(reg) h[1] => _,",
        "state.set_product([low, middle, high]);",
        "const CHAIN: usize = 16;",
        "let (mut first, mut second) = ([h[0], 0, h[2]], [0_u64; 3]);",
        "w = inout(reg) 0_u64 => _,",
        "y = inout(reg) 0_u64 => _,",
        "state.set_product(first); state.append_16(kept, second);",
    ],
    "arch_arm64/neon.rs": [
        "let [[pad0, r8_0], [pad1, r8_1], [pad2, r8_2]] = unsafe { table.above.assume_init() };",
        "let [mut s0, mut s1, mut s2, mut s3, mut s4] = state.limbs();",
        "end = in(reg) batches.as_ptr_range().end,",
        "state.set_limbs([s0, s1, s2, s3, s4]);",
    ],
}


def bare(text):
    """Without comments, and without what formatting may change."""
    text = "".join(re.sub(r"//[^\n]*", "", text).split())
    return re.sub(r",([)\]}])", r"\1", text)


def digest(text, begins):
    """Of what begins like this and ends with the next `}` or `;` at its depth."""
    text, begins = bare(text), bare(begins)
    need(text.count(begins) == 1, f"there is no one '{begins}'")
    at = start = text.index(begins)
    depth = 0
    while True:
        depth += text[at] in "{(["
        depth -= text[at] in "})]"
        at += 1
        if not depth and text[at - 1] in "};":
            return hashlib.sha256(text[start:at].encode()).hexdigest()[:16]


def same(source):
    """The Rust code that is not run here is what it was."""
    changed = []
    for (file, begins), expected in MODELS.items():
        found = digest(source(file), begins)
        if found != expected:
            changed.append(f'("{file}", "{begins}"): "{found}"')
    for file, lines in LINES.items():
        text = bare(source(file))
        for line in lines:
            need(bare(line) in text, f"{file} has no line '{line}': see LINES")
    need(not changed, "changed: see MODELS in models.py; now it is\n" + ",\n".join(changed))
    return f"{len(MODELS) + sum(map(len, LINES.values()))} pieces"
