//! Reads the form after each change: its script, its findings, and the marks that show them in the text.

use crate::model::Form;
use crate::model::rule::{RuleSet, Severity};
use crate::model::seconds::length;
use crate::model::text::counted;
use crate::script::expand::{Snippets, Template};
use crate::script::lint::{Finding, Fix};
use crate::script::{self, Script};
use crate::service::checks;
pub use crate::service::checks::Files;

use super::editor::Mark;
use super::theme::Role;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptCheck {
    pub script: Script,
    /// Errors first.
    pub findings: Vec<Finding>,
    /// `5 shots to 10 s of 10 s`; empty without shots.
    pub fit: String,
    /// Headings, citations and findings, over the text.
    pub marks: Vec<Mark>,
    /// Why the prompt cannot be expanded; nothing can be sent then.
    pub broken: Option<String>,
}

impl ScriptCheck {
    /// Reads the form being edited and checks the text that its first take would send, except by the rules that are `off`.
    /// Findings point into the text as it is written.
    pub fn of_template(form: &Form, snippets: &Snippets, off: &RuleSet, files: &Files) -> Self {
        let template = match Template::read(&form.prompt, snippets) {
            Ok(template) if template.is_plain() => return Self::of(form, off, files),
            Ok(template) => template,
            Err(error) => {
                let script = script::read(&form.prompt);
                let findings = checks::of_unreadable(form, &script, &error, off, files);
                return Self {
                    fit: fit(&script, form),
                    marks: marks(&script, &findings),
                    findings,
                    script,
                    broken: Some(error.to_string()),
                };
            }
        };
        let (sent, findings) = checks::of_template(form, &template, off, files);
        let script = script::read(&form.prompt);
        let fit = fit(&script::read(&sent.prompt), form);
        let makes = match template.combinations() {
            Some(1) => "1 text".to_owned(),
            Some(count) => format!("{count} texts"),
            None => "more texts than can be counted".to_owned(),
        };
        Self {
            fit: joined([fit, format!("makes {makes}")]),
            marks: marks(&script, &findings),
            findings,
            script,
            broken: None,
        }
    }

    /// Reads a form and checks it as it stands, except by the rules that are `off`.
    pub fn of(form: &Form, off: &RuleSet, files: &Files) -> Self {
        let script = script::read(&form.prompt);
        let findings = checks::findings(form, &script, off, files);
        Self {
            fit: fit(&script, form),
            marks: marks(&script, &findings),
            findings,
            script,
            broken: None,
        }
    }

    /// Moves the marks with the text, which was changed in one place and is not read yet.
    pub fn follow(&mut self, old: &str, new: &str) {
        let same = |pair: &(u8, u8)| pair.0 == pair.1;
        let before = old.bytes().zip(new.bytes()).take_while(same).count();
        let before = old.floor_char_boundary(before);
        let after = old.bytes().rev().zip(new.bytes().rev()).take_while(same).count();
        let after = after.min(old.len().min(new.len()) - before);
        let end = old.ceil_char_boundary(old.len() - after);
        let moved = |at: usize| match at {
            at if at <= before => at,
            at if at >= end => new.len() - (old.len() - at),
            _ => before,
        };
        for mark in &mut self.marks {
            mark.range = moved(mark.range.start)..moved(mark.range.end);
        }
    }

    /// The first finding with a fix that needs no choice, and that fix.
    pub fn first_fix(&self) -> Option<(&Finding, &Fix)> {
        let certain = |finding: &'_ Finding| {
            let fix = finding.fixes.first();
            fix.is_some_and(|fix| fix.is_certain(&self.script))
        };
        let finding = self.findings.iter().find(|finding| certain(finding))?;
        Some((finding, finding.fixes.first()?))
    }

    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    }

    /// Whether any shot has a time, so that there is a timeline to show.
    pub fn is_timed(&self) -> bool {
        self.script.end_ms().is_some_and(|end| end > 0)
    }
}

/// The words that there are, with commas between.
fn joined<const N: usize>(words: [String; N]) -> String {
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(", ")
}

