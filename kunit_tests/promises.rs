// SPDX-License-Identifier: GPL-2.0

//! How the library calls an implementation through the C interface, checked by an implementation
//! that checks its calls.

use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

use crate::bindings::{self, lib_poly1305_state, lib_poly1305_workspace};
use crate::checker::Checker;
use crate::generic::{State, Workspace};
use crate::table::absorb;

/// The checker of the current test, if there is one.
static CHECKER: AtomicPtr<Checker> = AtomicPtr::new(ptr::null_mut());

/// The checking implementation. Without a checker, as in the library's self-test of it, it only
/// computes.
///
/// # Safety
///
/// As the provider's header says of `blocks`.
unsafe extern "C" fn checked(
    state: *mut lib_poly1305_state,
    workspace: *mut lib_poly1305_workspace,
    data: *const u8,
    nblocks: usize,
) {
    let checker = CHECKER.load(Ordering::Acquire);
    if checker.is_null() {
        // SAFETY: By this function's requirements.
        return unsafe { absorb(state, data, nblocks) };
    }
    // SAFETY: Whoever put it there waits for its call of the library, which calls this, to return,
    // and nobody else calls the library meanwhile.
    let checker = unsafe { &mut *checker };
    // SAFETY: An FFI call without requirements.
    let reads = unsafe { bindings::lib_poly1305_kunit_rcu_reads() };
    checker.expect(reads, "an RCU read-side critical section");
    if !workspace.is_null() {
        // SAFETY: By this function's requirements, but for what is asked here.
        let whole = unsafe { !(*workspace).powers.is_null() && !(*workspace).scratch.is_null() };
        checker.expect(whole, "powers and scratch memory in a workspace");
        if !whole {
            // SAFETY: By this function's requirements.
            return unsafe { absorb(state, data, nblocks) };
        }
    }
    // SAFETY: By this function's requirements; the structures have the words of the header.
    let (state, workspace, blocks) = unsafe {
        (
            &mut *state.cast::<State>(),
            workspace.cast::<Workspace<'_>>().as_mut(),
            core::slice::from_raw_parts(data, nblocks * 16),
        )
    };
    checker.absorb(state, workspace, blocks);
}

#[kernel::macros::kunit_tests(lib_poly1305_promises)]
mod tests {
    use core::mem::MaybeUninit;
    use core::ptr;
    use core::sync::atomic::Ordering;

    use kernel::prelude::*;

    use super::{checked, CHECKER};
    use crate::bindings::{self, lib_poly1305_ctx, lib_poly1305_pin};
    use crate::checker::{edges, Checker, Cut};
    use crate::expect;
    use crate::random::Random;
    use crate::reference::Reference;
    use crate::table::{active, counting, Registered, HIGH};

    /// The length of the longest message.
    const LONGEST: usize = 65_536 + 16;

    /// A random message, and the tags of its prefixes, each of which is needed several times.
    struct Message {
        key: [u8; 32],
        data: KVVec<u8>,
        /// After each block.
        blocks: KVVec<Reference>,
    }

    impl Message {
        fn new(seed: u64) -> Result<Self> {
            let mut random = Random::new(seed);
            let mut data = KVVec::from_elem(0, LONGEST, GFP_KERNEL)?;
            data.fill_with(|| random.next() as u8);
            let key = random.key();
            let mut blocks = KVVec::with_capacity(LONGEST / 16 + 1, GFP_KERNEL)?;
            let mut begun = Reference::new(&key);
            blocks.push(begun.clone(), GFP_KERNEL)?;
            for block in data.chunks(16) {
                begun.absorb(block);
                blocks.push(begun.clone(), GFP_KERNEL)?;
            }
            Ok(Self { key, data, blocks })
        }

        /// The tag of a prefix.
        fn tag(&self, len: usize) -> [u8; 16] {
            let last = &self.data[len - len % 16..len];
            self.blocks[len / 16].clone().absorb_all(last).tag()
        }
    }

