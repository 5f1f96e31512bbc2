// SPDX-License-Identifier: GPL-2.0

//! What calls of the library leave behind that depends on the key.
//!
//! Each call is made twice under one key and once under another, with everything else the same,
//! also all addresses. What differs on the stack below afterwards depends on the key. So no list of
//! forbidden values is needed.

use kernel::macros::kunit_tests;
use kernel::prelude::*;

use crate::bindings::{self, lib_poly1305_kunit_left};

/// A buffer for what a call leaves: see `helpers.h`.
pub(crate) fn empty() -> Result<KBox<lib_poly1305_kunit_left>> {
    let zeroed = KBox::new_uninit(GFP_KERNEL | __GFP_ZERO)?;
    // SAFETY: All of it are numbers, for which zero is one.
    Ok(unsafe { zeroed.assume_init() })
}

/// Whether the kernel has frames for which nothing is promised, as with KASAN. Then the current
/// test is skipped.
pub(crate) fn other_frames() -> bool {
    if cfg!(CONFIG_KASAN) {
        // SAFETY: There is a current test.
        unsafe { bindings::lib_poly1305_kunit_skip() };
    }
    cfg!(CONFIG_KASAN)
}

#[kunit_tests(lib_poly1305_residue)]
mod tests {
    use core::hint::black_box;
    use core::mem::MaybeUninit;
    use core::{ptr, slice};

    use kernel::ffi::c_void;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use super::{empty, other_frames};
    use crate::bindings::{self, lib_poly1305_ctx, lib_poly1305_kunit_left, lib_poly1305_pin};
    use crate::expect;
    use crate::lib_poly1305::{mac, Key, Poly1305};
    use crate::random::Random;
    use crate::table::{active, each};

    /// The maximum stack of a call, with all frames together.
    const DEEPEST: usize = 3584;

    /// How often a difference must be found.
    const TRIALS: usize = 4;

    /// How much of the stack is compared.
    const STACK: usize = bindings::LIB_POLY1305_KUNIT_STACK as usize;

    /// Lengths of messages: every number of blocks up to that of a packet, and beyond it where the
    /// behaviour changes, and a few bytes less.
    fn lengths() -> impl Iterator<Item = usize> {
        let around = [2032, 2048, 2112, 3056, 3072, 4080, 8192, 8512];
        // Named in full, as values that are initialized can be chained, too.
        let packets = Iterator::chain((1..=89).map(|blocks| 16 * blocks), around);
        let more = (0..=20).map(|blocks| 4096 + 16 * blocks);
        Iterator::chain(packets, more).flat_map(|len| [len - 3, len])
    }

    /// The buffers of a call, which are not moved.
    struct Work {
        keys: [[u8; 32]; 2],
        /// Which of the three calls this is, and which one is under the other key.
        which: usize,
        other: usize,
        key: [u8; 32],
        tag: [u8; 16],
        ctx: MaybeUninit<lib_poly1305_ctx>,
        pin: *mut lib_poly1305_pin,
        data: KVec<u8>,
        len: usize,
        equal: bool,
    }

    impl Work {
        /// Copies the next key. Not inlined, so that no register contains a part of it that a
        /// called function could spill.
        #[inline(never)]
        fn begin(&mut self) {
            self.which = (self.which + 1) % 3;
            self.key = self.keys[usize::from(self.which == self.other)];
            self.tag = [0; 16];
            self.ctx = MaybeUninit::zeroed();
        }
    }

    /// The fields of [`Work`] for C functions.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Work`] that nobody else has.
    unsafe fn parts<'a>(state: *mut c_void) -> &'a mut Work {
        // SAFETY: By this function's requirements.
        unsafe { &mut *state.cast() }
    }

    macro_rules! calls {
        ($($name:ident: |$work:ident| $call:expr;)*) => {$(
            /// # Safety
            ///
            /// As [`parts`].
            unsafe extern "C" fn $name(state: *mut c_void) {
                // SAFETY: By this function's requirements.
                let $work = unsafe { parts(state) };
                // SAFETY: All pointers are to parts of it, the data is as long, and the context was
                // begun before where it is needed.
                unsafe { $call };
            }
        )*};
    }

