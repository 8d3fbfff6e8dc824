//! Checks a form: its script by the rules of lint, and the local files that it names.

use std::collections::BTreeMap;

use crate::engine::references::{FileFacts, Local};
use crate::model::rule::{Rule, RuleSet};
use crate::model::{Complaint, Form};
use crate::script::Script;
use crate::script::lint::{self, Finding};

/// What is known of local files where a form names them: what each is, or why it cannot be used there.
pub type Files = BTreeMap<Local, Result<FileFacts, Complaint>>;

/// Looks at local files.
pub fn look(named: Vec<Local>) -> Files {
    let look = |local: Local| {
        let seen = local.look().map_err(|error| error.complaint());
        (local, seen)
    };
    named.into_iter().map(look).collect()
}

/// Everything that the rules find in a form, except by those that are `off`; errors first.
pub fn findings(form: &Form, script: &Script, off: &RuleSet, files: &Files) -> Vec<Finding> {
    let mut findings = lint::check(form, script, off);
    findings.extend(about_files(form, files).filter(|finding| !off.contains(finding.rule)));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// A finding for each file that the API will not accept, or may not.
fn about_files<'a>(form: &'a Form, files: &'a Files) -> impl Iterator<Item = Finding> + 'a {
    form.references().filter_map(|(parameter, name)| {
        let (rule, message) = match files.get(&Local::of(form, parameter, name))? {
            Ok(facts) => (Rule::DoubtfulReference, facts.doubt.as_ref()?),
            Err(error) => (Rule::UnreadableReference, error),
        };
        Some(Finding::of_parameters(rule, message.clone()))
    })
}
