//! Makes the fixes that edit the text: those that are certain, or those that were asked for by name.

use crate::model::Form;
use crate::model::rule::{Rule, RuleSet};
use crate::script::lint::{self, Fix, Fixed};
use crate::script::read;

use crate::cli::Failure;

/// One fix may reveal another problem, so the text is read again this often.
const ROUNDS: usize = 40;

/// Which fixes are to be made.
pub(super) enum Wanted {
    /// All that are certain.
    Certain,
    /// These, whether or not they are certain.
    Named(Vec<&'static str>),
}

impl Wanted {
    pub(super) const fn certain() -> Self {
        Self::Certain
    }

    /// The fixes of `--fix` or `--fix=squeeze,shift`.
    pub(super) fn of_words(words: &[String]) -> Result<Self, Failure> {
        if words.is_empty() {
            return Ok(Self::Certain);
        }
        let known = |word: &String| {
            Fix::WORDS.into_iter().find(|known| known == word).ok_or_else(|| {
                let all = Fix::WORDS.join(", ");
                Failure::usage(format!("{word:?} is no fix of the text: give one of {all}"))
            })
        };
        words.iter().map(known).collect::<Result<_, _>>().map(Self::Named)
    }

    fn includes(&self, fix: &Fix) -> bool {
        match self {
            Self::Certain => fix.is_certain(),
            Self::Named(words) => fix.word().is_some_and(|word| words.contains(&word)),
        }
    }
}

/// A form after its fixes.
pub(super) struct Mended {
    pub(super) form: Form,
    /// What was done, in order.
    done: Vec<(Rule, Fix)>,
    /// What could be done, but was not asked for, the first fix of each finding.
    left: Vec<(Rule, Fix)>,
}

/// Makes the fixes.
pub(super) fn mend(form: &Form, wanted: &Wanted, off: RuleSet) -> Mended {
    let mut form = form.clone();
    let mut done: Vec<(Rule, Fix)> = Vec::new();
    for _ in 0..ROUNDS {
        let Some((rule, fix, better)) = next(&form, wanted, off, &done) else {
            break;
        };
        form = better;
        done.push((rule, fix));
    }
    let left = offered(&form, off)
        .into_iter()
        .filter(|(_, fix)| !wanted.includes(fix))
        .collect();
    Mended { form, done, left }
}

/// Every fix that edits the text, in the order of the findings.
fn offered(form: &Form, off: RuleSet) -> Vec<(Rule, Fix)> {
    let mut offered: Vec<(Rule, Fix)> = Vec::new();
    for finding in lint::check(form, &read(&form.prompt), &off) {
        for fix in finding.fixes.into_iter().filter(|fix| fix.word().is_some()) {
            if !offered.iter().any(|(_, known)| *known == fix) {
                offered.push((finding.rule, fix));
            }
        }
    }
    offered
}

/// The next fix to make, and the form after it.
fn next(form: &Form, wanted: &Wanted, off: RuleSet, done: &[(Rule, Fix)]) -> Option<(Rule, Fix, Form)> {
    let offered = offered(form, off).into_iter();
    let mut asked =
        offered.filter(|(_, fix)| wanted.includes(fix) && !done.iter().any(|(_, made)| made == fix));
    asked.find_map(|(rule, fix)| match fix.apply(form) {
        Fixed::One(better) if better.prompt != form.prompt => Some((rule, fix, better)),
        _ => None,
    })
}

impl Mended {
    /// What was done and what was left, a line each; `would` tells that nothing was written.
    pub(super) fn told(&self, name: &str, would: bool) -> Vec<String> {
        let verb = if would { "would fix" } else { "fixed" };
        let done = self.done.iter();
        let done = done.map(|(rule, fix)| format!("{name}: {verb}: {} [{rule}]", fix.label()));
        let left = self.left.iter().map(|(rule, fix)| {
            let word = fix.word().unwrap_or_default();
            format!("{name}: left: {} [{rule}], which --fix={word} does", fix.label())
        });
        done.chain(left).collect()
    }
}

/// The changes as a unified diff; empty when there are none.
pub(super) fn diff(name: &str, before: &str, after: &str) -> String {
    let lines = similar::TextDiff::from_lines(before, after);
    let hunks = lines
        .unified_diff()
        .context_radius(1)
        .header(name, name)
        .to_string();
    hunks.strip_suffix('\n').unwrap_or(&hunks).to_owned()
}
