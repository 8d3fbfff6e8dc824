//! Turns a filter into conditions on the rows of the log.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::Value;

use crate::model::filter::{Mistake, Number, Query, Range, RowWord, Shown, Term};
use crate::model::{FailureKind, Model, TakeId, TakeState};
use crate::store::columns;
use crate::store::takes::lookup::final_counts_sql;

/// Trigrams find nothing shorter than three characters.
const TRIGRAM: usize = 3;

/// Which takes to show: those of a reel, or of all reels, that every term lets through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    reel_id: Option<String>,
    query: Query,
    only: Option<Only>,
    zone: Option<TimeZone>,
}

/// Takes that are chosen by no query.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Only {
    Sweep(i64),
    Takes(Vec<i64>),
}

/// A condition on rows of the log, and the values of its question marks.
#[derive(Debug, Clone, Default)]
pub struct Where {
    /// `FROM … WHERE …`.
    pub sql: String,
    pub params: Vec<Value>,
}

/// The rows of the log, which are in the order of their reels and then of their numbers.
const LOG: &str = "FROM log";
/// What rows without any condition are read from: it is in the order of the numbers.
const TAKES: &str = "FROM (SELECT id AS take_id, state, verdict, sweep FROM takes)";

impl Where {
    /// The same on rows of the log, which have every column.
    #[must_use]
    pub fn on_log(self) -> Self {
        let is_of_takes = self.sql == TAKES;
        Self {
            sql: if is_of_takes { LOG.to_owned() } else { self.sql },
            ..self
        }
    }

    /// The condition, and another one.
    pub fn and(&self, condition: &str, params: impl IntoIterator<Item = Value>) -> Self {
        let word = if self.sql.contains(" WHERE ") {
            "AND"
        } else {
            "WHERE"
        };
        let mut all = self.params.clone();
        all.extend(params);
        Self {
            sql: format!("{} {word} {condition}", self.sql),
            params: all,
        }
    }
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
            only: Some(Only::Sweep(number)),
            ..Self::default()
        }
    }

    /// These takes.
    pub fn of_takes(ids: &[TakeId]) -> Self {
        Self {
            only: Some(Only::Takes(ids.iter().map(|id| id.0).collect())),
            ..Self::default()
        }
    }

    /// [`Query::read`] as a filter of all reels.
    pub fn parse(line: &str) -> Result<Self, Mistake> {
        Query::read(line).map(Self::from)
    }

    /// [`Filter::parse`], where a line with a mistake lets no take through: it never shows more than was meant.
    pub fn of_line(line: &str) -> Self {
        Self::parse(line).unwrap_or_else(|_| Self::of_takes(&[]))
    }

    /// The same terms within one reel, unless they name reels themselves.
    #[must_use]
    pub fn in_reel(mut self, reel_id: &str) -> Self {
        let names_reels = self.query.terms.iter().any(|term| matches!(term, Term::Reel(_)));
        self.reel_id = (!names_reels).then(|| reel_id.to_owned());
        self
    }

    /// Whether it lets every take of one reel through, and no other.
    pub fn is_of_reel_alone(&self) -> bool {
        self.reel_id.is_some() && self.only.is_none() && self.query.terms.is_empty()
    }

    /// With the days of this time zone; those of the system unless said.
    #[must_use]
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// The condition, where today is the day of `now`.
    pub fn to_sql(&self, now: Timestamp) -> Where {
        let mut sql = Sql::default();
        if let Some(reel_id) = &self.reel_id {
            sql.and("reel_id = ?", [reel_id.clone()]);
        }
        match &self.only {
            None => {}
            Some(Only::Sweep(number)) => sql.and(
                "(reel_id, take_id) IN (SELECT reel_id, id FROM takes WHERE sweep = ?)",
                [*number],
            ),
            Some(Only::Takes(ids)) => sql.and(
                "(reel_id, take_id) IN
                    (SELECT reel_id, id FROM takes WHERE id IN (SELECT value FROM json_each(?)))",
                [serde_json::json!(ids).to_string()],
            ),
        }
        let zone = self.zone.clone().unwrap_or_else(TimeZone::system);
        for term in &self.query.terms {
            sql.term(term, now, &zone);
        }
        sql.done()
    }
}

impl From<Query> for Filter {
    fn from(query: Query) -> Self {
        Self {
            query,
            ..Self::default()
        }
    }
}

