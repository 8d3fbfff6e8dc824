//! Reads a filter line: its terms, or the first mistake with its place.

use std::fmt;
use std::ops::Range as Bytes;

use crate::model::{Backend, Complaint, Model, Resolution, Verdict};

use super::days::Days;
use super::keys::{FINISHABLE, KEYS, Key, Kind, Number, resolutions};
use super::line::{Word, key_of, words};
use super::range::{NotARange, Range};
use super::shown::Shown;

/// The longest filter line, in characters.
pub const MAX_LENGTH: usize = 500;
/// How many letters a key may be off to be named as what was meant.
const NEAR: usize = 2;

/// What a line asks for: takes for which every term holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Each once.
    pub terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The row shows it, or it is in a text of the take.
    Word(String),
    /// It is in a text of the take.
    Text(String),
    State(Shown),
    Verdict(Verdict),
    Resolution(Resolution),
    Model(Model),
    Backend(Backend),
    Number(Number, Range),
    Days(Days),
    /// With its ASCII letters in lower case.
    Tag(String),
    Error(String),
    Reel(String),
    /// A draft that can still be finished.
    Finishable,
}

/// Why a line cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the line that are wrong.
    pub span: Bytes<usize>,
    /// The place of the first of them: characters count from 1.
    pub character: usize,
    /// The wrong part.
    pub given: String,
    pub complaint: Complaint,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            character,
            given,
            complaint,
            ..
        } = self;
        write!(f, "At character {character} ({given}): {complaint}")
    }
}

impl std::error::Error for Mistake {}

impl Query {
    /// Reads a line such as `state:saved cost:>0.5 kite tag:"b roll"`. All terms must hold. Only the first mistake is
    /// reported.
    pub fn read(line: &str) -> Result<Self, Mistake> {
        if let Some((at, _)) = line.char_indices().nth(MAX_LENGTH) {
            let complaint = Complaint::new(
                format!("a filter has at most {MAX_LENGTH} characters"),
                "use fewer words",
            );
            return Err(mistake(line, at..line.len(), complaint));
        }
        let mut terms = Vec::new();
        for word in words(line) {
            let term = term(&word).map_err(|complaint| mistake(line, word.span.clone(), complaint))?;
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        Ok(Self { terms })
    }

    /// Reads the arguments of a command line, from which the shell has taken the quotes: `tag:b roll` is one term.
    pub fn of_arguments(arguments: &[String]) -> Result<Self, Mistake> {
        let line: Vec<String> = arguments.iter().map(|argument| quoted_again(argument)).collect();
        Self::read(&line.join(" "))
    }
}

/// An argument whose value is text, with the quotes that it had before the shell read it.
fn quoted_again(argument: &str) -> String {
    let whole = Word {
        text: argument.to_owned(),
        ..Word::default()
    };
    let is_text = |kind: Kind| matches!(kind, Kind::Tag | Kind::Error | Kind::Reel);
    let key = key_of(&whole).filter(|_| !argument.contains('"'));
    match key.and_then(|(name, at)| Some((Key::named(&name)?, at))) {
        Some((key, at)) if is_text(key.kind) && !argument[at..].trim().is_empty() => {
            format!("{}\"{}\"", &argument[..at], &argument[at..])
        }
        _ => argument.to_owned(),
    }
}

fn mistake(line: &str, span: Bytes<usize>, complaint: Complaint) -> Mistake {
    let character = line[..span.start].chars().count() + 1;
    Mistake {
        character,
        given: crate::model::text::one_line(&line[span.clone()], 60),
        span,
        complaint,
    }
}

fn term(word: &Word) -> Result<Term, Complaint> {
    if word.is_quoted {
        return Ok(Term::Text(word.text.trim().to_owned()));
    }
    let Some((name, at)) = key_of(word) else {
        return Ok(match word.text.to_ascii_lowercase().as_str() {
            "today" => Term::Days(Days::TODAY),
            "yesterday" => Term::Days(Days::YESTERDAY),
            _ => Term::Word(word.text.clone()),
        });
    };
    let value = word.text[at..].trim();
    let key = Key::named(&name).ok_or_else(|| no_such_key(&name, value))?;
    if value.is_empty() {
        let what = format!("{} needs a value", key.name);
        return Err(Complaint::new(what, format!("write {}", key.accepts())));
    }
    keyed(key, value)
}

fn keyed(key: &Key, value: &str) -> Result<Term, Complaint> {
    let low = value.to_lowercase();
    let wrong = || {
        let what = format!("{} cannot be {value:?}", key.name);
        let other = KEYS.iter().find(|other| other.kind.choices().contains(&low));
        let meant = other.map(|other| format!("{}:{low}", other.name));
        Complaint::new(what, format!("write {}", meant.unwrap_or_else(|| key.accepts())))
    };
    let found = match key.kind {
        Kind::State => state(&low).map(Term::State),
        Kind::Verdict => low.parse().ok().map(Term::Verdict),
        Kind::Resolution => resolution(&low).map(Term::Resolution),
        Kind::Model => model(&low).map(Term::Model),
        Kind::Backend => low.parse().ok().map(Term::Backend),
        Kind::Day => Days::read(&low).map(Term::Days),
        Kind::Tag => Some(Term::Tag(value.to_ascii_lowercase())),
        Kind::Error => Some(Term::Error(value.to_owned())),
        Kind::Reel => Some(Term::Reel(value.to_owned())),
        Kind::Is => (low == FINISHABLE).then_some(Term::Finishable),
        Kind::Number(number) => match Range::read(&low, number) {
            Ok(range) => Some(Term::Number(number, range)),
            Err(NotARange::NotANumber) => None,
            Err(NotARange::Empty) => {
                let what = format!("no number is in {value}");
                let now = if value.contains("..") {
                    "write the smaller number first"
                } else {
                    "no take has a number that small or that large"
                };
                return Err(Complaint::new(what, now));
            }
        },
    };
    found.ok_or_else(wrong)
}

fn state(word: &str) -> Option<Shown> {
    let word = word.replace(' ', "_");
    Shown::all().find(|shown| shown.word() == word)
}

pub(super) fn resolution(word: &str) -> Option<Resolution> {
    resolutions().into_iter().find(|known| known.wire() == word)
}

fn model(word: &str) -> Option<Model> {
    Model::all()
        .into_iter()
        .find(|model| model.label().to_lowercase() == word || model.slug() == word)
}

/// What is said of a key that does not exist: the key that has this value, or one that is spelled like it.
fn no_such_key(name: &str, value: &str) -> Complaint {
    let has_value = |key: &&Key| !value.is_empty() && key.kind.choices().iter().any(|one| one == value);
    let begins = |key: &&Key| key.name.starts_with(name);
    let near = |key: &&Key| strsim::damerau_levenshtein(key.name, name) <= NEAR;
    let meant = KEYS
        .iter()
        .find(begins)
        .or_else(|| KEYS.iter().find(has_value))
        .or_else(|| KEYS.iter().find(near));
    let next = if let Some(key) = meant {
        let name = key.name;
        format!("write {name}:{value}, or put text that has a colon in quotes")
    } else {
        let names: Vec<String> = KEYS.iter().map(|key| format!("{}:", key.name)).collect();
        let names = names.join(" ");
        format!("the keys are {names}; put text that has a colon in quotes")
    };
    Complaint::new(format!("{name:?} is not a key of the filter"), next)
}
