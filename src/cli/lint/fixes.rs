//! Makes the fixes that edit the text: those that are certain, or those that were asked for by name.

use crate::model::Form;
use crate::model::rule::{Rule, RuleSet};
use crate::model::text::line_and_column;
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
                Failure::usage(format!("{word:?} is not the name of a fix: give one of {all}"))
            })
        };
        words.iter().map(known).collect::<Result<_, _>>().map(Self::Named)
    }

    fn includes(&self, offer: &Offer) -> bool {
        match self {
            Self::Certain => offer.is_certain,
            Self::Named(words) => offer.fix.word().is_some_and(|word| words.contains(&word)),
        }
    }
}

/// A fix, the rule whose finding it belongs to, and the line of that, from 1.
struct Offer {
    fix: Fix,
    /// It may be made without being asked for.
    is_certain: bool,
    /// Why it is not, if it would otherwise be.
    doubt: Option<String>,
    rule: Rule,
    line: usize,
}

/// A form after its fixes.
pub(super) struct Mended {
    pub(super) form: Form,
    /// What was done, in order.
    done: Vec<Offer>,
    /// What could be done, but was not asked for.
    left: Vec<Offer>,
    /// The fixes that were asked for and had nothing to do.
    idle: Vec<&'static str>,
}

/// Makes the fixes.
pub(super) fn mend(form: &Form, wanted: &Wanted, off: RuleSet) -> Mended {
    let mut form = form.clone();
    let mut done: Vec<Offer> = Vec::new();
    for _ in 0..ROUNDS {
        let Some((offer, better)) = next(&form, wanted, off, &done) else {
            break;
        };
        form = better;
        done.push(offer);
    }
    let mut left = offered(&form, off);
    left.retain(|offer| !wanted.includes(offer));
    let named = match wanted {
        Wanted::Certain => &[][..],
        Wanted::Named(words) => words,
    };
    let is_done = |word: &&str| done.iter().any(|offer| offer.fix.word() == Some(word));
    let idle = named.iter().copied().filter(|word| !is_done(word)).collect();
    Mended {
        form,
        done,
        left,
        idle,
    }
}

/// Every fix that edits the text, once, in the order of the findings.
fn offered(form: &Form, off: RuleSet) -> Vec<Offer> {
    let mut offered: Vec<Offer> = Vec::new();
    let script = read(&form.prompt);
    for finding in lint::check(form, &script, &off) {
        for fix in finding.fixes.into_iter().filter(|fix| fix.word().is_some()) {
            if !offered.iter().any(|known| known.fix == fix) {
                let (line, _) = line_and_column(&form.prompt, finding.span.start);
                offered.push(Offer {
                    is_certain: fix.is_certain(&script),
                    doubt: fix.doubt_in_words(&form.prompt, &script),
                    fix,
                    rule: finding.rule,
                    line,
                });
            }
        }
    }
    offered
}

/// The next fix to make, and the form after it.
fn next(form: &Form, wanted: &Wanted, off: RuleSet, done: &[Offer]) -> Option<(Offer, Form)> {
    let offered = offered(form, off).into_iter();
    let mut asked =
        offered.filter(|offer| wanted.includes(offer) && !done.iter().any(|made| made.fix == offer.fix));
    asked.find_map(|offer| match offer.fix.apply(form) {
        Fixed::One(better) if better.prompt != form.prompt => Some((offer, better)),
        _ => None,
    })
}

impl Mended {
    /// What was done and what was left, a line each; `would` tells that nothing was written.
    pub(super) fn told(&self, name: &str, would: bool) -> Vec<String> {
        let verb = if would { "would fix" } else { "fixed" };
        let of = |offer: &Offer| format!("{} [{}]", offer.fix.label(), offer.rule);
        let done = self
            .done
            .iter()
            .map(|offer| format!("{name}:{}: {verb}: {}", offer.line, of(offer)));
        let idle = self
            .idle
            .iter()
            .map(|word| format!("{name}: nothing to do for --fix={word}"));
        let left = self.left.iter().map(|offer| {
            let word = offer.fix.word().unwrap_or_default();
            let how = match &offer.doubt {
                Some(doubt) => format!("because {doubt}; --fix={word} does it"),
                None => format!("which --fix={word} does"),
            };
            format!("{name}:{}: left: {}, {how}", offer.line, of(offer))
        });
        done.chain(idle).chain(left).collect()
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
