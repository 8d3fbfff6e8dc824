//! Seeds and lists of seeds: `7, 42, 100..108`, `6 new`.
//!
//! A random seed is drawn here and the drawn number is sent, so that every take can be made again.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Invalid;
use super::invalid::wrong_type;
use super::parameters::Parameter;

/// A real seed, 0 to 2147483647; the default is 0. `-1` never becomes one: it is drawn first.
/// (Segmind, Seedance 2.0 model page, "seed".)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(u32);

impl Seed {
    /// The largest seed the API takes.
    pub const MAX: u32 = 2_147_483_647;

    pub fn new(number: u32) -> Result<Self, Invalid> {
        if number > Self::MAX {
            return Err(Invalid::SeedOutOfRange {
                given: number.to_string(),
            });
        }
        Ok(Self(number))
    }

    /// The API's own default.
    pub const fn of_api() -> Self {
        Self(42)
    }

    /// Reads a seed from a request body; −1 is drawn from `random`.
    pub fn of_json(json: &Json, random: &mut fastrand::Rng) -> Result<Self, Invalid> {
        if !json.is_number() {
            return Err(wrong_type(Parameter::Seeds, "a whole number", json));
        }
        if json.as_i64() == Some(-1) {
            return Ok(Self::draw(random));
        }
        let number = json.as_u64().and_then(|number| u32::try_from(number).ok());
        number
            .and_then(|number| Self::new(number).ok())
            .ok_or_else(|| Invalid::SeedOutOfRange {
                given: json.to_string(),
            })
    }

    /// A seed drawn from `random`.
    pub fn draw(random: &mut fastrand::Rng) -> Self {
        Self(random.u32(0..=Self::MAX))
    }

    /// The number that is sent.
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    One(Seed),
    /// Both ends included.
    Range(Seed, Seed),
    New(u32),
}

/// Which seeds a sweep uses: named ones, ranges (both ends included) and a number of new ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedList(Vec<Item>);

impl SeedList {
    /// The most takes that one sweep may start.
    pub const MAX_TAKES: u32 = 200;

    pub fn one_new() -> Self {
        Self(vec![Item::New(1)])
    }

    pub fn only(seed: Seed) -> Self {
        Self(vec![Item::One(seed)])
    }

    /// How many takes the list makes.
    pub fn count(&self) -> u32 {
        self.0.iter().map(Item::count).fold(0, u32::saturating_add)
    }

    /// The seeds in the order written; new ones are drawn, differing from all others in the list.
    pub fn draw(&self, random: &mut fastrand::Rng) -> Vec<Seed> {
        let mut taken: BTreeSet<Seed> = self.0.iter().flat_map(Item::named).collect();
        let mut seeds = Vec::with_capacity(self.count() as usize);
        for item in &self.0 {
            seeds.extend(item.named());
            if let Item::New(n) = item {
                for _ in 0..*n {
                    let fresh =
                        std::iter::repeat_with(|| Seed::draw(random)).find(|seed| taken.insert(*seed));
                    seeds.extend(fresh);
                }
            }
        }
        seeds
    }
}

impl Item {
    fn count(&self) -> u32 {
        match self {
            Self::One(_) => 1,
            Self::Range(first, last) => last.0 - first.0 + 1,
            Self::New(n) => *n,
        }
    }

    fn named(&self) -> impl Iterator<Item = Seed> + use<> {
        let (first, count) = match self {
            Self::One(seed) => (seed.0, 1),
            Self::Range(first, _) => (first.0, self.count()),
            Self::New(_) => (0, 0),
        };
        (first..).take(count as usize).map(Seed)
    }
}

impl FromStr for SeedList {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let parts: Vec<&str> = text
            .split([',', '，', ';'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            return Err(Invalid::NoSeeds);
        }
        let items = parts.into_iter().map(item).collect::<Result<Vec<_>, _>>()?;
        let list = Self(items);
        if list.count() > Self::MAX_TAKES {
            return Err(Invalid::TooManySeeds { given: list.count() });
        }
        let mut seen = BTreeSet::new();
        let mut named = list.0.iter().flat_map(Item::named);
        match named.find(|seed| !seen.insert(*seed)) {
            Some(seed) => Err(Invalid::SeedTwice { given: seed.0 }),
            None => Ok(list),
        }
    }
}

