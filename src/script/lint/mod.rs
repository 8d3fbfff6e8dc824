//! Checks a script against the request that will be sent, and fixes what can be fixed.
//!
//! Rules that need the disk, such as a local reference that cannot be read, are checked elsewhere. [`check`] and
//! [`Fix::apply`] accept any text; their work grows in proportion to its length.

use std::cell::OnceCell;
use std::ops::Range;

use crate::model::text::exact_seconds;
use crate::model::{Complaint, Form};

use super::Script;

mod fix;
mod harmless_fixes;
mod negation;
mod quotations;
mod rules;
mod split_clips;
mod text_fixes;
mod word_lists;
mod word_search;

pub use crate::model::rule::{Rule, RuleSet, Severity};
pub use fix::{Fix, Fixed};

use quotations::Quote;
use word_lists::Sense;
use word_search::Hit;

/// The most findings of one rule: nobody reads more, and a hostile text must not fill the memory.
pub const MAX_OF_A_RULE: usize = 50;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    /// The bytes of the prompt; `0..0` for a parameter.
    pub span: Range<usize>,
    /// One line: what is wrong, and what to do.
    pub message: Complaint,
    /// Fixes that damage nothing, the best one first.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// A finding about parameters, not about the text.
    pub fn of_parameters(rule: Rule, message: Complaint) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            span: 0..0,
            message,
            fixes: Vec::new(),
        }
    }
}

/// Everything that is wrong with `form`, whose prompt was read as `script`, apart from the rules that are `off`: errors
/// first, then warnings, then notes, each in the order of the text.
pub fn check(form: &Form, script: &Script, off: &RuleSet) -> Vec<Finding> {
    let mut found = examine(form, script, *off);
    harmless_fixes::keep_harmless(form, script, &mut found);
    found
}

/// For each shot of `script`, which was read from `prompt`, whether somebody speaks in it; without shots, whether
/// somebody does in the whole text.
pub fn speaking(prompt: &str, script: &Script) -> Vec<bool> {
    let form = Form {
        prompt: prompt.to_owned(),
        ..Form::default()
    };
    rules::speaking(&Look::at(&form, script, RuleSet::NONE))
}

/// Every error, with every fix.
fn errors(form: &Form, script: &Script) -> Vec<Finding> {
    let mut look = Look::at(form, script, RuleSet::NONE);
    rules::check_for_errors(&mut look);
    look.found.retain(|finding| finding.severity == Severity::Error);
    look.found
}

/// As [`check`], but with every fix, even those that would damage something.
fn examine(form: &Form, script: &Script, off: RuleSet) -> Vec<Finding> {
    let mut look = Look::at(form, script, off);
    rules::check_for_errors(&mut look);
    rules::check_for_others(&mut look);
    let mut found = look.found;
    found.sort_by_key(|finding| (finding.severity, finding.span.start, finding.rule));
    found
}

/// What the rules look at, and what they have found.
struct Look<'a> {
    form: &'a Form,
    script: &'a Script,
    text: &'a str,
    hits: OnceCell<Vec<Hit>>,
    quotes: OnceCell<Vec<Quote>>,
    denied: OnceCell<Vec<Range<usize>>>,
    off: RuleSet,
    found: Vec<Finding>,
    counts: [usize; Rule::ALL.len()],
}

impl<'a> Look<'a> {
    fn at(form: &'a Form, script: &'a Script, off: RuleSet) -> Self {
        let text = form.prompt.as_str();
        Self {
            form,
            script,
            text,
            hits: OnceCell::new(),
            quotes: OnceCell::new(),
            denied: OnceCell::new(),
            off,
            found: Vec::new(),
            counts: [0; Rule::ALL.len()],
        }
    }
}

impl Look<'_> {
    fn add(&mut self, rule: Rule, span: Range<usize>, message: Complaint, fixes: Vec<Fix>) {
        let count = &mut self.counts[rule as usize];
        if self.off.contains(rule) || *count >= MAX_OF_A_RULE {
            return;
        }
        *count += 1;
        self.found.push(Finding {
            rule,
            severity: rule.severity(),
            span,
            message,
            fixes,
        });
    }

    /// The known words of the text, in order.
    fn hits(&self) -> &[Hit] {
        self.hits.get_or_init(|| word_search::hits(self.text))
    }

    fn quotes(&self) -> &[Quote] {
        self.quotes.get_or_init(|| quotations::quotes(self.text))
    }

    /// What the text denies, in order.
    fn denied(&self) -> &[Range<usize>] {
        self.denied.get_or_init(|| negation::denied(self.text))
    }

    /// The known words inside `span`.
    fn hits_in(&self, span: &Range<usize>) -> &[Hit] {
        let from = self.hits().partition_point(|hit| hit.at.start < span.start);
        let to = self.hits().partition_point(|hit| hit.at.start < span.end);
        self.hits().get(from..to).unwrap_or_default()
    }

    /// The first word of `sense` that is neither denied (`no music`) nor spoken.
    fn first(&self, sense: Sense) -> Option<Range<usize>> {
        let hit = self
            .hits()
            .iter()
            .find(|hit| hit.sense == sense && self.is_meant(hit.at.start));
        hit.map(|hit| hit.at.clone())
    }

    /// Whether the word at byte `at` is neither denied nor spoken.
    fn is_meant(&self, at: usize) -> bool {
        !self.is_denied(at) && !self.is_spoken(at)
    }

    /// Whether the text denies what is at byte `at`.
    fn is_denied(&self, at: usize) -> bool {
        let next = self.denied().partition_point(|range| range.end <= at);
        self.denied().get(next).is_some_and(|range| range.start <= at)
    }

    /// Whether a word of `sense` stands outside all shots: it is about all of them.
    fn says_of_all(&self, senses: impl Fn(Sense) -> bool) -> bool {
        let mut shots = self.script.shots.iter().map(rules::whole).peekable();
        self.hits()
            .iter()
            .filter(|hit| senses(hit.sense) && self.is_meant(hit.at.start))
            .any(|hit| {
                while shots.next_if(|shot| shot.end <= hit.at.start).is_some() {}
                shots.peek().is_none_or(|shot| hit.at.start < shot.start)
            })
    }

    /// Whether byte `at` is within quotation marks that are not those of data.
    fn is_spoken(&self, at: usize) -> bool {
        self.quote_at(at).is_some_and(|quote| !quote.is_data)
    }

    /// Whether byte `at` is within a short quotation, as on a sign: `The screen reads "VIDEO 1"`.
    fn is_shown(&self, at: usize) -> bool {
        self.quote_at(at).is_some_and(Quote::is_shown)
    }

    /// Whether byte `at` is within a value of JSON or YAML.
    fn is_data(&self, at: usize) -> bool {
        self.quote_at(at).is_some_and(|quote| quote.is_data)
    }

    fn quote_at(&self, at: usize) -> Option<&Quote> {
        let next = self.quotes().partition_point(|quote| quote.at.end <= at);
        self.quotes().get(next).filter(|quote| quote.at.start <= at)
    }

    /// The take's length in milliseconds.
    fn take_ms(&self) -> u32 {
        self.form.duration.ms()
    }
}

/// `3 s`, `1.5 s`.
fn seconds(ms: u32) -> String {
    format!("{} s", exact_seconds(ms))
}

#[cfg(test)]
#[path = "kit_tests.rs"]
mod kit_tests;