    /// Makes a call of the library that should give a run of that many blocks. Returns the promise
    /// that it broke, if any.
    fn run(checker: &mut Checker, blocks: usize, call: impl FnOnce()) -> Result<(), &'static str> {
        checker.begin_run(blocks);
        CHECKER.store(ptr::from_mut(checker), Ordering::Release);
        call();
        CHECKER.store(ptr::null_mut(), Ordering::Release);
        checker.end_run()
    }

    /// A pin, which is released when this is dropped.
    struct Pin(*mut lib_poly1305_pin);

    impl Pin {
        fn new(name: &CStr) -> Result<Self> {
            // SAFETY: The name is a string of C.
            let pin = unsafe { bindings::lib_poly1305_get_nosleep(name.as_char_ptr()) };
            kernel::error::from_err_ptr(pin).map(Self)
        }
    }

    impl Drop for Pin {
        fn drop(&mut self) {
            // SAFETY: It came from the library, and is not used any more.
            unsafe { bindings::lib_poly1305_put(self.0) };
        }
    }

    /// Whole messages of all lengths at which the calls change, by these calls of the library.
    fn whole(call: impl Fn(&mut [u8; 16], &[u8; 32], &[u8])) -> Result {
        let message = Message::new(30)?;
        for len in edges().filter(|len| *len <= LONGEST) {
            let mut checker = Checker::default();
            checker.begin(&message.key);
            let expected = message.tag(len);
            let mut tag = expected;
            let kept = run(&mut checker, len / 16, || {
                call(&mut tag, &message.key, &message.data[..len])
            });
            expect(
                kept.is_ok(),
                fmt!(
                    "{} bytes: promised: {}",
                    len,
                    kept.err().unwrap_or_default()
                ),
            )?;
            expect(tag == expected, fmt!("{} bytes: tag", len))?;
        }
        Ok(())
    }

    /// Catches, in whole messages, a workspace that is missing, given too early, or not given to
    /// the last call of a run; calls that are too long; wrong numbers of blocks left; scratch
    /// memory that changes in the middle; and calls outside of an RCU read-side critical section.
    #[test]
    fn one_shot() -> Result {
        let _checked = Registered::new(c"kunit-promises", HIGH, checked)?;
        whole(|tag, key, data| {
            *tag = [0; 16];
            // SAFETY: All of it is valid, as references and slices are.
            unsafe {
                bindings::lib_poly1305_mac(
                    tag.as_mut_ptr(),
                    key.as_ptr(),
                    data.as_ptr(),
                    data.len(),
                )
            }
        })
    }

    /// Catches the same if a tag is verified.
    #[test]
    fn verify() -> Result {
        let _checked = Registered::new(c"kunit-promises", HIGH, checked)?;
        whole(|tag, key, data| {
            // SAFETY: As above.
            let right = unsafe {
                bindings::lib_poly1305_verify(tag.as_ptr(), key.as_ptr(), data.as_ptr(), data.len())
            };
            if !right {
                *tag = [0; 16];
            }
        })
    }

    /// Catches the same for calls by a pin, while another implementation is active.
    #[test]
    fn pinned() -> Result {
        let _checked = Registered::new(c"kunit-promises", 0, checked)?;
        let _other = Registered::new(c"kunit-other", HIGH, counting::<0>)?;
        assert!(active().is(c"kunit-other"));
        let pin = Pin::new(c"kunit-promises")?;
        whole(|tag, key, data| {
            *tag = [0; 16];
            // SAFETY: As above; the pin is there.
            unsafe {
                bindings::lib_poly1305_pin_mac(
                    pin.0,
                    tag.as_mut_ptr(),
                    key.as_ptr(),
                    data.as_ptr(),
                    data.len(),
                )
            }
        })
    }

    /// Computations in pieces, added by this call of the library.
    fn pieces(update: impl Fn(*mut lib_poly1305_ctx, &[u8])) -> Result {
        let message = Message::new(31)?;
        let mut random = Random::new(32);
        let mut lengths = KVVec::new();
        for len in edges().filter(|len| *len <= 9000) {
            lengths.push(len, GFP_KERNEL)?;
        }
        // Nothing that was there before may matter.
        let mut ctx = MaybeUninit::<lib_poly1305_ctx>::uninit();
        // SAFETY: All of it is in bounds, and there are words and bytes in it, of any value.
        let ctx = unsafe {
            ctx.as_mut_ptr().write_bytes(0xff, 1);
            ctx.assume_init_mut()
        };
        for round in 0..300 {
            let mut checker = Checker::default();
            checker.begin(&message.key);
            let mut cut = Cut::default();
            let mut done = 0;
            // SAFETY: Context and key are valid.
            unsafe { bindings::lib_poly1305_init(ctx, message.key.as_ptr()) };
            for _ in 0..=random.below(6) {
                let len = match random.next() % 3 {
                    0 => random.below(40),
                    _ => lengths[random.below(lengths.len())],
                };
                let piece = &message.data[done..done + len];
                let kept = run(&mut checker, cut.next(len), || update(ctx, piece));
                expect(
                    kept.is_ok(),
                    fmt!(
                        "round {}, {} bytes after {}: promised: {}",
                        round,
                        len,
                        done,
                        kept.err().unwrap_or_default()
                    ),
                )?;
                done += len;
            }
            let mut tag = [0; 16];
            // SAFETY: The context was begun above, and the tag is valid.
            unsafe { bindings::lib_poly1305_final(ctx, tag.as_mut_ptr()) };
            expect(
                tag == message.tag(done),
                fmt!("round {}, {} bytes", round, done),
            )?;
            expect(ctx.powers.count == 0, fmt!("powers after the end"))?;
        }
        Ok(())
    }

    /// Catches the same in messages in pieces; and powers that are lost between two pieces, kept
    /// for the next message, or read from uninitialized memory.
    #[test]
    fn update() -> Result {
        let _checked = Registered::new(c"kunit-promises", HIGH, checked)?;
        pieces(|ctx, piece| {
            // SAFETY: The context was begun, and the slice is valid.
            unsafe { bindings::lib_poly1305_update(ctx, piece.as_ptr(), piece.len()) }
        })
    }

    /// Catches the same in pieces by a pin.
    #[test]
    fn pinned_update() -> Result {
        let _checked = Registered::new(c"kunit-promises", 0, checked)?;
        let _other = Registered::new(c"kunit-other", HIGH, counting::<0>)?;
        let pin = Pin::new(c"kunit-promises")?;
        pieces(|ctx, piece| {
            // SAFETY: As above; the pin is there.
            unsafe { bindings::lib_poly1305_pin_update(pin.0, ctx, piece.as_ptr(), piece.len()) }
        })
    }
}
