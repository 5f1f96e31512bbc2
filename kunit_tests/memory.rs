// SPDX-License-Identifier: GPL-2.0

//! What the library reads, writes and leaves behind.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_memory)]
mod tests {
    use core::mem::{align_of, size_of, MaybeUninit};
    use core::pin::Pin;
    use core::{ptr, slice};

    use kernel::alloc::flags::__GFP_ZERO;
    use kernel::prelude::*;

    use crate::bindings::{
        lib_poly1305_ctx, lib_poly1305_final, lib_poly1305_init, lib_poly1305_mac,
        lib_poly1305_update,
    };
    use crate::expect;
    use crate::guarded::Guarded;
    use crate::lib_poly1305::{mac, Key, Poly1305};
    use crate::random::Random;
    use crate::reference::{self, Reference};
    use crate::table::each;

    const CTX_SIZE: usize = size_of::<lib_poly1305_ctx>();

    /// Catches a read past the end of a message or of a key, or before its beginning: the pages
    /// there are not mapped, so it is an oops.
    #[test]
    fn reads_stay_inside() -> Result {
        each(|| {
            let mut random = Random::new(6);
            let (mut data, mut copy) = (Guarded::new(2)?, Guarded::new(2)?);
            let mut keys = Guarded::new(1)?;
            random.fill(data.as_slice());
            let raw_key = random.key();
            keys.first(32).copy_from_slice(&raw_key);
            keys.last(32).copy_from_slice(&raw_key);
            let mut blocks = Reference::new(&raw_key);
            // Beyond the first chunk, and the shortest run that has a workspace after it.
            for len in 0..4500 {
                let rest = len % 16;
                let expected = blocks
                    .clone()
                    .absorb_all(&data.first(len)[len - rest..])
                    .tag();
                let mut tag = [0; 16];
                let (key, message) = (keys.first(32).as_ptr(), data.first(len).as_ptr());
                // SAFETY: `tag`, `key` and `message` are as long as the library is told.
                unsafe { lib_poly1305_mac(tag.as_mut_ptr(), key, message, len) };
                expect(tag == expected, fmt!("{} bytes after a guard page", len))?;

                copy.last(len).copy_from_slice(data.first(len));
                let (key, message) = (keys.last(32).as_ptr(), copy.last(len).as_ptr());
                tag = [0; 16];
                // SAFETY: `tag`, `key` and `message` are as long as the library is told.
                unsafe { lib_poly1305_mac(tag.as_mut_ptr(), key, message, len) };
                expect(tag == expected, fmt!("{} bytes before a guard page", len))?;
                if rest == 15 {
                    blocks.absorb(&data.first(len + 1)[len - rest..]);
                }
            }
            Ok(())
        })
    }

    /// Lengths of messages where something else happens to contexts: of up to a few blocks, and where
    /// powers are kept, also over several calls.
    fn lengths() -> impl Iterator<Item = usize> {
        Iterator::chain(0..100, [319, 320, 700, 2100, 5000])
    }

    /// Catches a write past either end of a context or of a tag, and a read past the end of a piece.
    #[test]
    fn writes_stay_inside() -> Result {
        each(|| {
            let mut random = Random::new(7);
            let (mut contexts, mut tags) = (Guarded::new(1)?, Guarded::new(1)?);
            let mut data = Guarded::new(2)?;
            random.fill(data.as_slice());
            let raw_key = random.key();
            for len in lengths() {
                let message = data.last(len);
                let expected = reference::mac(&raw_key, message);
                let pieces = message.split_at(len / 3);
                for at_start in [true, false] {
                    let (ctx, tag) = if at_start {
                        (contexts.first(CTX_SIZE), tags.first(16))
                    } else {
                        (contexts.last(CTX_SIZE), tags.last(16))
                    };
                    let ctx = ctx.as_mut_ptr().cast::<lib_poly1305_ctx>();
                    expect(ctx.is_aligned(), fmt!("a context of {} bytes", CTX_SIZE))?;
                    // SAFETY: `ctx` and `tag` are aligned and as large as the library is told.
                    unsafe {
                        lib_poly1305_init(ctx, raw_key.as_ptr());
                        lib_poly1305_update(ctx, pieces.0.as_ptr(), pieces.0.len());
                        lib_poly1305_update(ctx, pieces.1.as_ptr(), pieces.1.len());
                        lib_poly1305_final(ctx, tag.as_mut_ptr());
                    }
                    expect(tag == expected, fmt!("length {}", len))?;
                }
            }
            Ok(())
        })
    }

    /// Catches stores to a tag that need alignment, and bytes next to it that change.
    #[test]
    fn tag_alignment() -> Result {
        each(|| {
            let mut random = Random::new(8);
            let raw_key = random.key();
            let data = [0x5a; 33];
            let expected = reference::mac(&raw_key, &data);
            for offset in 0..64 {
                let mut place = [0xee; 96];
                let tag = place[offset..].as_mut_ptr();
                // SAFETY: There are at least 16 bytes behind every offset.
                unsafe { lib_poly1305_mac(tag, raw_key.as_ptr(), data.as_ptr(), data.len()) };
                let (before, rest) = place.split_at(offset);
                let (tag, after) = rest.split_at(16);
                expect(tag == expected, fmt!("offset {}", offset))?;
                expect(
                    [before, after]
                        .iter()
                        .all(|part| part.iter().all(|b| *b == 0xee)),
                    fmt!("bytes around offset {}", offset),
                )?;
            }
            Ok(())
        })
    }