fn marks(script: &Script, findings: &[Finding]) -> Vec<Mark> {
    let shots = script.shots.iter();
    let headings = shots.map(|shot| (shot.heading.clone(), Role::Heading));
    let citations = script.references.iter();
    let cited = citations.map(|citation| (citation.at.clone(), Role::Citation));
    // The worst finding comes last, so that it is shown where several overlap.
    let found = findings.iter().rev().map(|finding| {
        let role = match finding.severity {
            Severity::Error => Role::FindingError,
            Severity::Warning => Role::Finding,
            Severity::Note => Role::FindingNote,
        };
        (finding.span.clone(), role)
    });
    let all = headings
        .chain(cited)
        .chain(found)
        .filter(|(range, _)| !range.is_empty());
    all.map(|(range, role)| Mark { range, role }).collect()
}

fn fit(script: &Script, form: &Form) -> String {
    if script.shots.is_empty() {
        return String::new();
    }
    let shots = counted(script.shots.len() as u64, "shot");
    match script.end_ms() {
        Some(end) => format!("{shots} to {} of {}", length(end), length(form.duration.ms())),
        None => format!("{shots}, no times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Seconds;
    use crate::model::rule::Rule;
    use crate::tui::state::SCRIPT;

    #[test]
    fn marks_move_with_text_that_is_typed_before_them_and_never_split_a_character() {
        let marked = |old: &str, new: &str| {
            let form = Form {
                prompt: old.to_owned(),
                ..Form::default()
            };
            let mut check = ScriptCheck::of(&form, &RuleSet::NONE, &Files::new());
            check.marks.truncate(2);
            check.follow(old, new);
            let text = |mark: &Mark| new.get(mark.range.clone()).map(str::to_owned);
            check.marks.iter().map(text).collect::<Vec<_>>()
        };
        let old = "Café.\nShot 1 | 0s-2s\nA kite.\nShot 2 | 2s-4s\nA bay.";
        let both = [
            Some("Shot 1 | 0s-2s".to_owned()),
            Some("Shot 2 | 2s-4s".to_owned()),
        ];
        for (from, to) in [
            ("Caf", "A caf"),
            ("é", "è"),
            ("é", "e"),
            ("Café.", ""),
            ("bay", "beach"),
        ] {
            assert_eq!(
                marked(old, &old.replacen(from, to, 1)),
                both,
                "{from} became {to}"
            );
        }
        let cut = marked(old, &old.replace("2s\nA kite.\nShot", ""));
        assert_eq!(cut.len(), 2);
        assert!(cut.iter().all(Option::is_some), "{cut:?}");
    }

    #[test]
    fn in_a_circle_of_snippets_nothing_is_an_unfilled_slot() {
        let form = Form {
            prompt: "A {{one}} in {red|black}.".to_owned(),
            ..Form::default()
        };
        let snippets = Snippets::from([("one".to_owned(), "{{one}}".to_owned())]);
        let check = ScriptCheck::of_template(&form, &snippets, &RuleSet::NONE, &Files::new());
        assert!(check.broken.is_some());
        let rules: Vec<Rule> = check.errors().map(|finding| finding.rule).collect();
        assert_eq!(rules, [Rule::UnreadableVariables]);
    }

    #[test]
    fn the_sample_fits_and_its_headings_are_marked() {
        let mut form = Form {
            prompt: SCRIPT.trim_end().to_owned(),
            ..Form::default()
        };
        let check = ScriptCheck::of(&form, &RuleSet::NONE, &Files::new());
        assert_eq!(check.fit, "5 shots to 10 s of 10 s");
        assert_eq!((check.findings, check.marks.len()), (Vec::new(), 5));
        form.duration = Seconds::new(8).unwrap();
        let check = ScriptCheck::of(&form, &RuleSet::NONE, &Files::new());
        let (finding, fix) = check.first_fix().unwrap();
        assert_eq!(
            (finding.rule, fix.label().as_str()),
            (Rule::Overrun, "Duration 10 s")
        );
        assert_eq!(check.errors().count(), 1);
        let off = RuleSet::NONE.with(Rule::Overrun);
        assert_eq!(ScriptCheck::of(&form, &off, &Files::new()).errors().count(), 0);
    }
}
