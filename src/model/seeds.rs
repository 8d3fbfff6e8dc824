//! Seeds and lists of seeds: `7, 42, 100..108`, `6 new`, `6 near 42`, `circled of sweep 3`.
//!
//! A random seed is drawn here and the drawn number is sent, so that every take can be made again. `grammar` reads and
//! writes lists. The seeds of earlier sweeps are not known here: the caller looks them up.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Invalid;
use super::invalid::wrong_type;
use super::parameters::Parameter;

mod grammar;

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

/// Seeds of takes that were made before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepSeeds {
    /// Of every take of the sweep with this number.
    All(i64),
    /// Of its circled takes.
    Circled(i64),
}

impl SweepSeeds {
    /// The number of the sweep.
    pub const fn number(self) -> i64 {
        match self {
            Self::All(number) | Self::Circled(number) => number,
        }
    }
}

/// As written in a list: `sweep 3`, `circled of sweep 3`.
impl fmt::Display for SweepSeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(sweep) => write!(f, "sweep {sweep}"),
            Self::Circled(sweep) => write!(f, "circled of sweep {sweep}"),
        }
    }
}

/// Why a list that names sweeps gives no seeds; `E` is the lookup's own error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError<E> {
    #[error("{0}")]
    Lookup(E),
    #[error("sweep {0} has no seeds: write the number of a sweep that has takes")]
    NoTakes(i64),
    #[error("sweep {0} has no circled takes: circle the good ones first, or write sweep {0} for all of them")]
    NoneCircled(i64),
    /// The looked-up seeds do not fit into the list.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    One(Seed),
    /// Both ends included.
    Range(Seed, Seed),
    /// A seed and its neighbours upwards: how many in all, and the first.
    Near(u32, Seed),
    New(u32),
    Sweep(SweepSeeds),
}

/// Which seeds a sweep uses: named ones, ranges (both ends included), those of earlier sweeps, and a number of new ones.
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

    /// How many takes the list makes, as far as that is known without a lookup: sweeps count as none.
    pub fn count(&self) -> u32 {
        self.0.iter().map(Item::count).fold(0, u32::saturating_add)
    }

    /// The sweeps that have to be looked up, in the order written.
    pub fn sweeps(&self) -> impl Iterator<Item = SweepSeeds> {
        self.0.iter().filter_map(|item| match item {
            Item::Sweep(seeds) => Some(*seeds),
            _ => None,
        })
    }

    /// The seeds in the order written; new ones are drawn, differing from all others in the list. Sweeps give none:
    /// a list that names some is resolved first.
    pub fn draw(&self, random: &mut fastrand::Rng) -> Vec<Seed> {
        let mut taken: BTreeSet<Seed> = self.0.iter().flat_map(Item::named).collect();
        let mut seeds = Vec::with_capacity(self.count().min(Self::MAX_TAKES) as usize);
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

    /// The list with the seeds themselves in place of the sweeps. `lookup` gives the seeds of a sweep in the order of its
    /// takes; a seed that several of them share counts once.
    ///
    /// # Errors
    /// The lookup's own, a sweep without seeds, a seed that is there twice, and too many of them.
    pub fn resolve<E>(
        &self,
        lookup: impl Fn(SweepSeeds) -> Result<Vec<Seed>, E>,
    ) -> Result<Self, DrawError<E>> {
        let mut items = Vec::with_capacity(self.0.len());
        for item in &self.0 {
            let Item::Sweep(sweep) = item else {
                items.push(item.clone());
                continue;
            };
            let mut seen = BTreeSet::new();
            let mut seeds = lookup(*sweep).map_err(DrawError::Lookup)?;
            seeds.retain(|seed| seen.insert(*seed));
            if seeds.is_empty() {
                return Err(match *sweep {
                    SweepSeeds::All(sweep) => DrawError::NoTakes(sweep),
                    SweepSeeds::Circled(sweep) => DrawError::NoneCircled(sweep),
                });
            }
            items.extend(seeds.into_iter().map(Item::One));
        }
        Ok(Self::checked(items)?)
    }

    /// The list, when it is not too long and names no seed twice.
    fn checked(items: Vec<Item>) -> Result<Self, Invalid> {
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

impl Item {
    fn count(&self) -> u32 {
        match self {
            Self::One(_) => 1,
            Self::Range(first, last) => last.0 - first.0 + 1,
            Self::Near(n, _) | Self::New(n) => *n,
            Self::Sweep(_) => 0,
        }
    }

    fn named(&self) -> impl Iterator<Item = Seed> + use<> {
        let (first, count) = match self {
            Self::One(seed) | Self::Range(seed, _) | Self::Near(_, seed) => (seed.0, self.count()),
            Self::New(_) | Self::Sweep(_) => (0, 0),
        };
        (first..).take(count as usize).map(Seed)
    }
}

#[cfg(test)]
#[path = "seeds_tests.rs"]
mod tests;
