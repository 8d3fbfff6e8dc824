//! Reads the filter line of the log and turns it into SQL.

use rusqlite::types::Value;

use crate::model::{Backend, Model, Resolution, TakeId, TakeState, Verdict};
use crate::store::columns;

/// The longest filter line, in characters.
const MAX_LENGTH: usize = 500;

/// The keys that a filter line knows, for the user.
const ACCEPTED: &str = "seed:42, state:saved, res:720p or 720p, verdict:circled, sweep:9, tag:hero, \
                        tag:\"b roll\", model:fast, \
                        backend:live, take:118, failed";

/// Which takes to show: those of a reel, or of all reels, that every term lets through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The reel's id; `None` for all reels.
    pub reel_id: Option<String>,
    terms: Vec<Term>,
}

/// Why a filter line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    #[error("a filter has no key {key:?}: use {ACCEPTED}, or words to look for")]
    UnknownKey { key: String },
    #[error("{key}:{given} is not a filter: {key} must be {accepted}")]
    BadValue {
        key: &'static str,
        given: String,
        accepted: String,
    },
    #[error("the filter is longer than {MAX_LENGTH} characters: use fewer words")]
    TooLong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    Seed(i64),
    State(TakeState),
    Resolution(Resolution),
    Verdict(Verdict),
    Sweep(i64),
    Tag(String),
    Model(Model),
    Backend(Backend),
    Take(i64),
    /// One of these.
    Among(Vec<i64>),
    /// It was settled without a video.
    Failed,
    /// In prompt, error or note.
    Word(String),
}

/// A condition and the values of its question marks.
pub struct Where {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Filter {
    /// Every take of every reel.
    pub fn all() -> Self {
        Self::default()
    }

    /// Every take of the reel.
    pub fn of_reel(reel_id: &str) -> Self {
        Self::all().in_reel(reel_id)
    }

    /// Every take of the sweep.
    pub fn of_sweep(number: i64) -> Self {
        Self {
            reel_id: None,
            terms: vec![Term::Sweep(number)],
        }
    }

    /// These takes.
    pub fn of_takes(ids: &[TakeId]) -> Self {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        Self {
            reel_id: None,
            terms: vec![Term::Among(ids)],
        }
    }

    /// The same terms within one reel.
    #[must_use]
    pub fn in_reel(mut self, reel_id: &str) -> Self {
        self.reel_id = Some(reel_id.to_owned());
        self
    }

    /// Reads a line such as `seed:42 state:saved 720p kite tag:"b roll"`. All terms must hold. Words are searched in prompt,
    /// error and note, whatever the case of their ASCII letters; quotes keep several together. An error names what is
    /// accepted.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.chars().count() > MAX_LENGTH {
            return Err(FilterError::TooLong);
        }
        let terms = words(text).iter().map(term).collect::<Result<_, _>>()?;
        Ok(Self { reel_id: None, terms })
    }

    /// Reads the arguments of a command line, from which the shell has taken the quotes: an argument such as `tag:b roll` is
    /// one term. One that is no term as a whole is read as a line.
    pub fn of_arguments(arguments: &[String]) -> Result<Self, FilterError> {
        if arguments
            .iter()
            .map(|argument| argument.chars().count())
            .sum::<usize>()
            > MAX_LENGTH
        {
            return Err(FilterError::TooLong);
        }
        let mut terms = Vec::new();
        for argument in arguments {
            match whole(argument) {
                Some(term) => terms.push(term),
                None => terms.extend(Self::parse(argument)?.terms),
            }
        }
        Ok(Self { reel_id: None, terms })
    }

    pub fn to_sql(&self) -> Where {
        let mut conditions = Vec::new();
        let mut params = Vec::new();
        if let Some(reel_id) = &self.reel_id {
            conditions.push("reel_id = ?".to_owned());
            params.push(Value::from(reel_id.clone()));
        }
        for term in &self.terms {
            let (condition, values) = term.to_sql();
            conditions.push(condition);
            params.extend(values);
        }
        let sql = if conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", conditions.join(" AND "))
        };
        Where { sql, params }
    }
}

impl Term {
    /// A plus sign keeps SQL from sorting all takes of a state: reading the log in order finds a page sooner.
    fn to_sql(&self) -> (String, Vec<Value>) {
        let one = |sql: &str, value: Value| (sql.to_owned(), vec![value]);
        let word = |sql: &str, word: &str| one(sql, word.to_owned().into());
        match self {
            Self::Seed(seed) => one("seed = ?", (*seed).into()),
            Self::State(state) => word("+state = ?", state.word()),
            Self::Resolution(resolution) => word("+resolution = ?", resolution.wire()),
            Self::Verdict(verdict) => word("verdict = ?", verdict.word()),
            Self::Sweep(sweep) => one("sweep = ?", (*sweep).into()),
            Self::Tag(tag) => word(
                "EXISTS (SELECT 1 FROM json_each(tags) WHERE lower(value) = ?)",
                tag,
            ),
            Self::Model(model) => word("+model = ?", model.slug()),
            Self::Backend(backend) => word("+backend = ?", backend.word()),
            Self::Take(id) => one("id = ?", (*id).into()),
            Self::Among(ids) => one(
                "id IN (SELECT value FROM json_each(?))",
                serde_json::json!(ids).to_string().into(),
            ),
            Self::Failed => (
                format!("+state IN ({})", columns::states(settled_without_video)),
                Vec::new(),
            ),
            Self::Word(text) => {
                let like = r"(prompt LIKE ? ESCAPE '\' OR error LIKE ? ESCAPE '\' OR note LIKE ? ESCAPE '\')";
                (like.to_owned(), vec![pattern(text).into(); 3])
            }
        }
    }
}

