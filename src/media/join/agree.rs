//! Whether videos agree in what cannot differ within one video.

use std::fmt;

use sha2::{Digest, Sha256};

use super::entry::{PictureEntry, SoundEntry, four};
use super::part::{Head, Part};

/// In what two videos differ, as a phrase about each: `is 864x496` and `is 1280x720`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub first: String,
    pub second: String,
}

/// The first video that differs from the first one, each by its number, and in what.
pub(super) fn first_difference(parts: &[Part]) -> Option<(usize, usize, Difference)> {
    let (first, others) = parts.split_first()?;
    let mut others = (1..).zip(others);
    others.find_map(|(number, other)| Some((0, number, difference(first, other)?)))
}

/// All in which two videos differ.
fn difference(one: &Part, other: &Part) -> Option<Difference> {
    let mut all = Phrases::default();
    pictures(&one.picture_entry, &other.picture_entry, &mut all);
    heads(&one.head, &other.head, &mut all);
    match (&one.sound, &other.sound) {
        (Some((_, one)), Some((_, other))) => sounds(one, other, &mut all),
        (None, None) => {}
        (one, _) => {
            let (with, without) = ("has sound", "has no sound");
            if one.is_some() {
                all.add(with, without);
            } else {
                all.add(without, with);
            }
        }
    }
    all.joined()
}

#[derive(Default)]
struct Phrases(Vec<(String, String)>);

impl Phrases {
    fn add(&mut self, one: impl Into<String>, other: impl Into<String>) {
        self.0.push((one.into(), other.into()));
    }

    /// Adds what is said of both where that differs.
    fn compare<T: PartialEq>(&mut self, one: T, other: T, say: impl Fn(T) -> String) -> bool {
        let differs = one != other;
        if differs {
            self.add(say(one), say(other));
        }
        differs
    }

    fn joined(self) -> Option<Difference> {
        let (first, second): (Vec<String>, Vec<String>) = self.0.into_iter().unzip();
        (!first.is_empty()).then(|| Difference {
            first: first.join(" and "),
            second: second.join(" and "),
        })
    }
}

fn pictures(one: &PictureEntry, other: &PictureEntry, all: &mut Phrases) {
    let codec = all.compare(one.kind, other.kind, |kind| {
        format!("has {} pictures", codec(kind))
    });
    all.compare(one.size, other.size, |(width, height)| {
        format!("is {width}x{height}")
    });
    all.compare(one.shape, other.shape, |(width, height)| {
        format!("has pixels of {width}:{height}")
    });
    // Parameters follow from codec and size: those are named, where they differ.
    if !codec && one.size == other.size && one.config != other.config {
        all.add(parameters(one), parameters(other));
    }
}

fn codec(kind: [u8; 4]) -> String {
    let codec = if kind.starts_with(b"avc") { "H.264" } else { "HEVC" };
    format!("{codec} ({})", four(kind))
}

/// The parameters, by the parts that people know and by a hash of all.
fn parameters(entry: &PictureEntry) -> String {
    let hash = Sha256::digest(&entry.config);
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    match entry.config.get(1..4) {
        Some([profile, _, level]) if entry.kind.starts_with(b"avc") => {
            let (major, minor) = (level / 10, level % 10);
            format!("has the H.264 parameters {hash} (profile {profile}, level {major}.{minor})")
        }
        _ => format!("has the encoding parameters {hash}"),
    }
}

fn heads(one: &Head, other: &Head, all: &mut Phrases) {
    all.compare(&one.matrix, &other.matrix, |matrix| {
        let turn = (matrix.a, matrix.b, matrix.c, matrix.d);
        format!("is turned or placed by {turn:?}")
    });
}

fn sounds(one: &SoundEntry, other: &SoundEntry, all: &mut Phrases) {
    let named = [
        all.compare(one.rate, other.rate, |rate| format!("has sound at {rate} Hz")),
        all.compare(one.channels, other.channels, |channels| {
            let s = if channels == 1 { "" } else { "s" };
            format!("has {channels} channel{s} of sound")
        }),
    ];
    let config = |entry: &SoundEntry| (entry.object_type, entry.config.clone());
    if !named.contains(&true) {
        all.compare(config(one), config(other), |config| {
            format!("has the AAC configuration {}", Hex(&config.1))
        });
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
    }
}
