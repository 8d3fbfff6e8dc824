//! Audits what processes wrote to standard error: some words must never appear there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const NEVER: [&str; 5] = [
    "panicked at",
    "Internal error on take",
    "[tracing-subscriber]",
    "disk I/O error",
    "integer overflow",
];

/// What processes said about live money.
#[derive(Default)]
pub struct AboutMoney {
    /// Orders that were refused because the cap had no room for them.
    pub refused: u64,
    /// Takes whose bill was above its reserve, and stopped the queue.
    pub stops: BTreeSet<String>,
}

pub fn about_money(said: &Path) -> AboutMoney {
    let said = std::fs::read(said).unwrap_or_default();
    let mut about = AboutMoney::default();
    for line in String::from_utf8_lossy(&said).lines() {
        about.refused += u64::from(line.contains("nothing was sent: the day's cap of"));
        if line.contains("The queue is stopped (bill above reserve)") {
            about.stops.extend(billed_take(line));
        }
    }
    about
}

/// The take that was reported as billed above its reserve.
pub fn billed_take(why: &str) -> Option<String> {
    let (before, _) = why.split_once(" was billed ")?;
    Some(before.rsplit_once("Take ")?.1.to_owned())
}

/// What is wrong, once for each of the words.
pub fn wrong_words(said: &Path) -> Vec<String> {
    let said = std::fs::read(said).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let mut found: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
    for line in said.lines() {
        if let Some(words) = NEVER.iter().find(|words| line.contains(**words)) {
            found.entry(words).or_insert((0, line)).0 += 1;
        }
    }
    let tell = |(words, (times, line)): (&str, (u64, &str))| {
        format!("{words:?} was said {times} times, first: {}", line.trim())
    };
    found.into_iter().map(tell).collect()
}
