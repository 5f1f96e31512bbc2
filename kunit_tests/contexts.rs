// SPDX-License-Identifier: GPL-2.0

//! Task, softirq and hardirq context.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_contexts)]
mod tests {
    use core::cell::UnsafeCell;
    use core::pin::Pin;
    use core::ptr;
    use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use kernel::ffi::{c_int, c_void};
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{lib_poly1305_kunit_context, lib_poly1305_kunit_run_in_contexts};
    use crate::expect;
    use crate::lib_poly1305::{mac, Poly1305};
    use crate::random::Random;
    use crate::reference;
    use crate::table::each;

    /// Calls `f(state)` in all three contexts at once, see `helpers.h`.
    fn run<S: Sync>(f: unsafe extern "C" fn(*mut c_void) -> bool, calls: c_int, state: &S) {
        let state = ptr::from_ref(state).cast_mut().cast();
        // SAFETY: No call of `f` is left when the helper returns, until when `state` is borrowed.
        unsafe { lib_poly1305_kunit_run_in_contexts(Some(f), calls, state) };
    }

    /// The maximum length of a message in these tests.
    const LEN: usize = 3000;

    /// The number of lengths.
    const TAGS: usize = 64;

    /// A message, and the tags of some of its prefixes.
    struct Messages {
        key: [u8; 32],
        data: KVec<u8>,
        /// Lengths and tags.
        tags: KVec<(usize, [u8; 16])>,
        next: AtomicUsize,
    }

    /// Computes a tag one-shot, and one in two updates.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Messages`] that lives until this returns.
    unsafe extern "C" fn one_tag(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements.
        let messages = unsafe { &*state.cast::<Messages>() };
        let i = messages.next.fetch_add(1, Ordering::Relaxed) % TAGS;
        let Some(&(len, expected)) = messages.tags.get(i) else {
            return false;
        };
        let data = &messages.data[..len];
        stack_pin_init!(let computation = Poly1305::new(&messages.key));
        computation.update(&data[..len / 3]);
        computation.update(&data[len / 3..]);
        *mac(&messages.key, data).as_bytes() == expected
            && *computation.finish().as_bytes() == expected
    }

    /// Catches state that calls share, and code that fails if an interrupt calls it at the same
    /// time.
    #[test]
    fn all_contexts_at_once() -> Result {
        each(|| {
            let mut random = Random::new(12);
            let mut data = KVec::from_elem(0, LEN, GFP_KERNEL)?;
            random.fill(&mut data);
            let key = random.key();
            let mut tags = KVec::new();
            for _ in 0..TAGS {
                let len = random.below(LEN + 1) >> random.below(8);
                tags.push((len, reference::mac(&key, &data[..len])), GFP_KERNEL)?;
            }
            let messages = Messages {
                key,
                data,
                tags,
                next: AtomicUsize::new(0),
            };
            run(one_tag, 20_000, &messages);
            Ok(())
        })
    }

    /// How long each computation may take to finish once, in seconds.
    const MOST_SECONDS: u32 = 60;

    /// A computation that continues in one context after another.
    struct Relay<'a> {
        /// Whether a call is using the computation.
        taken: AtomicBool,
        /// Accessed only by the call that set `taken`.
        inner: UnsafeCell<Runner<'a>>,
        key: [u8; 32],
        data: &'a [u8],
        expected: [u8; 16],
        /// The number of finished computations.
        rounds: AtomicUsize,
    }

    // SAFETY: `inner` is only used by the one call that set `taken`.
    unsafe impl Sync for Relay<'_> {}

    /// The progress of the computation.
    struct Runner<'a> {
        computation: Pin<&'a mut Poly1305>,
        done: usize,
        /// The context that continues next.
        turn: u32,
    }

    /// As many computations as contexts can be in the middle of at once.
    struct Relays<'a> {
        all: [Relay<'a>; 3],
        next: AtomicUsize,
    }

    /// Continues one of the computations if this context is the next there.
    ///
    /// # Safety
    ///
    /// `state` must point to [`Relays`] that live until this returns.
    unsafe extern "C" fn one_piece(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements.
        let relays = unsafe { &*state.cast::<Relays<'_>>() };
        let relay = &relays.all[relays.next.fetch_add(1, Ordering::Relaxed) % 3];
        // An interrupt may come in the middle of another context's turn. It does not wait.
        if relay.taken.swap(true, Ordering::Acquire) {
            return true;
        }
        // SAFETY: This call has set `taken`.
        let runner = unsafe { &mut *relay.inner.get() };
        // SAFETY: No pointer is passed.
        let context = unsafe { lib_poly1305_kunit_context() };
        let mut right = true;
        if context == runner.turn {
            let piece = (7 + 37 * (runner.done % 11)).min(relay.data.len() - runner.done);
            let end = runner.done + piece;
            runner.computation.update(&relay.data[runner.done..end]);
            runner.done = end;
            runner.turn = (context + 1) % 3;
            if end == relay.data.len() {
                let tag = runner.computation.as_mut().finish();
                right = *tag.as_bytes() == relay.expected;
                runner.computation.restart(&relay.key);
                runner.done = 0;
                relay.rounds.fetch_add(1, Ordering::Relaxed);
            }
        }
        relay.taken.store(false, Ordering::Release);
        right
    }

    /// Catches state outside of the context structure that differs between execution contexts: each
    /// piece of a message is added in another execution context than the piece before it, while another
    /// context is in the middle of another message.
    #[test]
    fn one_computation_across_contexts() -> Result {
        each(|| {
            let mut random = Random::new(13);
            let mut data = KVec::from_elem(0, LEN, GFP_KERNEL)?;
            random.fill(&mut data);
            let key = random.key();
            let expected = reference::mac(&key, &data);
            stack_pin_init!(let first = Poly1305::new(&key));
            stack_pin_init!(let second = Poly1305::new(&key));
            stack_pin_init!(let third = Poly1305::new(&key));
            let relays = Relays {
                all: [first, second, third].map(|computation| Relay {
                    taken: AtomicBool::new(false),
                    inner: UnsafeCell::new(Runner {
                        computation,
                        done: 0,
                        turn: 0,
                    }),
                    key,
                    data: &data,
                    expected,
                    rounds: AtomicUsize::new(0),
                }),
                next: AtomicUsize::new(0),
            };
            // Most calls come when it is another context's turn. A second may have too few: with
            // PREEMPT_RT, softirqs run only when the scheduler takes the CPU from the task.
            let finished = |relay: &Relay<'_>| relay.rounds.load(Ordering::Relaxed) > 0;
            for _ in 0..MOST_SECONDS {
                run(one_piece, c_int::MAX, &relays);
                if relays.all.iter().all(finished) {
                    return Ok(());
                }
            }
            expect(
                false,
                fmt!("a computation not finished after {} s", MOST_SECONDS),
            )
        })
    }
}
