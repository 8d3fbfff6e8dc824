//! What processes said on standard error: some words never belong there, whatever happened.

use std::collections::BTreeMap;
use std::path::Path;

const NEVER: [&str; 5] = [
    "panicked at",
    "rushes made a mistake",
    "[tracing-subscriber]",
    "disk I/O error",
    "integer overflow",
];

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
