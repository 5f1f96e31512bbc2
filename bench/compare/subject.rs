// SPDX-License-Identifier: GPL-2.0

//! Something that computes tags.

use std::hint::black_box;

use crate::work::Work;

/// A one-time key.
pub(crate) type Key = [u8; 32];

/// A tag.
pub(crate) type Tag = [u8; 16];

/// The tag of a whole message: into the first, under the second, of as many bytes as are said.
pub(crate) type Mac = unsafe extern "C" fn(*mut Tag, *const Key, *const u8, usize);

/// Computes the tag of a message so many times.
type Whole = dyn Fn(&Key, &[u8], usize) -> Tag;

/// Computes the tag of a message in pieces.
type Pieces = dyn Fn(&Key, &[&[u8]]) -> Tag;

/// Whose it is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Origin {
    Ours,
    Kernel,
    Peer,
}

/// Something that computes tags.
///
/// A batch of calls is one call here, so that what is between us and foreign code is the same for
/// all: a call by a pointer.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) origin: Origin,
    /// Whether it uses 512-bit registers, which some CPUs lower their clock for.
    pub(crate) wide: bool,
    whole: Box<Whole>,
    pieces: Option<Box<Pieces>>,
}

impl Subject {
    /// Something that is not incremental.
    pub(crate) fn new(
        name: &'static str,
        origin: Origin,
        wide: bool,
        whole: impl Fn(&Key, &[u8], usize) -> Tag + 'static,
    ) -> Self {
        Self {
            name,
            origin,
            wide,
            whole: Box::new(whole),
            pieces: None,
        }
    }

    /// The same, which is incremental.
    pub(crate) fn with_pieces(self, pieces: impl Fn(&Key, &[&[u8]]) -> Tag + 'static) -> Self {
        Self {
            pieces: Some(Box::new(pieces)),
            ..self
        }
    }

    /// Whether it takes messages in pieces.
    pub(crate) fn is_incremental(&self) -> bool {
        self.pieces.is_some()
    }

    /// The tag of a whole message.
    pub(crate) fn mac(&self, key: &Key, data: &[u8]) -> Tag {
        (self.whole)(key, data, 1)
    }

    /// The tag of a message in pieces, if it takes them.
    pub(crate) fn mac_pieces(&self, key: &Key, pieces: &[&[u8]]) -> Option<Tag> {
        self.pieces.as_ref().map(|mac| mac(key, pieces))
    }

    /// Computes `count` tags. Of messages in pieces, the cuts take turns.
    pub(crate) fn run(&self, key: &Key, work: &Work<'_>, count: usize) {
        match (work, &self.pieces) {
            (Work::Whole(data), _) => {
                black_box((self.whole)(key, data, count));
            }
            (Work::Pieces(cuts), Some(mac)) => {
                for cut in cuts.iter().cycle().take(count) {
                    black_box(mac(key, cut));
                }
            }
            (Work::Pieces(_), None) => {}
        }
    }
}

/// A batch of calls in C.
///
/// # Safety
///
/// `mac` must be callable with pointers to a tag, a key, and as many bytes as are said.
pub(crate) unsafe fn batch(mac: Mac) -> impl Fn(&Key, &[u8], usize) -> Tag {
    move |key, data, count| {
        let mut tag = [0; 16];
        for _ in 0..count {
            // SAFETY: As the caller promises; all pointers come from references that are live.
            unsafe { mac(&mut tag, key, data.as_ptr(), data.len()) };
        }
        tag
    }
}

/// Our implementations that this CPU can run.
pub(crate) fn ours() -> Vec<Subject> {
    let all = lib_poly1305_bench::available().into_iter();
    all.map(|it| {
        // SAFETY: The crate promises what `batch` asks for.
        let whole = unsafe { batch(it.mac) };
        Subject::new(it.name, Origin::Ours, it.registers == "zmm", whole).with_pieces(it.pieces)
    })
    .collect()
}