    calls! {
        init: |work| bindings::lib_poly1305_init(work.ctx.as_mut_ptr(), work.key.as_ptr());
        update: |work| bindings::lib_poly1305_update(work.ctx.as_mut_ptr(), work.data.as_ptr(), work.len);
        finish: |work| bindings::lib_poly1305_final(work.ctx.as_mut_ptr(), work.tag.as_mut_ptr());
        whole: |work| bindings::lib_poly1305_mac(
            work.tag.as_mut_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
        verify: |work| work.equal = bindings::lib_poly1305_verify(
            work.tag.as_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
        pin_update: |work| bindings::lib_poly1305_pin_update(
            work.pin, work.ctx.as_mut_ptr(), work.data.as_ptr(), work.len);
        pin_mac: |work| bindings::lib_poly1305_pin_mac(
            work.pin, work.tag.as_mut_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
        rust_mac: |work| drop(mac(&work.key, slice::from_raw_parts(work.data.as_ptr(), work.len)));
        rust_pieces: |work| {
            stack_pin_init!(let key = Key::new(|bytes| *bytes = work.key));
            stack_pin_init!(let computation = Poly1305::new(&key));
            computation.update(slice::from_raw_parts(work.data.as_ptr(), work.len));
            drop(computation.finish());
        };
    }

    /// A call of the library.
    type Call = unsafe extern "C" fn(*mut c_void);

    /// The call that prepares, and the call that is checked.
    const CALLS: [(&CStr, &[Call], Call); 11] = [
        (c"init", &[], init),
        (c"update", &[init], update),
        (c"a second update", &[init, update], update),
        (c"final", &[init, update], finish),
        (c"mac", &[], whole),
        (c"verify, forged", &[], verify),
        (c"verify", &[whole], verify),
        (c"pin_update", &[init], pin_update),
        (c"pin_mac", &[], pin_mac),
        (c"mac of Rust", &[], rust_mac),
        (c"pieces of Rust", &[], rust_pieces),
    ];

    type Left = lib_poly1305_kunit_left;

    /// The results of three calls, two under one key and one under another; and of the last one.
    struct Calls {
        left: [KBox<Left>; 3],
        now: KBox<Left>,
    }

    impl Calls {
        fn new() -> Result<Self> {
            Ok(Self {
                left: [empty()?, empty()?, empty()?],
                now: empty()?,
            })
        }

        /// Makes the preparing call and the checked call.
        ///
        /// Which of the three it is, and its key, are in memory only, because a difference in
        /// registers could be spilled to the stack.
        #[inline(never)]
        fn make(&mut self, work: &mut Work, before: &[Call], call: Call) {
            work.begin();
            let state = ptr::from_mut(work).cast();
            for call in before {
                // SAFETY: It is what they ask for.
                unsafe { call(state) };
            }
            // SAFETY: A stack is longer than what is looked at; the rest is as above.
            unsafe { bindings::lib_poly1305_kunit_leaves(Some(call), state, &mut *self.now) };
            let [zeroth, first, second] = &mut self.left;
            let to = match work.which {
                0 => zeroth,
                1 => first,
                _ => second,
            };
            // No way to a panic.
            let copy = |to: &mut [u64], from: &[u64]| {
                let words = to.iter_mut().zip(from);
                words.for_each(|(to, from)| *to = *from);
            };
            to.stack = self.now.stack;
            copy(&mut to.general, &self.now.general);
            copy(&mut to.vector, &self.now.vector);
        }

        /// The first word that depends on the key, which only the call `other` was under, and its
        /// number. Words that differ between the calls under one key as well are ignored: a kernel
        /// counts things, for example for lock checks.
        fn difference(&self, other: usize) -> Option<(&'static str, usize)> {
            let mut left = self.left.each_ref();
            left.rotate_left((other + 1) % 3);
            let [first, again, other] = left;
            let place = |part: &'static str, words: fn(&Left, usize) -> Option<u64>| {
                let differs = |at: &usize| {
                    let [first, again, other] = [first, again, other].map(|left| words(left, *at));
                    first == again && first != other
                };
                let number = (0..STACK / 8).find(differs);
                number.map(|at| (part, at))
            };
            place("stack", |left, at| {
                // From the call down.
                let word = left.stack.rchunks_exact(8).nth(at)?;
                Some(u64::from_le_bytes(word.try_into().ok()?))
            })
            .or_else(|| {
                place("general registers", |left, at| {
                    left.general.get(at).copied()
                })
            })
            .or_else(|| place("vector registers", |left, at| left.vector.get(at).copied()))
        }

        /// What depends on the key each time it is looked for.
        ///
        /// A count, the number of a CPU or a flag of the scheduler that changes just for the call
        /// under the other key looks like the key, but not again and again: that is another one of
        /// the three each time, as what changes may do so as regularly as calls are made.
        fn lasting_difference(
            &mut self,
            work: &mut Work,
            before: &[Call],
            call: Call,
        ) -> Option<(&'static str, usize)> {
            let mut found = None;
            for trial in 0..TRIALS {
                work.other = trial % 3;
                // Not unrolled: then registers of the loop could differ for one of the calls only.
                for _ in 0..black_box(3) {
                    self.make(work, before, call);
                }
                found = Some(self.difference(work.other)?);
            }
            found
        }

        /// The bytes of stack that the last call used.
        fn depth(&self) -> usize {
            let used = |byte: &u8| u32::from(*byte) != bindings::LIB_POLY1305_KUNIT_PATTERN;
            STACK - self.now.stack.iter().position(used).unwrap_or(STACK)
        }
    }

    fn text(name: &CStr) -> &str {
        name.to_str().unwrap_or_default()
    }

    /// Checks all calls at all lengths by the active implementation.
    fn by_active() -> Result {
        let mut random = Random::new(340);
        let keys: [[u8; 32]; 2] = [[(); 32]; 2].map(|key| key.map(|()| random.next() as u8));
        let mut data = KVec::from_elem(0, 8512, GFP_KERNEL)?;
        random.fill(&mut data);
        let mut work = KBox::new(
            Work {
                keys,
                which: 2,
                other: 0,
                key: [0; 32],
                tag: [0; 16],
                ctx: MaybeUninit::zeroed(),
                pin: ptr::null_mut(),
                data,
                len: 0,
                equal: false,
            },
            GFP_KERNEL,
        )?;
        let mut calls = Calls::new()?;
        // SAFETY: An FFI call; no name is the active implementation's.
        work.pin = unsafe { bindings::lib_poly1305_get(ptr::null()) };
        let mut result = Ok(());
        let mut deepest = [0; CALLS.len()];
        for len in lengths() {
            work.len = len;
            for ((name, before, call), deepest) in Iterator::zip(CALLS.iter(), &mut deepest) {
                let found = calls.lasting_difference(&mut work, before, *call);
                *deepest = (*deepest).max(calls.depth());
                if result.is_ok() {
                    result = expect(
                        found.is_none(),
                        fmt!("{}, {} bytes: {:?}", text(name), len, found),
                    );
                }
            }
        }
        for ((name, ..), deepest) in Iterator::zip(CALLS.iter(), deepest) {
            pr_info!(
                "stack of {} by {}: {} bytes\n",
                text(name),
                active().text(),
                deepest
            );
            result = result.and_then(|()| expect(deepest <= DEEPEST, fmt!("its stack")));
        }
        // SAFETY: It came from there.
        unsafe { bindings::lib_poly1305_put(work.pin) };
        result
    }

    /// Catches powers in arrays, spilled words, limbs, the right tag of a forged message, and
    /// scratch memory, by each implementation and at all lengths at which one changes its
    /// behaviour.
    #[test]
    fn nothing_is_left() -> Result {
        if other_frames() {
            return Ok(());
        }
        each(by_active)
    }
}
