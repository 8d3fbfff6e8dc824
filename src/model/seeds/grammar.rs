//! Reads and writes lists of seeds.
//!
//! Items are separated by commas or spaces. A comma always ends an item; a space may stand within one, as in `6 new`.

use std::fmt;
use std::str::FromStr;

use super::{Item, Seed, SeedList, SweepSeeds};
use crate::model::Invalid;

/// A word of the list.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    /// Where it starts and ends in the list.
    start: usize,
    end: usize,
    /// Whether a comma, or nothing, stands before it.
    is_first: bool,
}

impl FromStr for SeedList {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let words = words(text);
        let mut reader = Reader {
            text,
            words: &words,
            at: 0,
        };
        let mut items = Vec::new();
        while reader.at < words.len() {
            let item = reader.item(items.len() + 1)?;
            items.push(item);
        }
        if items.is_empty() {
            return Err(Invalid::NoSeeds);
        }
        Self::checked(items)
    }
}

/// Written so that reading it again gives the same list.
impl fmt::Display for SeedList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            match item {
                Item::One(seed) => write!(f, "{seed}")?,
                Item::Range(first, last) => write!(f, "{first}..{last}")?,
                Item::Near(n, seed) => write!(f, "{n} near {seed}")?,
                Item::New(n) => write!(f, "{n} new")?,
                Item::Sweep(seeds) => write!(f, "{seeds}")?,
            }
        }
        Ok(())
    }
}

/// The words of the list. The two ends of a range are one word, with or without spaces around the dots.
fn words(text: &str) -> Vec<Word<'_>> {
    let is_comma = |c: char| matches!(c, ',' | '，' | '、' | ';' | '；');
    let mut words: Vec<Word> = Vec::new();
    let (mut start, mut is_first) = (0, true);
    for part in text.split_inclusive(|c: char| c.is_whitespace() || is_comma(c)) {
        let word = part.trim_end_matches(|c: char| c.is_whitespace() || is_comma(c));
        if !word.is_empty() {
            let (from, end) = (start, start + word.len());
            match words.last_mut().filter(|last| {
                !is_first
                    && (word.starts_with("..") || last.text.ends_with("..") || last.text.ends_with("..="))
            }) {
                Some(last) => (last.text, last.end) = (&text[last.start..end], end),
                None => words.push(Word {
                    text: word,
                    start: from,
                    end,
                    is_first,
                }),
            }
            is_first = false;
        }
        is_first |= part.ends_with(is_comma);
        start += part.len();
    }
    words
}

