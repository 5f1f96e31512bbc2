// SPDX-License-Identifier: GPL-2.0

//! Whether tags are right, by the definition in big integers.

#[path = "../../tests/host/big_integers.rs"]
#[allow(dead_code)]
mod big_integers;

use big_integers::definition;

use crate::subject::{Key, Subject, Tag};
use crate::work::{cut, Buffer, Case, Random, Work};

/// Every length up to this one is looked at: more than the blocks that any implementation takes
/// at once, several times.
const LENGTHS: usize = 1100;

/// A message with its right tag.
pub(crate) struct Example {
    key: Key,
    data: Vec<u8>,
    /// The same, for those who take messages in pieces: the length of each.
    cuts: Vec<usize>,
    tag: Tag,
}

/// Examples of every length up to some, and of everything that is measured.
pub(crate) fn examples(whole: &[Case<'_>], pieces: &[Case<'_>]) -> Vec<Example> {
    let mut random = Random(3);
    let buffer = Buffer::new();
    let mut examples = vec![];
    // Carries are rare among random bytes, and go furthest among ones.
    let ones = vec![0xff; LENGTHS];
    for len in 0..=LENGTHS {
        for (key, data) in [
            (random.bytes(), &buffer.message(LENGTHS)[..len]),
            ([0xff; 32], &ones[..len]),
        ] {
            examples.push(Example::new(key, &cut(data, &mut random)));
        }
    }
    for case in whole.iter().chain(pieces) {
        match &case.work {
            Work::Whole(data) => examples.push(Example::new(random.bytes(), &[data])),
            Work::Pieces(cuts) => {
                examples.extend(cuts.iter().map(|cut| Example::new(random.bytes(), cut)));
            }
        }
    }
    examples
}

impl Example {
    fn new(key: Key, pieces: &[&[u8]]) -> Self {
        let data = pieces.concat();
        Self {
            key,
            cuts: pieces.iter().map(|piece| piece.len()).collect(),
            tag: definition(&key, &data),
            data,
        }
    }

    fn pieces(&self) -> Vec<&[u8]> {
        let mut rest = &self.data[..];
        let mut piece = |len: &usize| {
            let (piece, tail) = rest.split_at(*len);
            rest = tail;
            piece
        };
        self.cuts.iter().map(&mut piece).collect()
    }
}

/// Whether all tags of a subject are right.
pub(crate) fn check(subject: &Subject, examples: &[Example]) -> Result<(), String> {
    for example in examples {
        let Example { key, data, tag, .. } = example;
        let wrong = |how: &str| {
            let len = data.len();
            format!(
                "{} computes a wrong tag of {len} bytes {how}, under the key {key:02x?}: do not \
                 use it before that is found",
                subject.name
            )
        };
        if subject.mac(key, data) != *tag {
            return Err(wrong("at once"));
        }
        let in_pieces = subject.mac_pieces(key, &example.pieces());
        if in_pieces.is_some_and(|it| it != *tag) {
            return Err(wrong("in pieces"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::{ours, Origin};

    /// Catches a definition that is not the RFC's: the example of its section 2.5.2.
    #[test]
    fn rfc8439() {
        let key = [
            0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5,
            0x06, 0xa8, 0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf,
            0x41, 0x49, 0xf5, 0x1b,
        ];
        let tag = [
            0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6, 0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01,
            0x27, 0xa9,
        ];
        assert_eq!(definition(&key, b"Cryptographic Forum Research Group"), tag);
    }

    /// Catches a check that lets wrong tags through, or none.
    #[test]
    fn wrong_ones_are_found() {
        let buffer = Buffer::new();
        let examples = examples(&[], &crate::work::pieces(&buffer));
        for subject in ours() {
            assert_eq!(check(&subject, &examples), Ok(()), "{}", subject.name);
        }
        let nearly = |len: usize| {
            move |key: &Key, data: &[u8], _: usize| {
                let mut tag = definition(key, data);
                tag[15] ^= u8::from(data.len() == len);
                tag
            }
        };
        let wrong = Subject::new("wrong", Origin::Peer, false, nearly(1001));
        assert!(check(&wrong, &examples).is_err_and(|why| why.contains("1001 bytes at once")));
        let pieces = |key: &Key, all: &[&[u8]]| definition(key, all.first().unwrap_or(&&[][..]));
        let wrong = Subject::new("wrong", Origin::Peer, false, nearly(9999)).with_pieces(pieces);
        assert!(check(&wrong, &examples).is_err_and(|why| why.contains("in pieces")));
    }
}
