//! Checks a script against the request that will be sent, and mends what can be mended.
//!
//! Pure: a rule that needs the disk (a local reference that cannot be read) is checked by whoever may look.
//! [`check`] and [`Fix::apply`] take any text; their work grows with its length only.

use std::ops::Range;

use crate::model::{Draft, Seed};

use super::Script;

mod cited;
mod fix;
mod guard;
mod lexicon;
mod mend;
mod moves;
mod pace;
mod params;
mod phrases;
mod pictured;
mod quote;
mod slots;
mod sound;
mod split;
mod times;

pub use crate::model::rule::{Rule, RuleSet, Severity};
pub use fix::{Fix, Fixed};

use lexicon::{Hit, Sense};
use quote::Quote;

/// Most findings that one rule gives: nobody reads more, and a hostile text must not fill the memory.
pub const MOST_OF_A_RULE: usize = 50;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    /// Bytes of the prompt; `0..0` when it concerns a parameter only.
    pub span: Range<usize>,
    /// One line: the thing, the rule, the next step.
    pub message: String,
    /// What would mend it without damage; the first is the one to offer.
    pub fixes: Vec<Fix>,
}

impl Finding {
    /// One about parameters, not about a place in the text.
    #[must_use]
    pub fn of_parameters(rule: Rule, message: String) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            span: 0..0,
            message,
            fixes: Vec::new(),
        }
    }
}

/// Everything that is wrong with `draft`, whose prompt reads as `script`, except by the rules that are `off`:
/// errors first, then warnings, then notes, each in the order of the text. The fixes damage nothing.
#[must_use]
pub fn check(draft: &Draft, script: &Script, off: &RuleSet) -> Vec<Finding> {
    let mut found = examine(draft, script, *off);
    guard::keep_harmless(draft, script, &mut found);
    found
}

/// As [`check`], with every fix that a rule knows.
fn examine(draft: &Draft, script: &Script, off: RuleSet) -> Vec<Finding> {
    let text = draft.prompt.as_str();
    let quotes = quote::quotes(text);
    let mut look = Look {
        draft,
        script,
        text,
        hits: lexicon::hits(text),
        quotes,
        off,
        found: Vec::new(),
        counts: [0; Rule::ALL.len()],
    };
    params::check(&mut look);
    times::check(&mut look);
    cited::check(&mut look);
    slots::check(&mut look);
    pace::check(&mut look);
    moves::check(&mut look);
    sound::check(&mut look);
    pictured::check(&mut look);
    let mut found = look.found;
    found.sort_by_key(|finding| (finding.severity, finding.span.start, finding.rule));
    found
}

/// What the rules look at, and what they found.
struct Look<'a> {
    draft: &'a Draft,
    script: &'a Script,
    text: &'a str,
    /// Known words of the text, in order.
    hits: Vec<Hit>,
    quotes: Vec<Quote>,
    off: RuleSet,
    found: Vec<Finding>,
    counts: [usize; Rule::ALL.len()],
}

impl Look<'_> {
    fn add(&mut self, rule: Rule, span: Range<usize>, message: String, fixes: Vec<Fix>) {
        let count = &mut self.counts[rule as usize];
        if self.off.contains(rule) || *count >= MOST_OF_A_RULE {
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

    /// The known words inside `span`.
    fn hits_in(&self, span: &Range<usize>) -> &[Hit] {
        let from = self.hits.partition_point(|hit| hit.at.start < span.start);
        let to = self.hits.partition_point(|hit| hit.at.start < span.end);
        self.hits.get(from..to).unwrap_or_default()
    }

    /// The first word of `sense` that is not denied (`no music`) and not spoken.
    fn first(&self, sense: Sense) -> Option<Range<usize>> {
        let hit = self
            .hits
            .iter()
            .find(|hit| hit.sense == sense && self.is_meant(hit));
        hit.map(|hit| hit.at.clone())
    }

    /// Whether the word is neither denied nor part of what somebody says.
    fn is_meant(&self, hit: &Hit) -> bool {
        !lexicon::is_denied(self.text, hit.at.start) && !self.is_spoken(hit.at.start)
    }

    /// Whether `at` lies within quotation marks.
    fn is_spoken(&self, at: usize) -> bool {
        let next = self.quotes.partition_point(|quote| quote.at.end <= at);
        self.quotes.get(next).is_some_and(|quote| quote.at.start <= at)
    }

    /// The take's length in milliseconds.
    fn take_ms(&self) -> u32 {
        self.draft.duration.ms()
    }
}

/// A legal seed, for questions that any will do for.
fn any_seed() -> Seed {
    Seed::draw(&mut fastrand::Rng::with_seed(0))
}

/// `3 s`, `1.5 s`.
fn seconds(ms: u32) -> String {
    format!("{} s", decimal(ms))
}

/// `3`, `1.5`, `0.04`.
fn decimal(ms: u32) -> String {
    super::Form::Seconds {
        width: 1,
        decimals: 0,
    }
    .write(ms)
}

#[cfg(test)]
#[path = "kit_tests.rs"]
mod kit_tests;
