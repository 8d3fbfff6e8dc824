//! Helpers for the tests of the rules.

use super::{Finding, Rule, RuleSet, check};
use crate::model::{Draft, Seconds};
use crate::script::read;

/// A new draft of 10 s with this prompt.
pub(super) fn draft(prompt: &str) -> Draft {
    Draft {
        prompt: prompt.to_owned(),
        ..Draft::default()
    }
}

/// A form with the given duration in seconds.
pub(super) fn lasting(prompt: &str, seconds: i64) -> Draft {
    Draft {
        duration: Seconds::new(seconds).unwrap(),
        ..draft(prompt)
    }
}

pub(super) fn all(draft: &Draft) -> Vec<Finding> {
    check(draft, &read(&draft.prompt), &RuleSet::NONE)
}

/// What one rule finds.
pub(super) fn found(draft: &Draft, rule: Rule) -> Vec<Finding> {
    all(draft)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .collect()
}

/// Every finding as `rule: message`.
pub(super) fn messages(draft: &Draft) -> Vec<String> {
    all(draft)
        .into_iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}
