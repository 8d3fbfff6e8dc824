//! Helpers for the tests of the rules.

use super::{Finding, Rule, RuleSet, check};
use crate::model::{Form, Seconds};
use crate::script::read;

/// A new form of 10 s with this prompt.
pub(super) fn form(prompt: &str) -> Form {
    Form {
        prompt: prompt.to_owned(),
        ..Form::default()
    }
}

/// A form with the given duration in seconds.
pub(super) fn lasting(prompt: &str, seconds: i64) -> Form {
    Form {
        duration: Seconds::new(seconds).unwrap(),
        ..form(prompt)
    }
}

pub(super) fn all(form: &Form) -> Vec<Finding> {
    check(form, &read(&form.prompt), &RuleSet::NONE)
}

/// What one rule finds.
pub(super) fn found(form: &Form, rule: Rule) -> Vec<Finding> {
    all(form)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .collect()
}

/// Every finding as `rule: message`.
pub(super) fn messages(form: &Form) -> Vec<String> {
    all(form)
        .into_iter()
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}