/// When a row says that its take was: when it was sent, or else made.
const AT: &str = "coalesce(submitted, created)";

/// Conditions that must all hold, in the making.
#[derive(Default)]
struct Sql {
    conditions: Vec<String>,
    params: Vec<Value>,
}

impl Sql {
    fn and<V: Into<Value>>(&mut self, condition: &str, params: impl IntoIterator<Item = V>) {
        self.conditions.push(condition.to_owned());
        self.params.extend(params.into_iter().map(Into::into));
    }

    /// Adds a condition that holds when any of those does that `make` adds; none never does.
    fn any(&mut self, make: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        make(&mut inner);
        let joined = if inner.conditions.is_empty() {
            "FALSE".to_owned()
        } else {
            format!("({})", inner.conditions.join(" OR "))
        };
        self.and(&joined, inner.params);
    }

    fn done(self) -> Where {
        Where {
            sql: if self.conditions.is_empty() {
                TAKES.to_owned()
            } else {
                format!("{LOG} WHERE {}", self.conditions.join(" AND "))
            },
            params: self.params,
        }
    }

    fn term(&mut self, term: &Term, now: Timestamp, zone: &TimeZone) {
        match term {
            Term::Word(word) => self.any(|any| {
                any.row(&RowWord::of(word), now, zone);
                any.texts(word);
            }),
            Term::Text(text) => self.any(|any| any.texts(text)),
            Term::State(shown) => self.shown(*shown),
            Term::Verdict(verdict) => self.and("verdict = ?", [verdict.word().to_owned()]),
            Term::Resolution(resolution) => self.and("resolution = ?", [resolution.wire().to_owned()]),
            Term::Model(model) => self.and("model = ?", [model.slug().to_owned()]),
            Term::Backend(backend) => self.and("backend = ?", [backend.word().to_owned()]),
            Term::Number(number, range) => self.number(*number, *range),
            Term::Days(days) => self.between(AT, days.between(now, zone)),
            Term::Tag(tag) => self.and(
                "take_id IN (SELECT id FROM takes WHERE tags <> '[]'
                    AND EXISTS (SELECT 1 FROM json_each(tags) WHERE lower(value) = ?))",
                [tag.clone()],
            ),
            Term::Error(text) => self.any(|any| any.error(text)),
            Term::Finishable => self.finishable(now),
            Term::Reel(name) => self.and(
                r"reel_id IN (SELECT id FROM reels WHERE name LIKE ? ESCAPE '\')",
                [containing(name)],
            ),
        }
    }

    fn shown(&mut self, shown: Shown) {
        let none: [Value; 0] = [];
        match shown {
            Shown::State(state) => self.and("state = ?", [state.word().to_owned()]),
            Shown::Deleted => self.and("(state = 'saved' AND emptied_at IS NOT NULL)", none),
            Shown::Paused => self.and("(state = 'waiting' AND paused)", none),
            Shown::OnHold => self.and("(state = 'waiting' AND NOT paused AND hold IS NOT NULL)", none),
        }
    }

    fn number(&mut self, number: Number, range: Range) {
        let column = match number {
            Number::Take => "take_id".to_owned(),
            Number::Seed => "seed".to_owned(),
            Number::Revision => "revision".to_owned(),
            Number::Duration => "duration".to_owned(),
            Number::Cost => cost(),
            Number::Time => TOOK.to_owned(),
            Number::Sweep => {
                let of_sweeps = "take_id IN (SELECT id FROM takes WHERE sweep BETWEEN ? AND ?)";
                return self.and(of_sweeps, [range.from, range.to]);
            }
        };
        self.and(&format!("{column} BETWEEN ? AND ?"), [range.from, range.to]);
    }

    fn between(&mut self, column: &str, (from, before): (Option<Timestamp>, Option<Timestamp>)) {
        let from = from.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = before.map_or(i64::MAX, Timestamp::as_millisecond);
        self.and(&format!("({column} >= ? AND {column} < ?)"), [from, before]);
    }

    /// Drafts that can still be finished and have no final. The models leave few takes whose whole row is read.
    fn finishable(&mut self, now: Timestamp) {
        let counts = final_counts_sql();
        let models = Model::all().into_iter().filter(|model| model.finish.is_some());
        let slugs: Vec<&str> = models.map(Model::slug).collect();
        self.and(
            &format!(
                "(state IN ('rendered', 'saved') AND model IN (SELECT value FROM json_each(?)) AND EXISTS
                    (SELECT 1 FROM takes AS draft WHERE draft.id = take_id AND draft.draft_expires > ? AND NOT EXISTS
                        (SELECT 1 FROM takes WHERE finishes = draft.draft_id AND backend = draft.backend AND {counts})))"
            ),
            [
                Value::from(serde_json::json!(slugs).to_string()),
                now.as_millisecond().into(),
            ],
        );
    }

    /// What a row shows.
    fn row(&mut self, row: &RowWord, now: Timestamp, zone: &TimeZone) {
        for shown in &row.states {
            self.shown(*shown);
        }
        self.among("verdict", row.verdicts.iter().map(|verdict| verdict.word()));
        self.among("model", row.models.iter().map(|model| model.slug()));
        self.among("error_kind", row.failures.iter().map(|kind| kind.word()));
        self.among("resolution", row.resolution.iter().map(|one| one.wire()));
        for (column, number) in [
            ("duration", row.duration),
            ("take_id", row.take),
            ("revision", row.revision),
        ] {
            if let Some(number) = number {
                self.and(&format!("{column} = ?"), [number]);
            }
        }
        for seeds in &row.seeds {
            self.and("seed BETWEEN ? AND ?", [seeds.from, seeds.to]);
        }
        if let Some(days) = row.days {
            self.between(AT, days.between(now, zone));
        }
        if row.finishable {
            self.finishable(now);
        }
    }

    fn among<'a>(&mut self, column: &str, words: impl Iterator<Item = &'a str>) {
        let words: Vec<String> = words.map(str::to_owned).collect();
        if !words.is_empty() {
            let marks = vec!["?"; words.len()].join(", ");
            self.and(&format!("{column} IN ({marks})"), words);
        }
    }

    /// Prompt, note, tags, value and error of a take.
    fn texts(&mut self, text: &str) {
        if text.chars().count() >= TRIGRAM {
            let phrase = phrase(text);
            self.and(PROMPTS, [phrase.clone()]);
            self.and(REMARKS, [phrase]);
        } else {
            let pattern = containing(text);
            self.and(PROMPTS_SCANNED, [pattern.clone()]);
            self.and(REMARKS_SCANNED, vec![pattern; 4]);
        }
    }

    fn error(&mut self, text: &str) {
        let low = text.to_lowercase();
        let has = |words: &str| words.contains(&low);
        let kinds = FailureKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| has(kind.title()) || has(kind.word()));
        self.among("error_kind", kinds.map(FailureKind::word));
        if text.chars().count() >= TRIGRAM {
            self.and(REMARKS, [format!("error : {}", phrase(text))]);
        } else {
            self.and(
                r"take_id IN (SELECT rowid FROM remarks WHERE error LIKE ? ESCAPE '\')",
                [containing(text)],
            );
        }
    }
}

