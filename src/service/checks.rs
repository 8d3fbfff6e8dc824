//! Checks a form: its script by the rules of lint, and the local files that it names.

use std::collections::BTreeMap;

use crate::engine::references::{FileFacts, Local};
use crate::model::parameters::Medium;
use crate::model::rule::{Rule, RuleSet};
use crate::model::template::{Node, nodes};
use crate::model::{Complaint, Form, Parameter};
use crate::script::expand::{Choice, ExpandError, Template};
use crate::script::lint::{self, Finding};
use crate::script::{self, Script};

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
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.rule == Rule::UnfilledSlot)
    {
        if let Some(name) = form.prompt.get(finding.span.clone()).and_then(called) {
            finding.message = Complaint::new(
                format!("this reel has no snippet {name:?}"),
                r"correct the name, make the snippet, or write \{ where a brace is meant",
            );
        }
    }
    findings.extend(about_files(form, off, files).filter(|finding| !off.contains(finding.rule)));
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Everything that the rules find in a form whose prompt cannot be expanded, which comes first. Nothing can be sent before
/// that is corrected, and until then variables and calls are no slots.
pub fn of_unreadable(
    form: &Form,
    script: &Script,
    error: &ExpandError,
    off: &RuleSet,
    files: &Files,
) -> Vec<Finding> {
    let mut findings = findings(form, script, off, files);
    findings.retain(|finding| finding.rule != Rule::UnfilledSlot);
    let rule = Rule::UnreadableVariables;
    let unreadable = Finding {
        span: error.span(),
        ..Finding::of_parameters(rule, Complaint::from(error.to_string()))
    };
    findings.insert(0, unreadable);
    findings
}

/// The name of the snippet that a text calls which is nothing but a call.
fn called(text: &str) -> Option<&str> {
    match &nodes(text)[..] {
        [Node::Call { name, .. }] => text.get(name.clone()),
        _ => None,
    }
}

/// The form as its first take sends it, and everything that the rules find in it. The findings point into the prompt as
/// it is written. None of their fixes changes the prompt: a fix of the text that is sent would lose the variables.
pub fn of_template(form: &Form, template: &Template, off: &RuleSet, files: &Files) -> (Form, Vec<Finding>) {
    let expanded = template.expand(&Choice::default());
    let sent = Form {
        prompt: expanded.text.clone(),
        ..form.clone()
    };
    let mut findings = findings(&sent, &script::read(&sent.prompt), off, files);
    drop_escaped(&mut findings, &expanded.escaped);
    for finding in &mut findings {
        finding.span = expanded.source_of(&finding.span);
        finding.fixes.retain(|fix| !fix.edits_prompt());
    }
    (sent, findings)
}

/// Drops the findings about slots whose brace the user has `escaped`: it is meant to be sent.
pub fn drop_escaped(findings: &mut Vec<Finding>, escaped: &[usize]) {
    findings.retain(|finding| finding.rule != Rule::UnfilledSlot || !escaped.contains(&finding.span.start));
}

/// The findings about each file that the API will not accept, or may not, and about all files of a medium together.
fn about_files<'a>(form: &'a Form, off: &RuleSet, files: &'a Files) -> impl Iterator<Item = Finding> + 'a {
    let has_limits = !off.contains(Rule::ReportedLimit);
    let seen = move |(parameter, name): (_, &str)| files.get(&Local::of(form, parameter, name));
    let each = form.references().filter_map(seen).flat_map(move |seen| {
        let facts = match seen {
            Ok(facts) => facts,
            Err(error) => return vec![Finding::of_parameters(Rule::UnreadableReference, error.clone())],
        };
        let limits = facts.refused_elsewhere.iter().chain(&facts.beyond);
        let limits = limits.map(|limit| (Rule::ReportedLimit, limit));
        // What has to be converted is another file then.
        let is_converted = has_limits && facts.refused_elsewhere.is_some();
        let doubt = facts.doubt.as_ref().filter(|_| !is_converted);
        let all = limits.chain(doubt.map(|doubt| (Rule::DoubtfulReference, doubt)));
        all.map(|(rule, message)| Finding::of_parameters(rule, message.clone()))
            .collect()
    });
    let together = [
        (Medium::Video, Parameter::Videos),
        (Medium::Audio, Parameter::Audios),
    ];
    let together = together.into_iter().filter_map(move |(medium, parameter)| {
        let named = medium.items(form).iter();
        let facts = named.filter_map(|name| files.get(&Local::of(form, parameter, name))?.as_ref().ok());
        let lengths: Vec<Option<u64>> = facts.map(|facts| facts.millis).collect();
        let limit = form.model.reported.together(medium, &lengths)?;
        Some(Finding::of_parameters(Rule::ReportedLimit, limit))
    });
    together.chain(each)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::expand::Snippets;

    fn slots(prompt: &str) -> Vec<String> {
        slots_with(prompt, &Snippets::new())
    }

    fn slots_with(prompt: &str, snippets: &Snippets) -> Vec<String> {
        let form = Form {
            prompt: prompt.to_owned(),
            ..Form::default()
        };
        let template = Template::read(prompt, snippets).unwrap();
        let (_, findings) = of_template(&form, &template, &RuleSet::NONE, &Files::new());
        let slots = findings
            .into_iter()
            .filter(|finding| finding.rule == Rule::UnfilledSlot);
        slots.map(|slot| prompt[slot.span].to_owned()).collect()
    }

    #[test]
    fn only_braces_that_the_user_left_by_mistake_are_slots() {
        assert_eq!(slots("A {red|black} coat in {place}."), ["{place}"]);
        assert_eq!(slots(r"A {red|black} coat says \{place\}."), [""; 0]);
        assert_eq!(
            slots(r"\{colour\} is a word here, and {place} is none."),
            ["{place}"]
        );
        assert_eq!(slots(r"One brace is enough: \{place}."), [""; 0]);
        assert_eq!(slots(r"\{place\} is a word, {place} is none."), ["{place}"]);
        let snippets = Snippets::from([
            ("sign".to_owned(), r"a sign says \{place\}".to_owned()),
            ("forgotten".to_owned(), "a sign in {place}".to_owned()),
        ]);
        assert_eq!(slots_with("Here {{sign}}.", &snippets), [""; 0]);
        assert_eq!(slots_with("Here {{forgotten}}.", &snippets), ["{{forgotten}}"]);
    }
}
