// SPDX-License-Identifier: GPL-2.0

//! What the library promises to an implementation (`include/lib_poly1305_provider.h`), looked at
//! from inside: an implementation that checks each of its calls.
//!
//! It knows no kernel, so that host tests take it in as well. The numbers of the header are written
//! out here: another number in the header and in the library alike is found.

use core::mem::MaybeUninit;
use core::ptr;

use crate::generic::{Powers, State, Workspace};

/// Most blocks in a call.
pub(crate) const MOST: usize = 256;

/// Blocks in a run from which on its calls have a workspace.
pub(crate) const AIDED: usize = 20;

/// What this implementation leaves in the scratch memory, and the number that says so.
const MARK: u64 = 0x6b75_6e69_7420_6d61;

/// The lengths of messages, in bytes, at which the library does something else: around blocks, the
/// first workspace, one, two and sixteen full calls, and last calls with a workspace that are too short for
/// one of their own.
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
    bytes.chain((0..=MOST + AIDED).map(|blocks| 16 * blocks))
}

/// How a computation cuts its message into runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cut {
    buffered: usize,
}

impl Cut {
    /// The blocks of the run that comes with the next `len` bytes: all that are whole, but for the
    /// one that buffered bytes begin.
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
    /// The point of the computation.
    r: [u64; 2],
    /// Blocks of the run, and how many of them have come.
    run: usize,
    done: usize,
    /// Where workspace and memory are during the run.
    powers: usize,
    scratch: usize,
    /// Powers that were left in the computation.
    count: u64,
    /// The first promise that was broken.
    broken: Option<&'static str>,
}

impl Checker {
    /// A computation begins, under this key.
    pub(crate) fn begin(&mut self, key: &[u8; 32]) {
        (_, self.r) = State::new(key).to_words();
        self.count = 0;
    }

    /// A run begins, of that many blocks, or none.
    pub(crate) fn begin_run(&mut self, blocks: usize) {
        self.run = blocks;
        self.done = 0;
    }

    /// A run has ended. Tells what was wrong so far.
    pub(crate) fn end_run(&mut self) -> Result<(), &'static str> {
        let all = self.done == self.run;
        self.expect(all, "blocks of the run that did not come");
        self.broken.map_or(Ok(()), Err)
    }

    /// Notes the first thing that is wrong.
    pub(crate) fn expect(&mut self, holds: bool, what: &'static str) {
        if !holds && self.broken.is_none() {
            self.broken = Some(what);
        }
    }

    /// Absorbs blocks as it should be done, and checks what it is given.
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
        let with_workspace = self.run >= AIDED;
        self.expect(
            workspace.is_some() == with_workspace,
            "a workspace from 20 blocks of a run on",
        );
        if let Some(workspace) = workspace {
            self.check_scratch(workspace, left.saturating_sub(blocks) as u64);
            self.check_powers(workspace, state);
        }
        self.done += blocks;
        state.absorb(data);
    }

    /// Checks what is in the memory, and leaves something for the next call, if there is one.
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
            "the blocks that follow in the run",
        );
        if first {
            self.expect(
                workspace.scratch.cached == 0,
                "nothing in the memory at the first call",
            );
        } else {
            let kept = workspace.scratch.cached == MARK
                // SAFETY: The number says that the call before has written all of it.
                && workspace.scratch.memory.iter().all(|word| unsafe { word.assume_init() } == MARK);
            self.expect(kept, "what the call before has left");
        }
        let (content, fill) = if following == 0 { (0, 0) } else { (MARK, MARK) };
        workspace.scratch.cached = content;
        workspace.scratch.memory.fill(MaybeUninit::new(fill));
    }

    /// Checks the powers, and adds more of them: three at first, and then all.
    fn check_powers(&mut self, workspace: &mut Workspace<'_>, state: &State) {
        let address = ptr::from_ref(&*workspace.powers).addr();
        let same = self.done == 0 || address == self.powers;
        self.expect(same, "the same powers in a run");
        self.powers = address;
        self.expect(
            count(workspace.powers) == self.count,
            "as many powers as were left",
        );
        let mut own = Powers::none();
        let low = state.low_powers(workspace.powers) == state.low_powers(&mut own);
        self.expect(low, "the powers of this r");
        if self.count != 0 {
            let high = state.high_powers(workspace.powers) == state.high_powers(&mut own);
            self.expect(high, "the powers of this r");
        }
        self.count = count(workspace.powers);
    }
}

/// How many powers there are.
fn count(powers: &Powers) -> u64 {
    // SAFETY: Their number comes first in this structure of C's layout.
    unsafe { ptr::from_ref(powers).cast::<u64>().read() }
}
