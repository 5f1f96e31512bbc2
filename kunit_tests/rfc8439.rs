// SPDX-License-Identifier: GPL-2.0

//! The RFC's own examples.

use kernel::macros::kunit_tests;

#[kunit_tests(lib_poly1305_rfc8439)]
mod tests {
    use kernel::prelude::*;
    use pin_init::stack_pin_init;

    use crate::lib_poly1305::{mac, Poly1305, Tag};
    use crate::rfc8439_vectors::VECTORS;
    use crate::table::each;
    use crate::{expect, reference};

    /// Catches an interface that computes something else than Poly1305: a wrong byte order, clamp,
    /// padding bit or modulus.
    #[test]
    fn one_shot() -> Result {
        each(|| {
            for v in VECTORS {
                let tag = mac(v.key, v.message);
                expect(tag.as_bytes() == v.tag, fmt!("{}", v.name))?;
            }
            Ok(())
        })
    }

    /// Catches buffering that is wrong for the most common use, a whole message in one update.
    #[test]
    fn incremental() -> Result {
        each(|| {
            for v in VECTORS {
                stack_pin_init!(let computation = Poly1305::new(v.key));
                computation.update(v.message);
                let tag = computation.finish();
                expect(tag.as_bytes() == v.tag, fmt!("{}", v.name))?;
            }
            Ok(())
        })
    }

    /// Catches a wrong reference, with which the other suites would compare in vain.
    #[test]
    fn reference_itself() -> Result {
        for v in VECTORS {
            let tag = reference::mac(v.key, v.message);
            expect(tag == *v.tag, fmt!("{}", v.name))?;
        }
        Ok(())
    }

    /// Catches a verification that accepts a wrong tag, even one that differs in a single bit, or
    /// refuses the right one.
    #[test]
    fn verify() -> Result {
        each(|| {
            for v in VECTORS {
                expect(
                    Tag::new(*v.tag).verify(v.key, v.message),
                    fmt!("{}", v.name),
                )?;
                for bit in 0..128 {
                    let mut wrong = *v.tag;
                    wrong[bit / 8] ^= 1 << (bit % 8);
                    expect(
                        !Tag::new(wrong).verify(v.key, v.message),
                        fmt!("{} bit {}", v.name, bit),
                    )?;
                }
            }
            Ok(())
        })
    }
}
