// SPDX-License-Identifier: GPL-2.0

//! What callers in Rust leave behind, above all the device.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_device)]
mod tests {
    use core::mem::{size_of, MaybeUninit};
    use core::{ptr, slice};

    use kernel::ffi::c_void;
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{
        lib_poly1305_kunit_leaves, lib_poly1305_kunit_left, LIB_POLY1305_KUNIT_KVEC,
    };
    use crate::expect;
    use crate::lib_poly1305::{mac, Key, Poly1305, Tag};
    use crate::message::Message;
    use crate::pieces::{Iter, Pieces, Target};
    use crate::random::Random;
    use crate::reference;
    use crate::residue::{empty, other_frames};
    use crate::table::each;

    /// A key none of whose words is likely to be elsewhere in memory.
    fn key(random: &mut Random) -> [u8; 32] {
        [(); 32].map(|()| random.next() as u8)
    }

    /// The places in a buffer with eight consecutive bytes of a key, or of its clamped first half
    /// (RFC 8439 section 2.5).
    fn found(memory: &[u8], key: &[u8; 32]) -> Option<usize> {
        let mut clamped = *key;
        for (i, byte) in clamped[..16].iter_mut().enumerate() {
            *byte &= match i % 4 {
                3 => 0x0f,
                0 if i > 0 => 0xfc,
                _ => 0xff,
            };
        }
        let mut parts = Iterator::chain(key.windows(8), clamped[..16].windows(8));
        parts.find_map(|part| memory.windows(8).position(|bytes| part == bytes))
    }

    /// Calls `f(state)`, and returns what it has left. (Registers may contain what the kernel
    /// copied last.)
    fn left_by<S>(
        f: unsafe extern "C" fn(*mut c_void),
        state: &mut S,
    ) -> Result<KBox<lib_poly1305_kunit_left>> {
        let mut left = empty()?;
        // SAFETY: A stack is longer than what is looked at. `f` gets what it asks for.
        unsafe { lib_poly1305_kunit_leaves(Some(f), ptr::from_mut(state).cast(), &mut *left) };
        Ok(left)
    }

    /// What a process passes to the device.
    struct Use<'a> {
        message: KBox<Message>,
        input: Iter<'a>,
        output: Target,
    }

    /// Does what the device does for a write.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Use`] that nobody else has.
    unsafe extern "C" fn write(state: *mut c_void) {
        // SAFETY: By this function's requirements.
        let used = unsafe { &mut *state.cast::<Use<'_>>() };
        let _ = used.message.write(used.input.get(), || false);
    }

    /// Does what the device does for a read.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Use`] that nobody else has.
    unsafe extern "C" fn read(state: *mut c_void) {
        // SAFETY: By this function's requirements.
        let used = unsafe { &mut *state.cast::<Use<'_>>() };
        let _ = used.message.read(used.output.get());
    }

    /// An empty message.
    fn message(chunk: usize) -> Result<KBox<Message>> {
        let chunk = KVec::from_elem(0, chunk, GFP_KERNEL)?;
        // Zeroes, so that all of it can be looked at.
        KBox::init(Message::new(chunk), GFP_KERNEL | __GFP_ZERO)
    }

    /// The key and the message as a process writes them.
    fn written(random: &mut Random, key: &[u8], len: usize) -> Result<Pieces> {
        let mut pieces = Pieces::new(random, &[key.len(), len])?;
        pieces.set_first(key);
        Ok(pieces)
    }

    /// Catches a key or a computation that was moved or copied on the stack.
    #[test]
    fn nothing_on_the_stack() -> Result {
        if other_frames() {
            return Ok(());
        }
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
                    let place = found(&left_by(f, &mut used)?.stack, &key);
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

    /// Does what a module does that has its key and its computation on the stack.
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

    /// Catches a key or a computation on the stack that was not wiped, or was moved.
    #[test]
    fn nothing_of_a_callers_own() -> Result {
        if other_frames() {
            return Ok(());
        }
        let mut key = key(&mut Random::new(41));
        let place = found(&left_by(on_the_stack, &mut key)?.stack, &key);
        expect(place.is_none(), fmt!("{:?}", place))
    }

    /// Catches message bytes or a key that stay in the memory of an open file, or in memory that it
    /// freed.
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
                let kept = there % 32;
                expect(
                    message.key[..kept] == key[..kept]
                        && message.key[kept..].iter().all(|b| *b == 0),
                    fmt!("{} bytes of a key", there),
                )?;
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
