//! Checks a form: its script by the rules of lint, and the local files that it names.

use std::collections::BTreeMap;

use crate::engine::references::{self, FileFacts};
use crate::model::Draft;
use crate::model::invalid::Field;
use crate::model::rule::{Rule, RuleSet};
use crate::script::Script;
use crate::script::lint::{self, Finding};

/// What is known of local files, by their names: what each is, or why it cannot be used.
pub type Files = BTreeMap<String, Result<FileFacts, String>>;

/// Looks at local files. A file that several fields name has to suit all of them.
pub fn look(named: Vec<(Field, String)>) -> Files {
    let mut files = Files::new();
    for (field, name) in named {
        let seen = references::look(field, &name).map_err(|error| error.to_string());
        let seen = match files.remove(&name) {
            Some(before) => before.and(seen),
            None => seen,
        };
        files.insert(name, seen);
    }
    files
}

/// Everything that the rules find in a form, except by those that are `off`; errors first.
pub fn findings(draft: &Draft, script: &Script, off: &RuleSet, files: &Files) -> Vec<Finding> {
    let mut findings = lint::check(draft, script, off);
    findings.extend(about_files(draft, files).filter(|finding| !off.contains(finding.rule)));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// A finding for each file that the API will not accept, or may not.
fn about_files<'a>(draft: &'a Draft, files: &'a Files) -> impl Iterator<Item = Finding> + 'a {
    let named = [&draft.first_frame, &draft.last_frame]
        .into_iter()
        .chain(&draft.images)
        .chain(&draft.videos)
        .chain(&draft.audios);
    named.filter_map(|name| {
        let (rule, message) = match files.get(name)? {
            Ok(facts) => (Rule::DoubtfulReference, facts.doubt.as_ref()?),
            Err(error) => (Rule::UnreadableReference, error),
        };
        Some(Finding::of_parameters(rule, message.clone()))
    })
}
