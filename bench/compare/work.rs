// SPDX-License-Identifier: GPL-2.0

//! What is computed: messages, whole and in pieces.

/// The longest message.
pub(crate) const LONGEST: usize = 65536;

/// In how many ways the message is cut that comes in random pieces: so many that a CPU does not
/// learn all of them by heart.
const CUTS: usize = 64;

/// The longest random piece.
const LONGEST_PIECE: usize = 256;

/// Random numbers, the same ones in each run (SplitMix64 of Steele, Lea and Flood, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next one.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let a = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        b ^ (b >> 31)
    }

    /// One from 1 to `most`.
    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        1 + (self.next() % most as u64) as usize
    }

    /// Bytes.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next() as u8)
    }
}

/// The message: the first of these bytes, from the start of a cache line on.
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
}

impl Buffer {
    const LINE: usize = 64;

    /// Makes it up.
    pub(crate) fn new() -> Self {
        let mut random = Random(1);
        let bytes: Vec<u8> = (0..LONGEST + Self::LINE)
            .map(|_| random.next() as u8)
            .collect();
        let start = bytes.as_ptr().align_offset(Self::LINE).min(Self::LINE);
        Self { bytes, start }
    }

    /// A message of so many bytes, at most [`LONGEST`].
    pub(crate) fn message(&self, len: usize) -> &[u8] {
        &self.bytes[self.start..][..len]
    }
}

/// What is computed.
pub(crate) enum Work<'a> {
    /// A message.
    Whole(&'a [u8]),
    /// A message in pieces, cut in several ways.
    Pieces(Vec<Vec<&'a [u8]>>),
}

/// What is computed, and what to call it.
pub(crate) struct Case<'a> {
    pub(crate) name: String,
    /// Bytes of a message.
    pub(crate) bytes: usize,
    pub(crate) work: Work<'a>,
}

impl Case<'_> {
    /// How many messages are different work.
    pub(crate) fn round(&self) -> usize {
        match &self.work {
            Work::Whole(_) => 1,
            Work::Pieces(cuts) => cuts.len(),
        }
    }
}

/// Whole messages of these lengths.
pub(crate) fn whole<'a>(buffer: &'a Buffer, sizes: &[usize]) -> Vec<Case<'a>> {
    let case = |&bytes: &usize| Case {
        name: bytes.to_string(),
        bytes,
        work: Work::Whole(buffer.message(bytes)),
    };
    sizes.iter().map(case).collect()
}

/// Messages in pieces, as they come in use.
pub(crate) fn pieces(buffer: &Buffer) -> Vec<Case<'_>> {
    let updates = buffer.message(4096).chunks(64).collect();
    let mut random = Random(2);
    let cuts = (0..CUTS)
        .map(|_| cut(buffer.message(1420), &mut random))
        .collect();
    // RFC 8439 section 2.8: the data is filled up to whole blocks.
    let lens = [16, 1420, 4, 16];
    let aead = lens.map(|len| buffer.message(len)).to_vec();
    let case = |name: &str, bytes, cuts| Case {
        name: name.into(),
        bytes,
        work: Work::Pieces(cuts),
    };
    vec![
        case("4096 by updates of 64", 4096, vec![updates]),
        case("1420 in random pieces", 1420, cuts),
        case(
            "AEAD: 16 and 1420 and 4 and 16",
            lens.iter().sum(),
            vec![aead],
        ),
    ]
}

/// A message in random pieces.
pub(crate) fn cut<'a>(message: &'a [u8], random: &mut Random) -> Vec<&'a [u8]> {
    let mut rest = message;
    let mut pieces = vec![];
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(random.up_to(LONGEST_PIECE).min(rest.len()));
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Catches cuts that lose or double bytes.
    #[test]
    fn pieces_are_the_message() {
        let buffer = Buffer::new();
        let mut random = Random(7);
        for len in [0, 1, 17, 1420] {
            let message = buffer.message(len);
            assert_eq!(cut(message, &mut random).concat(), message);
        }
        for case in pieces(&buffer) {
            let Work::Pieces(cuts) = case.work else {
                panic!("{} is whole", case.name);
            };
            assert!(cuts.iter().all(|cut| cut.concat().len() == case.bytes));
        }
    }

    /// Catches a message that is not where it is said to be.
    #[test]
    fn messages_are_aligned() {
        let buffer = Buffer::new();
        assert_eq!(buffer.message(LONGEST).as_ptr().align_offset(64), 0);
        assert_eq!(buffer.message(LONGEST).len(), LONGEST);
    }
}