const PROMPTS: &str = "prompt IN (SELECT rowid FROM prompts_text WHERE prompts_text MATCH ?)";
const REMARKS: &str = "take_id IN (SELECT rowid FROM remarks WHERE remarks MATCH ?)";
const PROMPTS_SCANNED: &str = r"prompt IN (SELECT id FROM prompts WHERE text LIKE ? ESCAPE '\')";
const REMARKS_SCANNED: &str = r"take_id IN (SELECT rowid FROM remarks
    WHERE note LIKE ? ESCAPE '\' OR tags LIKE ? ESCAPE '\' OR value LIKE ? ESCAPE '\' OR error LIKE ? ESCAPE '\')";

/// [`crate::model::Take::took_ms`].
pub(super) const TOOK: &str =
    "max(0, iif(revision IS NULL AND settled IS NOT NULL, coalesce(rendered, settled), settled) - submitted)";

/// What a row shows as the cost: nothing in the sandbox, else the bill, or the estimate while that may be spent.
pub(super) fn cost() -> String {
    format!(
        "iif(backend = 'sandbox', 0, coalesce(cost, iif(state IN ({}), estimate, NULL)))",
        columns::states(TakeState::commits_money)
    )
}

/// The text as one phrase of a full-text query, in which nothing has a meaning of its own.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The pattern of texts that contain this one.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
