//! Names of a take's files by a pattern, such as `{reel}-{n}-s{seed}-{res}-{dur}s`.
//!
//! A name is safe on every file system, and two takes never have the same one, since each pattern has the take's number.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::invalid::accepted;
use super::models::Model;
use super::request_words::Resolution;
use super::seconds::Seconds;
use super::seeds::Seed;
use super::take::TakeId;
use super::text::one_line;

mod safe;

use safe::{is_forbidden, safe, words};

/// A pattern that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    parts: Vec<Part>,
    /// As written.
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(Field),
}

/// What a pattern may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Reel,
    Number,
    Seed,
    Resolution,
    Duration,
    Model,
    Sweep,
    Revision,
    Date,
}

/// A field as it is written in a pattern.
#[derive(Debug, Clone, Copy)]
pub struct NamedField {
    /// Without the braces.
    pub name: &'static str,
    pub field: Field,
    /// What its name does not say.
    pub remark: Option<&'static str>,
}

impl NamedField {
    const fn new(name: &'static str, field: Field) -> Self {
        Self {
            name,
            field,
            remark: None,
        }
    }

    /// As it stands in a pattern: `{seed}`.
    pub fn in_braces(&self) -> String {
        format!("{{{}}}", self.name)
    }

    /// With its remark, for those who write patterns.
    pub fn explained(&self) -> String {
        let remark = self.remark.map(|remark| format!(" ({remark})"));
        self.in_braces() + &remark.unwrap_or_default()
    }
}

/// The fields with their names.
pub const FIELDS: [NamedField; 9] = [
    NamedField::new("reel", Field::Reel),
    NamedField {
        remark: Some("the take's number, which is needed"),
        ..NamedField::new("n", Field::Number)
    },
    NamedField::new("seed", Field::Seed),
    NamedField::new("res", Field::Resolution),
    NamedField::new("dur", Field::Duration),
    NamedField::new("model", Field::Model),
    NamedField::new("sweep", Field::Sweep),
    NamedField::new("revision", Field::Revision),
    NamedField::new("date", Field::Date),
];

/// What a name is made of.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    pub reel: &'a str,
    pub number: TakeId,
    pub seed: Seed,
    pub resolution: Resolution,
    pub duration: Seconds,
    pub model: Model,
    /// None for a take that was made alone.
    pub sweep: Option<i64>,
    pub revision: Option<i64>,
    /// The day on which the take was made, where the user is.
    pub date: Date,
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("the pattern has no field {{{given}}}: use {known}")]
    UnknownField { given: String, known: String },
    #[error("a brace is left open at {at:?}: close it, or write {{{{ for a brace in the name")]
    OpenBrace { at: String },
    #[error("the pattern lacks {{n}}, the take's number, so that two takes could have one name: add {{n}}")]
    NoNumber,
    #[error("the pattern names {{n}} more than once: keep one")]
    NumberTwice,
    #[error("{given:?} cannot stand in a file's name: write - or _ instead")]
    Forbidden { given: char },
    #[error(
        "the pattern has {given} bytes of its own text: use at most {}",
        FilePattern::MAX_LITERAL
    )]
    TooLong { given: usize },
}

