// SPDX-License-Identifier: GPL-2.0

//! An implementation that checks what the library promises for each of its calls
//! (`include/lib_poly1305_provider.h`).
//!
//! It does not use the kernel, so that host tests include it, too. It has the numbers of the header
//! written out, so that a wrong number in both the header and the library is noticed.

use core::mem::MaybeUninit;
use core::ptr;

use crate::generic::{Powers, State, Workspace};

/// The maximum number of blocks in a call.
pub(crate) const MOST: usize = 256;

/// The minimum number of blocks in a run whose calls have a workspace.
pub(crate) const WORKSPACE_MIN: usize = 20;

/// The data that this implementation caches in scratch memory, and the number that identifies them.
const MARK: u64 = 0x6b75_6e69_7420_6d61;

/// The lengths of messages, in bytes, at which the library changes its behaviour: around blocks,
/// the first workspace, one, two and sixteen full calls, and last calls that are shorter than the
/// minimum of a run with a workspace.
pub(crate) fn edges() -> impl Iterator<Item = usize> {
    let around = [
        0, 16, 32, 304, 320, 336, 4080, 4096, 4112, 4400, 4416, 8192, 8208, 8512, 12_288, 61_440,
        65_536,
    ];
    let bytes = around.into_iter().flat_map(|at: usize| {
        [-17, -16, -1, 0, 1, 15, 16]
            .into_iter()
            .filter_map(move |by| at.checked_add_signed(by))
    });
    // Every number of blocks in a first call, and of those in a second one that is short.
    bytes.chain((0..=MOST + WORKSPACE_MIN).map(|blocks| 16 * blocks))
}

/// How a computation splits its message into runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cut {
    buffered: usize,
}

impl Cut {
    /// The number of blocks in the run for the next `len` bytes: all whole blocks, without the one
    /// that completes the buffered bytes.
    pub(crate) fn next(&mut self, len: usize) -> usize {
        let head = (16 - self.buffered) % 16;
        if len < head {
            self.buffered += len;
            return 0;
        }
        self.buffered = (len - head) % 16;
        (len - head) / 16
    }
}

/// The implementation.
#[derive(Default)]
pub(crate) struct Checker {
    /// The `r` of the computation.
    r: [u64; 2],
    /// The number of blocks in the run, and of those that were passed so far.
    run: usize,
    done: usize,
    /// The addresses of the workspace and of the scratch memory during the run.
    powers: usize,
    scratch: usize,
    /// The number of powers that were left in the computation.
    count: u64,
    /// The first promise that the library broke.
    broken: Option<&'static str>,
}

impl Checker {
    /// Begins a computation under this key.
    pub(crate) fn begin(&mut self, key: &[u8; 32]) {
        (_, self.r) = State::new(key).to_words();
        self.count = 0;
    }

    /// Begins a run of that many blocks, which may be 0.
    pub(crate) fn begin_run(&mut self, blocks: usize) {
        self.run = blocks;
        self.done = 0;
    }

    /// Ends a run. Returns the first promise that was broken so far.
    pub(crate) fn end_run(&mut self) -> Result<(), &'static str> {
        let all = self.done == self.run;
        self.expect(all, "all blocks of the run");
        self.broken.map_or(Ok(()), Err)
    }

    /// Records the first failure.
    pub(crate) fn expect(&mut self, holds: bool, what: &'static str) {
        if !holds && self.broken.is_none() {
            self.broken = Some(what);
        }
    }

    /// Absorbs blocks correctly, and checks the arguments.
    pub(crate) fn absorb(
        &mut self,
        state: &mut State,
        workspace: Option<&mut Workspace<'_>>,
        data: &[u8],
    ) {
        let blocks = data.len() / 16;
        let left = self.run.saturating_sub(self.done);
        self.expect((1..=MOST).contains(&blocks), "1 to 256 blocks a call");
        self.expect(
            blocks == left.min(MOST),
            "256 blocks in each call but the last",
        );
        let (h, r) = state.to_words();
        self.expect(State::from_words(h, r).is_some(), "interchange form");
        self.expect(r == self.r, "r of the key");
        let with_workspace = self.run >= WORKSPACE_MIN;
        self.expect(
            workspace.is_some() == with_workspace,
            "a workspace in runs of at least 20 blocks, and only there",
        );
        if let Some(workspace) = workspace {
            self.check_scratch(workspace, left.saturating_sub(blocks) as u64);
            self.check_powers(workspace, state);
        }
        self.done += blocks;
        state.absorb(data);
    }

    /// Checks the scratch memory, and caches data for the next call, if there is one.
    fn check_scratch(&mut self, workspace: &mut Workspace<'_>, following: u64) {
        let address = ptr::from_ref(&*workspace.scratch).addr();
        let first = self.done == 0;
        self.expect(address % 64 == 0, "scratch memory at a multiple of 64");
        self.expect(
            first || address == self.scratch,
            "one scratch memory in a run",
        );
        self.scratch = address;
        self.expect(
            workspace.scratch.blocks_left == following,
            "the number of blocks left in the run",
        );
        if first {
            self.expect(
                workspace.scratch.cached == 0,
                "no cached data at the first call",
            );
        } else {
            let kept = workspace.scratch.cached == MARK
                // SAFETY: The number says that the call before has written all of it.
                && workspace.scratch.memory.iter().all(|word| unsafe { word.assume_init() } == MARK);
            self.expect(kept, "the data that the call before has cached");
        }
        let (content, fill) = if following == 0 { (0, 0) } else { (MARK, MARK) };
        workspace.scratch.cached = content;
        workspace.scratch.memory.fill(MaybeUninit::new(fill));
    }

    /// Checks the powers, and adds more: first three, then all.
    fn check_powers(&mut self, workspace: &mut Workspace<'_>, state: &State) {
        let address = ptr::from_ref(&*workspace.powers).addr();
        let same = self.done == 0 || address == self.powers;
        self.expect(same, "the same powers in a run");
        self.powers = address;
        self.expect(
            count(workspace.powers) == self.count,
            "the number of powers that were left",
        );
        let mut own = Powers::none();
        let mut left = state.low_powers(workspace.powers);
        let mut own = state.low_powers(&mut own);
        self.expect(left.words() == own.words(), "the powers of this r");
        if self.count != 0 {
            let high = left.high_powers() == own.high_powers();
            self.expect(high, "the powers of this r");
        }
        self.count = count(workspace.powers);
    }
}

/// The number of powers.
fn count(powers: &Powers) -> u64 {
    // SAFETY: Their number comes first in this structure of C's layout.
    unsafe { ptr::from_ref(powers).cast::<u64>().read() }
}