fn item(text: &str) -> Result<Item, Invalid> {
    if text == "-1" || text.eq_ignore_ascii_case("new") {
        return Ok(Item::New(1));
    }
    if let Some(number) = strip_word(text, "new") {
        return match number.parse::<u32>() {
            Ok(n) if n > SeedList::MAX_TAKES => Err(Invalid::TooManySeeds { given: n }),
            Ok(n) if n > 0 => Ok(Item::New(n)),
            _ => Err(Invalid::NotASeed {
                given: text.to_owned(),
            }),
        };
    }
    match text.split_once("..") {
        None => seed(text).map(Item::One),
        Some((first, last)) => {
            let (first, last) = (seed(first.trim())?, seed(last.trim_start_matches('=').trim())?);
            if first > last {
                return Err(Invalid::SeedRangeReversed {
                    first: first.0,
                    last: last.0,
                });
            }
            Ok(Item::Range(first, last))
        }
    }
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let cut = text.len().checked_sub(word.len())?;
    let (head, tail) = (text.get(..cut)?, text.get(cut..)?);
    tail.eq_ignore_ascii_case(word).then(|| head.trim_end())
}

fn seed(text: &str) -> Result<Seed, Invalid> {
    let given = || text.to_owned();
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<i64>() {
        Err(_) if !is_number => Err(Invalid::NotASeed { given: given() }),
        number => {
            let number = number.ok().and_then(|number| u32::try_from(number).ok());
            let seed = number.and_then(|number| Seed::new(number).ok());
            seed.ok_or_else(|| Invalid::SeedOutOfRange { given: given() })
        }
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
                Item::New(n) => write!(f, "{n} new")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(text: &str) -> Vec<u32> {
        let list: SeedList = text.parse().unwrap();
        list.draw(&mut fastrand::Rng::with_seed(1))
            .into_iter()
            .map(Seed::number)
            .collect()
    }

    #[test]
    fn lists_and_ranges_keep_their_order() {
        assert_eq!(numbers("7, 42,100..103"), [7, 42, 100, 101, 102, 103]);
        assert_eq!(numbers("9..=10，3"), [9, 10, 3]);
        assert_eq!(numbers("0,2147483647"), [0, 2_147_483_647]);
    }

    #[test]
    fn minus_one_and_new_are_drawn_here() {
        assert_eq!(numbers("6 new").len(), 6);
        assert_eq!("-1".parse(), Ok(SeedList::one_new()));
        let drawn = numbers("5, 3 NEW");
        assert_eq!(drawn[0], 5);
        assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 4);
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        let error = |text: &str| text.parse::<SeedList>().unwrap_err();
        assert_eq!(error(" , "), Invalid::NoSeeds);
        assert_eq!(error("7,x"), Invalid::NotASeed { given: "x".into() });
        assert_eq!(
            error("0 new"),
            Invalid::NotASeed {
                given: "0 new".into()
            }
        );
        assert_eq!(error("-2"), Invalid::SeedOutOfRange { given: "-2".into() });
        assert_eq!(
            error("2147483648"),
            Invalid::SeedOutOfRange {
                given: "2147483648".into()
            }
        );
        assert_eq!(
            error("99999999999999999999"),
            Invalid::SeedOutOfRange {
                given: "99999999999999999999".into()
            }
        );
        assert_eq!(error("9..3"), Invalid::SeedRangeReversed { first: 9, last: 3 });
        assert_eq!(error("7,5..8"), Invalid::SeedTwice { given: 7 });
        assert_eq!(error("0..200"), Invalid::TooManySeeds { given: 201 });
        assert_eq!(
            error("0..2147483647, 5 new"),
            Invalid::TooManySeeds { given: 2_147_483_653 }
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<SeedList>();
        }

        #[test]
        fn what_is_written_reads_back(seeds in prop::collection::btree_set(0..=Seed::MAX, 1..9), fresh in 0..5_u32) {
            let mut text = seeds.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            if fresh > 0 {
                text += &format!(",{fresh} new");
            }
            let list: SeedList = text.parse().unwrap();
            prop_assert_eq!(&list.to_string().parse::<SeedList>().unwrap(), &list);
            let drawn = list.draw(&mut fastrand::Rng::with_seed(7));
            prop_assert_eq!(drawn.len(), list.count() as usize);
            prop_assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), drawn.len());
        }
    }
}