/// The states that the word `failed` selects.
const fn settled_without_video(state: TakeState) -> bool {
    state.settled() && !matches!(state, TakeState::Saved | TakeState::Cancelled)
}

fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A part of the line between spaces.
#[derive(Debug, Default)]
struct Word {
    text: String,
    /// It begins with a quote, so it is text to look for, whatever it says.
    is_quoted: bool,
}

/// Splits a line at its spaces. A quote keeps words together where it begins a word or follows `:`, up to the next quote or
/// the end of the line; elsewhere it is a character like others.
fn words(line: &str) -> Vec<Word> {
    let (mut words, mut word) = (Vec::new(), Word::default());
    let mut is_open = false;
    for c in line.chars() {
        match c {
            '"' if is_open => is_open = false,
            '"' if word.text.is_empty() || word.text.ends_with(':') => {
                word.is_quoted |= word.text.is_empty();
                is_open = true;
            }
            c if c.is_whitespace() && !is_open => words.push(std::mem::take(&mut word)),
            c => word.text.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.text.trim().is_empty());
    words
}

/// The term that an argument with a key and without quotes is as a whole.
fn whole(argument: &str) -> Option<Term> {
    let (key, _) = argument.split_once(':').filter(|_| !argument.contains('"'))?;
    keyed(
        &key.to_ascii_lowercase(),
        argument.get(key.len() + 1..)?.to_ascii_lowercase().trim(),
    )
    .ok()
}

fn term(Word { text, is_quoted }: &Word) -> Result<Term, FilterError> {
    if *is_quoted {
        return Ok(Term::Word(text.clone()));
    }
    let lower = text.to_ascii_lowercase();
    match lower.split_once(':') {
        Some((key, value)) if !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphabetic()) => {
            keyed(key, value)
        }
        _ if lower == "failed" => Ok(Term::Failed),
        _ => Ok(resolution(&lower).map_or_else(|| Term::Word(text.clone()), Term::Resolution)),
    }
}

fn keyed(key: &str, value: &str) -> Result<Term, FilterError> {
    match key {
        "seed" => number("seed", value).map(Term::Seed),
        "state" => {
            let all = TakeState::ALL.map(TakeState::word);
            known("state", value, value.parse().ok(), &all).map(Term::State)
        }
        "res" | "resolution" => {
            let all: Vec<_> = resolutions().iter().map(|r| r.wire()).collect();
            known("res", value, resolution(value), &all).map(Term::Resolution)
        }
        "verdict" => {
            let all = [Verdict::Circled, Verdict::Rejected, Verdict::None].map(Verdict::word);
            known("verdict", value, value.parse().ok(), &all).map(Term::Verdict)
        }
        "sweep" => number("sweep", value).map(Term::Sweep),
        "tag" if !value.trim().is_empty() => Ok(Term::Tag(value.trim().to_owned())),
        "tag" => known("tag", value, None, &["a tag, such as tag:hero or tag:\"b roll\""]),
        "model" => {
            let named = |m: &&Model| m.label() == value || m.slug() == value;
            let models = Model::all();
            let all: Vec<_> = models.iter().map(|m| m.label()).collect();
            known("model", value, models.iter().find(named).copied(), &all).map(Term::Model)
        }
        "backend" => {
            let all = [Backend::Sandbox, Backend::Live].map(Backend::word);
            known("backend", value, value.parse().ok(), &all).map(Term::Backend)
        }
        "take" | "id" => number("take", value).map(Term::Take),
        _ => Err(FilterError::UnknownKey { key: key.to_owned() }),
    }
}

/// Every resolution that a model makes, the coarsest first.
fn resolutions() -> Vec<Resolution> {
    let mut all = Vec::new();
    for model in Model::all() {
        all.extend(model.resolutions.iter().map(|(resolution, _)| *resolution));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn resolution(word: &str) -> Option<Resolution> {
    resolutions()
        .into_iter()
        .find(|resolution| resolution.wire() == word)
}

fn number(key: &'static str, value: &str) -> Result<i64, FilterError> {
    let number = value.parse().ok().filter(|number: &i64| *number >= 0);
    known(key, value, number, &["a number"])
}

fn known<T>(key: &'static str, given: &str, found: Option<T>, accepted: &[&str]) -> Result<T, FilterError> {
    found.ok_or_else(|| FilterError::BadValue {
        key,
        given: given.to_owned(),
        accepted: match accepted {
            [only] => (*only).to_owned(),
            several => format!("one of {}", several.join(", ")),
        },
    })
}