struct Reader<'t> {
    text: &'t str,
    words: &'t [Word<'t>],
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next word, if it belongs to the same item.
    fn next_is(&self, word: &str) -> bool {
        self.follower(1)
            .is_some_and(|next| next.text.eq_ignore_ascii_case(word))
    }

    /// The word that stands `by` words further on, if no comma stands between.
    fn follower(&self, by: usize) -> Option<Word<'t>> {
        let words = self.words.get(self.at + 1..=self.at + by)?;
        words
            .last()
            .copied()
            .filter(|_| !words.iter().any(|word| word.is_first))
    }

    /// `count` words from here as they are written, or as many as there are before a comma.
    fn written(&self, count: usize) -> String {
        let words = self.words.get(self.at..).unwrap_or_default();
        let mut end = words.first().map_or(0, |word| word.end);
        for word in words.iter().take(count).skip(1).take_while(|word| !word.is_first) {
            end = word.end;
        }
        let start = words.first().map_or(0, |word| word.start);
        self.text.get(start..end).unwrap_or_default().to_owned()
    }

    /// Reads the item with this number, counted from 1.
    fn item(&mut self, number: usize) -> Result<Item, Invalid> {
        let Some(word) = self.words.get(self.at).copied() else {
            return Err(Invalid::NoSeeds);
        };
        let (item, used) = match word.text.to_ascii_lowercase().as_str() {
            "new" if word.is_first => (Item::New(1), 1),
            "-1" if !self.next_is("new") && !self.next_is("near") => (Item::New(1), 1),
            "sweep" => (Item::Sweep(SweepSeeds::All(self.sweep(1, number)?)), 2),
            "circled" if self.next_is("of") => {
                let is_sweep = self
                    .follower(2)
                    .is_some_and(|word| word.text.eq_ignore_ascii_case("sweep"));
                if !is_sweep {
                    return Err(self.not_a_sweep(3, number));
                }
                (Item::Sweep(SweepSeeds::Circled(self.sweep(3, number)?)), 4)
            }
            "circled" => return Err(self.not_a_sweep(1, number)),
            _ if self.next_is("near") => (self.near(word, number)?, 3),
            _ if self.next_is("new") => (self.drawn(word.text, 2, number)?, 2),
            lower if lower.ends_with("new") => {
                let count = &word.text[..word.text.len() - "new".len()];
                (self.drawn(count, 1, number)?, 1)
            }
            _ => (named(word.text, number)?, 1),
        };
        self.at += used;
        Ok(item)
    }

    /// `6 new`.
    fn drawn(&self, count: &str, words: usize, number: usize) -> Result<Item, Invalid> {
        self.count(count, words, number).map(Item::New)
    }

    /// `6 near 42`.
    fn near(&self, count: Word, number: usize) -> Result<Item, Invalid> {
        let count = self.count(count.text, 3, number)?;
        let Some(first) = self.follower(2).and_then(|word| seed(word.text)) else {
            return Err(self.not_a_seed(3, number));
        };
        let first = first?;
        if first.0 + (count - 1) > Seed::MAX {
            return Err(Invalid::SeedsBeyondMax {
                count,
                first: first.0,
            });
        }
        Ok(Item::Near(count, first))
    }

    /// How many seeds are asked for, in an item of this many words.
    fn count(&self, text: &str, words: usize, number: usize) -> Result<u32, Invalid> {
        match text.parse::<u32>() {
            Ok(given) if given > SeedList::MAX_TAKES => Err(Invalid::TooManySeeds { given }),
            Ok(count) if count > 0 => Ok(count),
            _ => Err(self.not_a_seed(words, number)),
        }
    }

    /// The number of the sweep, `by` words further on.
    fn sweep(&self, by: usize, number: usize) -> Result<i64, Invalid> {
        let id = self.follower(by).map(|word| word.text);
        id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| self.not_a_sweep(by + 1, number))
    }

    fn not_a_seed(&self, words: usize, item: usize) -> Invalid {
        Invalid::NotASeed {
            given: self.written(words),
            item,
        }
    }

    fn not_a_sweep(&self, words: usize, item: usize) -> Invalid {
        Invalid::NotASweep {
            given: self.written(words),
            item,
        }
    }
}

/// A seed or a range.
fn named(text: &str, number: usize) -> Result<Item, Invalid> {
    let seed = |text: &str| {
        seed(text).unwrap_or_else(|| {
            Err(Invalid::NotASeed {
                given: text.to_owned(),
                item: number,
            })
        })
    };
    let Some((first, last)) = text.split_once("..") else {
        return seed(text).map(Item::One);
    };
    let last = last.trim_start_matches('=');
    let (first, last) = (seed(first.trim())?, seed(last.trim())?);
    if first > last {
        return Err(Invalid::SeedRangeReversed {
            first: first.0,
            last: last.0,
        });
    }
    Ok(Item::Range(first, last))
}

/// A seed, or that its number is out of range; `None` when it is no number.
fn seed(text: &str) -> Option<Result<Seed, Invalid>> {
    let out_of_range = || Invalid::SeedOutOfRange {
        given: text.to_owned(),
    };
    match text.parse::<i64>() {
        Ok(n) => Some(
            u32::try_from(n)
                .ok()
                .and_then(|n| Seed::new(n).ok())
                .ok_or_else(out_of_range),
        ),
        Err(_) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => Some(Err(out_of_range())),
        Err(_) => None,
    }
}
