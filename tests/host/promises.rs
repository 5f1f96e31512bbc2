// SPDX-License-Identifier: GPL-2.0

//! How the library drives an implementation: by an implementation that checks its calls.

use std::cell::RefCell;

use lib_poly1305_generic::{mac, Absorb, Context, State, Workspace};

use crate::checker::{edges, Checker, Cut, MOST, WORKSPACE_MIN};
use crate::data::Message;
use crate::numbers::Random;

/// Bytes of the longest message: 17 calls and more.
const LONGEST: usize = 70_000;

/// The checking implementation, where the library can call it.
struct Checked(RefCell<Checker>);

impl Checked {
    fn new(key: &[u8; 32]) -> Self {
        let this = Self(RefCell::default());
        this.0.borrow_mut().begin(key);
        this
    }

    /// Ends a run.
    fn end(&self, what: &str) {
        if let Err(broken) = self.0.borrow_mut().end_run() {
            panic!("{what}: promised: {broken}");
        }
    }
}

impl Absorb for Checked {
    fn absorb(&self, state: &mut State, workspace: Option<&mut Workspace<'_>>, blocks: &[u8]) {
        self.0.borrow_mut().absorb(state, workspace, blocks);
    }
}

/// Catches a workspace that is not given, or is given too early or not to the last call of a run; calls
/// that are too long; and a library that says wrong things of what follows, or gives another memory
/// in the middle: in whole messages.
pub(crate) fn one_shot() {
    let message = Message::random(160, LONGEST);
    for len in edges().chain((0..=4 * MOST + WORKSPACE_MIN).map(|blocks| 16 * blocks + blocks % 16))
    {
        let (data, tag) = message.first(len);
        let by = Checked::new(&message.key);
        by.0.borrow_mut().begin_run(len / 16);
        assert_eq!(mac(&by, &message.key, data), tag, "{len} bytes");
        by.end(&format!("{len} bytes"));
    }
}

/// Catches the same in messages that come in pieces, and powers that are lost between two of them,
/// or are those of another computation.
pub(crate) fn pieces() {
    let message = Message::random(161, LONGEST);
    let lengths: Vec<_> = edges().collect();
    let mut random = Random::new(162);
    for _ in 0..2000 {
        let mut context = Context::new(&message.key);
        let by = Checked::new(&message.key);
        let (mut done, mut cut, mut log) = (0, Cut::default(), vec![]);
        for _ in 0..1 + random.below(6) {
            let len = match random.next() % 3 {
                0 => random.below(40),
                _ => lengths[random.below(lengths.len())].min(9000),
            };
            log.push(len);
            by.0.borrow_mut().begin_run(cut.next(len));
            context.update(&by, &message.data[done..done + len]);
            by.end(&format!("pieces of {log:?}"));
            done += len;
        }
        assert_eq!(context.finish(), message.first(done).1, "{log:?}");
    }
}
