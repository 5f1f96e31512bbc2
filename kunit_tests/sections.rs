// SPDX-License-Identifier: GPL-2.0

//! Callers inside their own section with vector registers.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_sections)]
mod tests {
    use core::hint::black_box;
    use core::mem::size_of_val;
    use core::{ptr, slice};

    use kernel::ffi::{c_int, c_void};
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::bindings::{
        self, lib_poly1305_kunit_in_section, lib_poly1305_kunit_run_in_contexts,
    };
    use crate::expect;
    use crate::lib_poly1305::{mac, Pinned, Poly1305, KEY_SIZE};
    use crate::random::Random;
    use crate::reference;
    use crate::table::each;

    /// A length for which every implementation with vector code uses it.
    const LEN: usize = 1500;

    /// The number of calls in all contexts.
    const CALLS: c_int = 3_000;

    /// A message, its tag, and the implementation that is tested.
    struct Message {
        key: [u8; KEY_SIZE],
        data: [u8; LEN],
        tag: [u8; 16],
        pin: Pinned,
    }

    /// Computes the tag by each function for callers.
    ///
    /// # Safety
    ///
    /// `state` must point to a [`Message`] that lives until this returns.
    unsafe extern "C" fn tags(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements.
        let message = unsafe { &*state.cast::<Message>() };
        let (key, data) = (&message.key, &message.data);
        stack_pin_init!(let computation = Poly1305::new(key));
        computation.update(&data[..600]);
        message.pin.update(&mut computation, &data[600..]);
        let whole = [mac(key, data), message.pin.mac(key, data)];
        *computation.finish().as_bytes() == message.tag
            && whole.iter().all(|tag| *tag.as_bytes() == message.tag)
    }

    /// The same inside a section.
    ///
    /// # Safety
    ///
    /// As [`tags`].
    unsafe extern "C" fn tags_in_section(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements; `tags` does not sleep.
        unsafe { lib_poly1305_kunit_in_section(Some(tags), state) }
    }

    /// Catches a section inside the caller's. On arm64 it stops the kernel in a task; and in
    /// softirq, whose sections the kernel does not record, it would lose the caller's registers.
    #[test]
    fn in_the_callers_section() -> Result {
        each(|| {
            let mut random = Random::new(14);
            let key = random.key();
            let mut message = KBox::new(
                Message {
                    key,
                    data: [0; LEN],
                    tag: [0; 16],
                    pin: Pinned::get(None)?,
                },
                GFP_KERNEL,
            )?;
            random.fill(&mut message.data);
            message.tag = reference::mac(&key, &message.data);
            let state = ptr::from_ref(&*message).cast_mut().cast();
            // SAFETY: The message lives until the helper returns.
            let right = unsafe { tags_in_section(state) };
            // Not an assertion, which would keep the pin.
            expect(right, fmt!("in a task"))?;
            // SAFETY: No call is left when the helper returns.
            unsafe { lib_poly1305_kunit_run_in_contexts(Some(tags_in_section), CALLS, state) };
            Ok(())
        })
    }

    /// The word that messages of tasks consist of, and that of other messages.
    const TASK: u64 = 0x5e1f_ca5e_0dd5_1eb2;
    const OTHER: u64 = 0x0bad_cab1_e5ea_50fe;

    /// A number of consecutive words that is larger than the general registers, which every
    /// function may save on the stack, and smaller than the vector registers.
    const VECTORS: u32 = 5;

    /// Computes a tag. In softirq, checks whether it has left words of a task's message on its
    /// stack.
    ///
    /// # Safety
    ///
    /// `state` must point to two messages, for tasks and for others, that live until this returns.
    unsafe extern "C" fn tag_or_look(state: *mut c_void) -> bool {
        // SAFETY: By this function's requirements.
        let messages = unsafe { &*state.cast::<[[u64; LEN / 8]; 2]>() };
        // SAFETY: FFI calls without requirements.
        let context = unsafe { bindings::lib_poly1305_kunit_context() };
        let words = &messages[usize::from(context != 0)];
        // SAFETY: Words are as many bytes as there are.
        let data = unsafe { slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) };
        // SAFETY: An FFI call without requirements.
        unsafe { bindings::lib_poly1305_kunit_clear_below() };
        black_box(mac(&[7; KEY_SIZE], data));
        // SAFETY: As above.
        context != 1 || unsafe { bindings::lib_poly1305_kunit_run_below(TASK) } < VECTORS
    }

    /// Catches registers of the interrupted code that stay on the stack after the section.
    #[test]
    fn kept_registers_are_wiped() -> Result {
        each(|| {
            let messages = KBox::new([[TASK; LEN / 8], [OTHER; LEN / 8]], GFP_KERNEL)?;
            let state = ptr::from_ref(&*messages).cast_mut().cast();
            // SAFETY: No call is left when the helper returns, until when the messages live.
            unsafe { lib_poly1305_kunit_run_in_contexts(Some(tag_or_look), 8 * CALLS, state) };
            Ok(())
        })
    }
}