impl FilePattern {
    /// The pattern of new reels.
    pub const DEFAULT: &str = "{reel}-{n}-s{seed}-{res}-{dur}s";
    /// The longest name, in bytes, without the ending.
    pub const MAX_NAME: usize = 120;
    /// The most text of its own that a pattern may have, in bytes.
    pub const MAX_LITERAL: usize = 60;

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`]
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let doubled = ["{{", "}}"].iter().any(|pair| rest.starts_with(pair));
            if doubled || c != '{' {
                if is_forbidden(c) {
                    return Err(PatternError::Forbidden { given: c });
                }
                literal.push(c);
                rest = rest
                    .get(c.len_utf8() * if doubled { 2 } else { 1 }..)
                    .unwrap_or_default();
                continue;
            }
            let Some((name, after)) = rest.get(1..).unwrap_or_default().split_once('}') else {
                let at = one_line(rest, 20);
                return Err(PatternError::OpenBrace { at });
            };
            let field = FIELDS.iter().find(|known| known.name == name);
            let field = field.ok_or_else(|| PatternError::UnknownField {
                given: one_line(name, 40),
                known: accepted(FIELDS.iter().map(NamedField::in_braces)),
            })?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Field(field.field));
            rest = after;
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        let text = text.to_owned();
        Self { parts, text }.checked()
    }

    fn checked(self) -> Result<Self, PatternError> {
        let numbers = self
            .parts
            .iter()
            .filter(|part| **part == Part::Field(Field::Number));
        match numbers.count() {
            0 => return Err(PatternError::NoNumber),
            1 => {}
            _ => return Err(PatternError::NumberTwice),
        }
        let literals = self.parts.iter().map(|part| match part {
            Part::Literal(text) => text.len(),
            Part::Field(_) => 0,
        });
        match literals.sum() {
            given if given > Self::MAX_LITERAL => Err(PatternError::TooLong { given }),
            _ => Ok(self),
        }
    }

    /// The name of a take's files, without the ending: at most [`Self::MAX_NAME`] bytes, never empty, and safe on every
    /// file system. A long reel or model is shortened. A field that the take lacks takes the mark before it along, so that
    /// no two marks meet.
    pub fn name(&self, facts: &FileFacts<'_>) -> String {
        let mut pieces: Vec<(Rank, String)> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            match part {
                Part::Literal(text) => pieces.push((Rank::Words, text.clone())),
                Part::Field(field) => match field.text(facts) {
                    Some(text) => pieces.push((field.rank(), text)),
                    None => drop_mark(&mut pieces),
                },
            }
        }
        shorten(&mut pieces);
        let name: String = pieces.into_iter().map(|(_, text)| text).collect();
        safe(&name)
    }
}

impl Field {
    /// Its text, without what no name may have.
    fn text(self, facts: &FileFacts<'_>) -> Option<String> {
        let text = match self {
            Self::Reel => words(facts.reel),
            Self::Number => format!("{:05}", facts.number.0),
            Self::Seed => facts.seed.to_string(),
            Self::Resolution => words(facts.resolution.wire()),
            Self::Duration => facts.duration.to_string(),
            Self::Model => words(facts.model.slug()),
            Self::Sweep => facts.sweep?.to_string(),
            Self::Revision => facts.revision?.to_string(),
            Self::Date => facts.date.to_string(),
        };
        Some(text)
    }

    /// How willingly it is shortened.
    fn rank(self) -> Rank {
        match self {
            Self::Number => Rank::Kept,
            Self::Reel | Self::Model => Rank::Words,
            _ => Rank::Facts,
        }
    }
}

/// What is shortened first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Words,
    Facts,
    /// Never: it makes names differ.
    Kept,
}

/// Takes the mark off the end of the pattern's own text, when a field behind it is missing.
fn drop_mark(pieces: &mut [(Rank, String)]) {
    if let Some((Rank::Words, text)) = pieces.last_mut()
        && text.ends_with(is_mark)
    {
        text.pop();
    }
}

/// Shortens the longest pieces until all of them fit, facts only when there is nothing else.
fn shorten(pieces: &mut [(Rank, String)]) {
    let mut over = pieces
        .iter()
        .map(|(_, text)| text.len())
        .sum::<usize>()
        .saturating_sub(FilePattern::MAX_NAME);
    for rank in [Rank::Words, Rank::Facts] {
        while over > 0 {
            let of_rank = pieces
                .iter_mut()
                .filter(|(other, text)| *other == rank && !text.is_empty());
            let Some((_, longest)) = of_rank.max_by_key(|(_, text)| text.len()) else {
                break;
            };
            let removed = longest.pop().map_or(0, char::len_utf8);
            over = over.saturating_sub(removed);
        }
    }
}

/// Whether the character separates the parts of a name.
fn is_mark(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ' ')
}

impl FromStr for FilePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        Self::parse(text)
    }
}

impl Default for FilePattern {
    fn default() -> Self {
        let field = Part::Field;
        let text = |text: &str| Part::Literal(text.to_owned());
        Self {
            parts: vec![
                field(Field::Reel),
                text("-"),
                field(Field::Number),
                text("-s"),
                field(Field::Seed),
                text("-"),
                field(Field::Resolution),
                text("-"),
                field(Field::Duration),
                text("s"),
            ],
            text: Self::DEFAULT.to_owned(),
        }
    }
}

/// As it was written.
impl fmt::Display for FilePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
#[path = "file_pattern_tests.rs"]
mod tests;