    /// Catches a tag that is written before the whole message and key were read.
    #[test]
    fn tag_over_message_and_key() -> Result {
        each(|| {
            let mut random = Random::new(9);
            for len in [16, 17, 31, 32, 64, 100, 200] {
                for offset in 0..=len - 16 {
                    let raw_key = random.key();
                    let mut data = [0; 200];
                    random.fill(&mut data[..len]);
                    let expected = reference::mac(&raw_key, &data[..len]);
                    let message = data.as_mut_ptr();
                    // SAFETY: The tag lies inside `data`, which the interface allows.
                    unsafe {
                        lib_poly1305_mac(message.add(offset), raw_key.as_ptr(), message, len)
                    };
                    expect(
                        data[offset..offset + 16] == expected,
                        fmt!("tag at {} of {}", offset, len),
                    )?;
                }
            }
            for offset in 0..=16 {
                let mut raw_key = random.key();
                let expected = reference::mac(&raw_key, b"message");
                let key = raw_key.as_mut_ptr();
                // SAFETY: The tag lies inside the key, which the interface allows.
                unsafe { lib_poly1305_mac(key.add(offset), key, b"message".as_ptr(), 7) };
                expect(
                    raw_key[offset..offset + 16] == expected,
                    fmt!("tag at {} of the key", offset),
                )?;
            }
            Ok(())
        })
    }

    /// Catches the same for long messages, and a computation that reads bytes again after the call that
    /// they were passed to.
    #[test]
    fn tag_over_long_message() -> Result {
        each(|| {
            let mut random = Random::new(16);
            let mut data = KVec::from_elem(0, 5000, GFP_KERNEL)?;
            for len in [320, 512, 1040, 2100, 4096, 5000] {
                for offset in [0, 1, len / 2, len - 16] {
                    let raw_key = random.key();
                    random.fill(&mut data);
                    let expected = reference::mac(&raw_key, &data[..len]);
                    let mut ctx = MaybeUninit::uninit();
                    let mut tag = [0; 16];
                    let message = data.as_mut_ptr();
                    // SAFETY: The tag lies inside `data`, which the interface allows, and `ctx` is as
                    // large as the library is told.
                    unsafe {
                        lib_poly1305_init(ctx.as_mut_ptr(), raw_key.as_ptr());
                        lib_poly1305_update(ctx.as_mut_ptr(), message, len);
                        lib_poly1305_mac(message.add(offset), raw_key.as_ptr(), message, len);
                    }
                    let right = data[offset..offset + 16] == expected;
                    data.fill(0x5a);
                    // SAFETY: As above.
                    unsafe { lib_poly1305_final(ctx.as_mut_ptr(), tag.as_mut_ptr()) };
                    expect(
                        right && tag == expected,
                        fmt!("tag at {} of {}", offset, len),
                    )?;
                }
            }
            Ok(())
        })
    }

    /// Catches a wipe of the context that comes after the tag was written into it.
    #[test]
    fn tag_in_the_context() -> Result {
        each(|| {
            let raw_key = Random::new(10).key();
            let mut ctx = MaybeUninit::<lib_poly1305_ctx>::zeroed();
            let tag = ctx.as_mut_ptr().cast::<u8>();
            // SAFETY: The tag lies inside the context, which the interface allows.
            let tag = unsafe {
                lib_poly1305_init(ctx.as_mut_ptr(), raw_key.as_ptr());
                lib_poly1305_update(ctx.as_mut_ptr(), b"message".as_ptr(), 7);
                lib_poly1305_final(ctx.as_mut_ptr(), tag);
                *tag.cast::<[u8; 16]>()
            };
            let expected = reference::mac(&raw_key, b"message");
            expect(tag == expected, fmt!("a tag in its context"))
        })
    }

    /// Catches a pointer that is dereferenced although there are no bytes to read.
    #[test]
    fn null_for_no_bytes() -> Result {
        each(|| {
            let raw_key = Random::new(11).key();
            let mut tag = [0; 16];
            // SAFETY: NULL is allowed where the length is 0.
            unsafe { lib_poly1305_mac(tag.as_mut_ptr(), raw_key.as_ptr(), ptr::null(), 0) };
            let expected = reference::mac(&raw_key, &[]);
            expect(tag == expected, fmt!("no message"))?;

            let mut ctx = MaybeUninit::uninit();
            // SAFETY: NULL is allowed where the length is 0.
            unsafe {
                lib_poly1305_init(ctx.as_mut_ptr(), raw_key.as_ptr());
                lib_poly1305_update(ctx.as_mut_ptr(), ptr::null(), 0);
                lib_poly1305_update(ctx.as_mut_ptr(), b"message".as_ptr(), 7);
                lib_poly1305_update(ctx.as_mut_ptr(), ptr::null(), 0);
                lib_poly1305_final(ctx.as_mut_ptr(), tag.as_mut_ptr());
            }
            let expected = reference::mac(&raw_key, b"message");
            expect(tag == expected, fmt!("updates without bytes"))
        })
    }

