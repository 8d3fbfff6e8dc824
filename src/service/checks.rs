//! Checks a form: its script by the rules of lint, and the local files that it names.

use std::collections::BTreeMap;

use crate::engine::references::{FileFacts, Local};
use crate::model::rule::{Rule, RuleSet};
use crate::model::{Complaint, Form};
use crate::script::Script;
use crate::script::lint::{self, Finding};

/// What is known of local files, by their names: what each is, or why it cannot be used.
pub type Files = BTreeMap<String, Result<FileFacts, Complaint>>;

/// Looks at local files. A file that several fields name has to suit all of them.
pub fn look(named: &[Local]) -> Files {
    let mut files = Files::new();
    for local in named {
        let seen = local.look().map_err(|error| error.complaint());
        let seen = match files.remove(&local.reference) {
            Some(before) => before.and(seen),
            None => seen,
        };
        files.insert(local.reference.clone(), seen);
    }
    files
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
    form.references().filter_map(|(_, name)| {
        let (rule, message) = match files.get(name)? {
            Ok(facts) => (Rule::DoubtfulReference, facts.doubt.as_ref()?),
            Err(error) => (Rule::UnreadableReference, error),
        };
        Some(Finding::of_parameters(rule, message.clone()))
    })
}
