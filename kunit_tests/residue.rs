// SPDX-License-Identifier: GPL-2.0

//! What calls of the library leave behind that depends on the key.
//!
//! Each call is made twice under one key and once under another, with everything else as before, also the places of all memory.
//! What differs on the stack below afterwards depends on the key: there is no list of values that
//! must not be there.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_residue)]
mod tests {
    use core::mem::MaybeUninit;
    use core::ptr;

    use kernel::ffi::c_void;
    use kernel::prelude::*;

    use crate::bindings::{self, lib_poly1305_ctx, lib_poly1305_pin};
    use crate::expect;
    use crate::random::Random;
    use crate::table::each;

    /// How much of the stack is looked at.
    const STACK: usize = 6144;

    /// Bytes of messages: every number of blocks up to a packet's, and beyond it where something
    /// changes, and a few bytes less.
    fn lengths() -> impl Iterator<Item = usize> {
        let around = [2032, 2048, 2112, 3056, 3072, 4080, 8192, 8512];
        // Named in full, as values that are initialized can be chained, too.
        let packets = Iterator::chain((1..=89).map(|blocks| 16 * blocks), around);
        let more = (0..=20).map(|blocks| 4096 + 16 * blocks);
        Iterator::chain(packets, more).flat_map(|len| [len - 3, len])
    }

    /// What a call works on: all of it stays where it is.
    struct Work {
        keys: [[u8; 32]; 2],
        which: usize,
        key: [u8; 32],
        tag: [u8; 16],
        ctx: MaybeUninit<lib_poly1305_ctx>,
        pin: *mut lib_poly1305_pin,
        data: KVec<u8>,
        len: usize,
        equal: bool,
    }

    /// The parts of [`Work`] as C functions take them.
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
        mac: |work| bindings::lib_poly1305_mac(
            work.tag.as_mut_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
        verify: |work| work.equal = bindings::lib_poly1305_verify(
            work.tag.as_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
        pin_update: |work| bindings::lib_poly1305_pin_update(
            work.pin, work.ctx.as_mut_ptr(), work.data.as_ptr(), work.len);
        pin_mac: |work| bindings::lib_poly1305_pin_mac(
            work.pin, work.tag.as_mut_ptr(), work.key.as_ptr(), work.data.as_ptr(), work.len);
    }

    /// A call of the library.
    type Call = unsafe extern "C" fn(*mut c_void);

    /// What is called: before, and then what is looked at.
    const CALLS: [(&CStr, &[Call], Call); 9] = [
        (c"init", &[], init),
        (c"update", &[init], update),
        (c"a second update", &[init, update], update),
        (c"final", &[init, update], finish),
        (c"mac", &[], mac),
        (c"verify, forged", &[], verify),
        (c"verify", &[mac], verify),
        (c"pin_update", &[init], pin_update),
        (c"pin_mac", &[], pin_mac),
    ];

    /// Three stacks, after two calls under one key and one under another, and the one that is filled.
    struct Stacks([KVec<u8>; 4]);

    impl Stacks {
        fn new() -> Result<Self> {
            Ok(Self([
                KVec::from_elem(0, STACK, GFP_KERNEL)?,
                KVec::from_elem(0, STACK, GFP_KERNEL)?,
                KVec::from_elem(0, STACK, GFP_KERNEL)?,
                KVec::from_elem(0, STACK, GFP_KERNEL)?,
            ]))
        }

        /// Makes the calls, and fills a stack.
        ///
        /// Which one, and under which key, is in memory: what differs in registers would be found on
        /// the stack.
        #[inline(never)]
        fn fill(&mut self, work: &mut Work, before: &[Call], call: Call) {
            work.which = (work.which + 1) % 3;
            work.key = work.keys[work.which / 2];
            work.tag = [0; 16];
            let state = ptr::from_mut(work).cast();
            for call in before {
                // SAFETY: It is what they ask for.
                unsafe { call(state) };
            }
            let left = self.0[3].as_mut_ptr();
            // SAFETY: `left` is as long as it says, and a stack is longer; the rest is as above.
            unsafe { bindings::lib_poly1305_kunit_leaves(Some(call), state, left, STACK) };
            let [first, again, other, left] = &mut self.0;
            let to = match work.which {
                0 => first,
                1 => again,
                _ => other,
            };
            // No way to a panic.
            to.iter_mut()
                .zip(left.iter())
                .for_each(|(to, from)| *to = *from);
        }

        /// Where the key makes a difference, in bytes down from the call. What differs under one key
        /// as well is something that a kernel counts, such as for its checks of locks.
        fn difference(&self) -> Option<usize> {
            let [first, again, other, _] = self.0.each_ref().map(|stack| stack.chunks_exact(8));
            let mut words = Iterator::zip(first.zip(again), other);
            let place = words.position(|((a, b), other)| a == b && a != other);
            place.map(|at| STACK - 8 * at)
        }
    }

    /// All calls at all lengths by the active implementation.
    fn by_active() -> Result {
        let mut random = Random::new(340);
        let keys: [[u8; 32]; 2] = [[(); 32]; 2].map(|key| key.map(|()| random.next() as u8));
        let mut data = KVec::from_elem(0, 8512, GFP_KERNEL)?;
        random.fill(&mut data);
        let mut work = KBox::new(
            Work {
                keys,
                which: 2,
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
        let mut stacks = Stacks::new()?;
        // SAFETY: An FFI call; no name is the active implementation's.
        work.pin = unsafe { bindings::lib_poly1305_get(ptr::null()) };
        let mut result = Ok(());
        for len in lengths() {
            work.len = len;
            for (name, before, call) in CALLS {
                for _ in 0..3 {
                    stacks.fill(&mut work, before, call);
                }
                let place = stacks.difference();
                if result.is_ok() {
                    let name = name.to_str().unwrap_or_default();
                    result = expect(
                        place.is_none(),
                        fmt!("{}, {} bytes: the stack - {:?}", name, len, place),
                    );
                }
            }
        }
        // SAFETY: It came from there.
        unsafe { bindings::lib_poly1305_put(work.pin) };
        result
    }

    /// Catches powers in arrays, spilled words, limbs, the right tag of a forged message, and the
    /// memory that implementations were lent, by each implementation and at all lengths at which
    /// one does something else.
    #[test]
    fn nothing_on_the_stack() -> Result {
        // With KASAN all frames are others.
        if cfg!(CONFIG_KASAN) {
            return Ok(());
        }
        each(by_active)
    }
}
