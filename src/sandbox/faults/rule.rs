//! Decides which request is struck, by count or by seeded chance.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Method;
use serde_json::{Value, json};

use super::pattern;
use super::{Intent, Strike};

/// Which of the requests that fit are struck.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    Always,
    /// The requests with these numbers, from 1.
    Nth(Vec<u64>),
    First(u64),
    Every(u64),
    /// A share of them, drawn from the file's seed.
    Chance(f64),
}

#[derive(Debug)]
pub(super) struct Rule {
    /// For the reader of the file and of the counts.
    pub name: String,
    pub method: Option<Method>,
    pub path: String,
    pub when: When,
    pub strike: Strike,
}

#[derive(Debug)]
struct Tally {
    seen: u64,
    struck: u64,
    /// When the newest strikes were, in milliseconds since the start.
    struck_ms: VecDeque<u64>,
    random: fastrand::Rng,
}

/// How many strikes of a rule keep their times.
const MAX_TIMES: usize = 1000;

impl Tally {
    fn strike(&mut self, since_start: Duration) {
        self.struck += 1;
        if self.struck_ms.len() == MAX_TIMES {
            self.struck_ms.pop_front();
        }
        self.struck_ms
            .push_back(u64::try_from(since_start.as_millis()).unwrap_or(u64::MAX));
    }
}

/// The rules of a faults file with their counts.
#[derive(Debug)]
pub struct Faults {
    rules: Vec<(Rule, Mutex<Tally>)>,
    started: Instant,
}

impl Default for Faults {
    fn default() -> Self {
        Self::new(0, Vec::new())
    }
}

impl Faults {
    pub(super) fn new(seed: u64, rules: Vec<Rule>) -> Self {
        let with_tally = |(number, rule): (u64, Rule)| {
            let random =
                fastrand::Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number));
            (
                rule,
                Mutex::new(Tally {
                    seen: 0,
                    struck: 0,
                    struck_ms: VecDeque::new(),
                    random,
                }),
            )
        };
        Self {
            rules: (0..).zip(rules).map(with_tally).collect(),
            started: Instant::now(),
        }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether nothing will ever go wrong.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Counts a request and returns what strikes it.
    pub(super) fn strike(&self, method: &Method, path: &str) -> Option<Strike> {
        let mut struck = None;
        for (rule, tally) in &self.rules {
            if rule.fits(method, path) && rule.strikes(tally) && struck.is_none() {
                locked(tally).strike(self.started.elapsed());
                struck = Some(rule.strike.clone());
            }
        }
        struck
    }

    /// For every rule, in the order of the file: how many requests fit its method and path, and how often it struck.
    pub(in crate::sandbox) fn counts(&self) -> Vec<Value> {
        let count = |(rule, tally): &(Rule, Mutex<Tally>)| {
            let tally = locked(tally);
            json!({
                "name": rule.name,
                "seen": tally.seen,
                "struck": tally.struck,
                "struck_ms": tally.struck_ms,
            })
        };
        self.rules.iter().map(count).collect()
    }
}

fn locked(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rule {
    fn fits(&self, method: &Method, path: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted == method) && pattern::fits(&self.path, path)
    }

    fn strikes(&self, tally: &Mutex<Tally>) -> bool {
        let mut tally = locked(tally);
        tally.seen += 1;
        match &self.when {
            When::Always => true,
            When::Nth(numbers) => numbers.contains(&tally.seen),
            When::First(count) => tally.seen <= *count,
            When::Every(count) => tally.seen.is_multiple_of(*count),
            When::Chance(share) => tally.random.f64() < *share,
        }
    }
}

impl Strike {
    /// What the handler must know about the strike.
    pub(super) fn intent(&self) -> Intent {
        use super::{Effect, ResetPoint};
        let mut intent = Intent::default();
        match &self.effect {
            Effect::Expire(what) => intent.expire = Some(*what),
            Effect::Fail(text) => intent.fail = Some(text.clone()),
            Effect::Reset(ResetPoint::AfterAccept) => intent.is_lost = true,
            Effect::Respond { .. } => intent.is_lost = self.carry_out,
            _ => (),
        }
        intent
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn struck(rules: &str, requests: usize) -> Vec<usize> {
        let faults = super::super::parse(Path::new("f.toml"), rules).unwrap();
        let strikes = |_: &usize| faults.strike(&Method::POST, "/v2/seedance-2.0").is_some();
        (1..=requests).filter(strikes).collect()
    }

    fn rule(when: &str) -> String {
        format!("[[fault]]\npath = \"/v2/*\"\n{when}\nstatus = 500\n")
    }

    #[test]
    fn counts_pick_their_requests() {
        assert_eq!(struck(&rule(""), 3), [1, 2, 3]);
        assert_eq!(struck(&rule("nth = 2"), 5), [2]);
        assert_eq!(struck(&rule("nth = [1, 4]"), 5), [1, 4]);
        assert_eq!(struck(&rule("first = 2"), 5), [1, 2]);
        assert_eq!(struck(&rule("every = 2"), 5), [2, 4]);
        assert_eq!(struck(&rule("method = \"GET\""), 3), [] as [usize; 0]);
    }

    #[test]
    fn chance_is_fixed_by_the_seed() {
        let with = |seed: u64| struck(&format!("seed = {seed}\n{}", rule("probability = 0.3")), 1000);
        assert_eq!(with(7), with(7));
        assert_ne!(with(7), with(8));
        assert!((230..370).contains(&with(7).len()), "{}", with(7).len());
    }

    #[test]
    fn the_first_rule_strikes_and_all_count() {
        let rules = "[[fault]]\npath = \"/**\"\nnth = 1\nstatus = 500\n\
                     [[fault]]\npath = \"/**\"\nnth = 2\nstatus = 429\n";
        let faults = super::super::parse(Path::new("f.toml"), rules).unwrap();
        let status = || {
            faults
                .strike(&Method::GET, "/x")
                .map(|strike| match strike.effect {
                    super::super::Effect::Respond { status, .. } => status.as_u16(),
                    other => panic!("{other:?}"),
                })
        };
        assert_eq!([status(), status(), status()], [Some(500), Some(429), None]);
    }
}
