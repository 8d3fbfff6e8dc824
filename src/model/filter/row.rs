//! What a plain word means for what a row of the log shows.

use crate::model::{FailureKind, Model, Resolution, TakeState, Verdict};

use super::days::{Day, Days};
use super::keys::FINISHABLE;
use super::range::Range;
use super::read::resolution;
use super::shown::Shown;

/// The highest seed has ten digits.
const MAX_DIGITS: u32 = 10;

/// Rows that show a word: any one of these is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowWord {
    pub states: Vec<Shown>,
    pub verdicts: Vec<Verdict>,
    pub models: Vec<Model>,
    pub failures: Vec<FailureKind>,
    pub resolution: Option<Resolution>,
    /// In seconds.
    pub duration: Option<i64>,
    pub take: Option<i64>,
    pub revision: Option<i64>,
    /// A seed is found by its first digits.
    pub seeds: Vec<Range>,
    pub days: Option<Days>,
    /// The row says until when its draft can be finished.
    pub finishable: bool,
}

impl RowWord {
    /// Words are found by their beginning, whatever the case of their letters.
    pub fn of(word: &str) -> Self {
        let low = word.to_lowercase();
        let begins = |known: &str| known.to_lowercase().starts_with(&low);
        let any_begins = |words: &str| words.split([' ', ':', '_']).any(begins) || begins(words);
        let digits = |text: &str| {
            let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<i64>().ok().filter(|_| is_digits)
        };
        let after = |letter: char| low.strip_prefix(letter).and_then(digits);
        let number = digits(&low);
        // Numbers are shown everywhere: alone, one is a take or a seed.
        let is_word = number.is_none();
        Self {
            states: Shown::all()
                .filter(|shown| any_begins(shown.word()) || is_failure(*shown) && begins("failed"))
                .collect(),
            verdicts: [Verdict::Circled, Verdict::Rejected]
                .into_iter()
                .filter(|verdict| begins(verdict.word()))
                .collect(),
            models: Model::all()
                .into_iter()
                .filter(|model| is_word && begins(model.label()))
                .collect(),
            failures: FailureKind::ALL
                .into_iter()
                .filter(|kind| any_begins(kind.title()) || any_begins(kind.word()))
                .collect(),
            resolution: resolution(&low),
            duration: low.strip_suffix('s').and_then(digits),
            take: number,
            revision: after('v'),
            seeds: seeds(low.strip_prefix('s').unwrap_or(&low)),
            days: Day::read(&low).map(Days::only),
            finishable: begins(FINISHABLE),
        }
    }
}

/// A take that ended without a video and was not cancelled: the row says why.
const fn is_failure(shown: Shown) -> bool {
    match shown {
        Shown::State(state) => state.settled() && !matches!(state, TakeState::Saved | TakeState::Cancelled),
        _ => false,
    }
}

/// The seeds that begin with these digits.
fn seeds(digits: &str) -> Vec<Range> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let length = u32::try_from(digits.len()).unwrap_or(u32::MAX);
    let Some(first) = digits
        .parse::<i64>()
        .ok()
        .filter(|_| is_number && length <= MAX_DIGITS)
    else {
        return Vec::new();
    };
    if digits.starts_with('0') {
        return (first == 0 && length == 1)
            .then_some(Range::only(0))
            .into_iter()
            .collect();
    }
    (0..=MAX_DIGITS - length)
        .map(|more| {
            let unit = 10_i64.pow(more);
            Range {
                from: first * unit,
                to: first * unit + unit - 1,
            }
        })
        .collect()
}