    /// The bytes of a value that is not used any more.
    fn bytes_of<T>(value: &MaybeUninit<T>) -> &[u8] {
        // SAFETY: The tests below have written all bytes: no type there has padding.
        unsafe { slice::from_raw_parts(value.as_ptr().cast(), size_of::<T>()) }
    }

    /// Catches key bytes left behind by `final`, and a wipe that the compiler removes because
    /// nothing reads the context afterwards.
    #[test]
    fn final_wipes() -> Result {
        each(|| {
            let raw_key = [0xa5; 32];
            let data = KVec::from_elem(0x5a, 5000, GFP_KERNEL)?;
            for len in lengths() {
                // Powers that there are none of are not written.
                let mut ctx = MaybeUninit::<lib_poly1305_ctx>::zeroed();
                let mut tag = [0; 16];
                // SAFETY: All pointers are to what the library is told.
                unsafe {
                    lib_poly1305_init(ctx.as_mut_ptr(), raw_key.as_ptr());
                    lib_poly1305_update(ctx.as_mut_ptr(), data.as_ptr(), len);
                }
                expect(
                    bytes_of(&ctx).iter().any(|b| *b != 0),
                    fmt!("the context is in use"),
                )?;
                // SAFETY: All pointers are to what the library is told.
                unsafe { lib_poly1305_final(ctx.as_mut_ptr(), tag.as_mut_ptr()) };
                expect(
                    bytes_of(&ctx).iter().all(|b| *b == 0),
                    fmt!("{} bytes", len),
                )?;
            }
            Ok(())
        })
    }

    /// Drops a value, and returns whether its memory is all zeroes afterwards.
    fn leaves_nothing<T>(value: KBox<T>) -> bool {
        let place = KBox::into_raw(value);
        // SAFETY: The value is there, and is dropped once, here.
        unsafe { ptr::drop_in_place(place) };
        // SAFETY: The pointer came from a box of this layout, which has no value any more.
        let place = unsafe { KBox::from_raw(place.cast::<MaybeUninit<T>>()) };
        bytes_of(&place).iter().all(|b| *b == 0)
    }

    /// Catches a Rust computation, key or tag that is dropped without being wiped; also powers of
    /// `r`, which a long message has, and copies.
    #[test]
    fn drop_wipes() -> Result {
        each(|| {
            let key = KBox::init(Key::new(|bytes| bytes.fill(0xa5)), GFP_KERNEL)?;
            let data = [0x5a; 600];
            let mut computation = KBox::init(Poly1305::new(&key), GFP_KERNEL)?;
            computation.update(&data);
            let mut copy = KBox::init(computation.copy(), GFP_KERNEL)?;
            copy.update(&data[..35]);
            let tag = KBox::new(mac(&key, &data), GFP_KERNEL)?;
            expect(leaves_nothing(key), fmt!("a key"))?;
            expect(leaves_nothing(computation), fmt!("a computation"))?;
            expect(leaves_nothing(copy), fmt!("a copy"))?;
            expect(leaves_nothing(tag), fmt!("a tag"))
        })
    }

    /// Catches a computation that was restarted and keeps something of the one before, and one that
    /// was finished and leaves something.
    #[test]
    fn places_are_used_again() -> Result {
        each(|| {
            let mut random = Random::new(15);
            let mut data = [0; 700];
            random.fill(&mut data);
            let mut computation =
                KBox::init(Poly1305::new(&random.key()), GFP_KERNEL | __GFP_ZERO)?;
            for len in [0, 1, 16, 35, 350, 700] {
                let key = random.key();
                computation.restart(&key);
                computation.update(&data[..len]);
                let expected = reference::mac(&key, &data[..len]);
                if len % 2 == 1 {
                    continue;
                }
                let tag = Pin::new(&mut *computation).finish();
                expect(*tag.as_bytes() == expected, fmt!("length {}", len))?;
                let place = ptr::from_ref(&*computation).cast::<MaybeUninit<Poly1305>>();
                // SAFETY: The computation is there, and its context is all written.
                let left = bytes_of(unsafe { &*place }).iter().any(|b| *b != 0);
                expect(!left, fmt!("what {} bytes leave", len))?;
            }
            Ok(())
        })
    }

    /// Catches a context that has outgrown the kernel's own, which callers of the drop-in have room
    /// for: 280 bytes for `struct poly1305_desc_ctx` on arm64, 328 on x86-64.
    #[test]
    fn context_fits() {
        assert!(CTX_SIZE <= 280);
        assert!(align_of::<lib_poly1305_ctx>() <= 8);
    }
}
