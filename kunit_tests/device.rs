// SPDX-License-Identifier: GPL-2.0

//! What a caller in Rust leaves behind, first of all the device.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_device)]
mod tests {
    use core::mem::{size_of, MaybeUninit};
    use core::{ptr, slice};

    use kernel::ffi::c_void;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{lib_poly1305_kunit_leaves, LIB_POLY1305_KUNIT_KVEC};
    use crate::expect;
    use crate::lib_poly1305::{mac, Key, Poly1305, Tag};
    use crate::message::Message;
    use crate::pieces::{Iter, Pieces, Target};
    use crate::random::Random;
    use crate::reference;
    use crate::table::each;

    /// How much of the stack is looked at.
    const STACK: usize = 6144;

    /// A key of which no eight bytes are likely to be elsewhere, and none that has the clamp's bits
    /// clear: the clamped half is the library's own, whose stack other tests look at.
    fn key(random: &mut Random) -> [u8; 32] {
        let mut key = [0; 32];
        key.fill_with(|| random.next() as u8);
        for place in [3, 7, 11, 15] {
            key[place] |= 0xf0;
        }
        for place in [4, 8, 12] {
            key[place] |= 0x03;
        }
        key
    }

    /// Where in some memory eight bytes of a key's first half are that follow each other.
    fn found(memory: &[u8], key: &[u8; 32]) -> Option<usize> {
        memory
            .windows(8)
            .position(|bytes| key[..16].windows(8).any(|part| part == bytes))
    }

    /// Calls `f(state)`, and returns the stack below.
    fn stack_after<S>(f: unsafe extern "C" fn(*mut c_void), state: &mut S) -> Result<KVec<u8>> {
        let mut left = KVec::from_elem(0, STACK, GFP_KERNEL)?;
        let state = ptr::from_mut(state).cast();
        // SAFETY: `left` is as long as it says, and a stack is longer. `f` gets what it asks for.
        unsafe { lib_poly1305_kunit_leaves(Some(f), state, left.as_mut_ptr(), STACK) };
        Ok(left)
    }

    /// What a process does with the device.
    struct Use<'a> {
        message: KBox<Message>,
        input: Iter<'a>,
        output: Target,
    }

    /// What the device does for a write.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Use`] that nobody else has.
    unsafe extern "C" fn write(state: *mut c_void) {
        // SAFETY: By this function's requirements.
        let used = unsafe { &mut *state.cast::<Use<'_>>() };
        let _ = used.message.write(used.input.get(), || false);
    }

    /// What the device does for a read.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Use`] that nobody else has.
    unsafe extern "C" fn read(state: *mut c_void) {
        // SAFETY: By this function's requirements.
        let used = unsafe { &mut *state.cast::<Use<'_>>() };
        let _ = used.message.read(used.output.get());
    }

    /// A message of which nothing is there.
    fn message(chunk: usize) -> Result<KBox<Message>> {
        let chunk = KVec::from_elem(0, chunk, GFP_KERNEL)?;
        // Zeroes, so that all of it can be looked at.
        KBox::init(Message::new(chunk), GFP_KERNEL | __GFP_ZERO)
    }

    /// The key and the bytes of a message, as a process writes them.
    fn written(random: &mut Random, key: &[u8], len: usize) -> Result<Pieces> {
        let mut pieces = Pieces::new(random, &[key.len(), len])?;
        pieces.set_first(key);
        Ok(pieces)
    }

    /// Catches a key, or a computation, that was moved on the stack, or copied there.
    #[test]
    fn nothing_on_the_stack() -> Result {
        each(|| {
            let mut random = Random::new(40);
            for len in [0, 5, 16, 100, 400, 3000] {
                let key = key(&mut random);
                let pieces = written(&mut random, &key, len)?;
                let mut used = Use {
                    message: message(1000)?,
                    input: pieces.iter(LIB_POLY1305_KUNIT_KVEC, 32 + len)?,
                    output: Target::new(16)?,
                };
                // One after the other: a later call lies where an earlier one has left something.
                for f in [write, read] as [unsafe extern "C" fn(*mut c_void); 2] {
                    let place = found(&stack_after(f, &mut used)?, &key);
                    expect(place.is_none(), fmt!("{} bytes, {:?}", len, place))?;
                }
                expect(
                    *used.output.bytes() == reference::mac(&key, &pieces.flat[32..]),
                    fmt!("the tag of {} bytes", len),
                )?;
            }
            Ok(())
        })
    }

    /// What a module does that has its own key and computation on its stack.
    ///
    /// # Safety
    ///
    /// `state` must point to the bytes of a key.
    unsafe extern "C" fn on_the_stack(state: *mut c_void) {
        // SAFETY: By this function's requirements.
        let from = unsafe { &*state.cast::<[u8; 32]>() };
        stack_pin_init!(let key = Key::new(|bytes| bytes.copy_from_slice(from)));
        stack_pin_init!(let computation = Poly1305::new(&key));
        computation.update(&[0x5a; 35]);
        stack_pin_init!(let copy = computation.copy());
        let _ = copy.finish();
        let tag = computation.finish();
        if !Tag::new(*tag.as_bytes()).verify(&key, &[0x5a; 35]) {
            pr_err!("wrong tag\n");
        }
        let _ = mac(&key, &[0x5a; 35]);
    }

    /// Catches a key or a computation on the stack that is not wiped, or was moved before.
    #[test]
    fn nothing_of_a_callers_own() -> Result {
        let mut key = key(&mut Random::new(41));
        let left = stack_after(on_the_stack, &mut key)?;
        expect(
            found(&left, &key).is_none(),
            fmt!("{:?}", found(&left, &key)),
        )
    }

    /// Catches message bytes, or a key, that stay in an open file's memory, or in what it had.
    #[test]
    fn nothing_in_memory() -> Result {
        let mut random = Random::new(42);
        let key = key(&mut random);
        for there in [1, 8, 31, 32] {
            for len in [0, 10, 2500] {
                let len = if there == 32 { len } else { 0 };
                let mut message = message(1000)?;
                let pieces = written(&mut random, &key[..there], len)?;
                let mut input = pieces.iter(LIB_POLY1305_KUNIT_KVEC, there + len)?;
                message.write(input.get(), || false)?;
                expect(
                    message.chunk.iter().all(|b| *b == 0),
                    fmt!("{} and {} bytes", there, len),
                )?;
                let kept = message.key.iter().zip(&key).take_while(|(a, b)| a == b);
                expect(kept.count() == there % 32, fmt!("{} bytes of a key", there))?;
                let place = KBox::into_raw(message);
                // SAFETY: The value is there, and is dropped once, here.
                unsafe { ptr::drop_in_place(place) };
                // SAFETY: The memory is still there, and was all zeroes before.
                let left = unsafe { slice::from_raw_parts(place.cast(), size_of::<Message>()) };
                let place_of_it = found(left, &key);
                // SAFETY: The pointer came from a box of this layout, which has no value any more.
                drop(unsafe { KBox::from_raw(place.cast::<MaybeUninit<Message>>()) });
                expect(place_of_it.is_none(), fmt!("{:?} of a file", place_of_it))?;
            }
        }
        Ok(())
    }
}
