//! Shows the script's checks as a compiler does: with file, line and column.

use crate::engine::admit::Order;
use crate::engine::references;
use crate::model::rule::{Rule, RuleSet, Severity};
use crate::model::text::{counted, line_and_column};
use crate::model::{Complaint, Form};
use crate::script::expand::{Snippets, Template};
use crate::script::lint::{Finding, Fix};
use crate::script::{Script, read};
use crate::service::checks;

use super::Failure;

/// What was found in one form.
pub(super) struct CheckedForm {
    pub script: Script,
    /// The worst first.
    pub findings: Vec<Finding>,
    /// Why local files cannot be used, whether or not that is a finding.
    pub unusable: Vec<Complaint>,
}

/// The checks of the variant of an order that has the most errors, and its form: the text as it is sent.
pub(super) fn worst(order: &Order, off: RuleSet) -> (CheckedForm, &Form) {
    let checked = order.variants.iter().map(|variant| {
        let mut checked = CheckedForm::of(&variant.form, off);
        checks::drop_escaped(&mut checked.findings, &variant.escaped);
        (checked, &variant.form)
    });
    let worst = checked.reduce(|worst, next| {
        if next.0.errors() > worst.0.errors() {
            next
        } else {
            worst
        }
    });
    worst.unwrap_or_else(|| (CheckedForm::of(&order.form, off), &order.form))
}

impl CheckedForm {
    /// Checks the form and the local files that it names.
    pub fn of(form: &Form, off: RuleSet) -> Self {
        let script = read(&form.prompt);
        let files = checks::look(references::local(form));
        let findings = checks::findings(form, &script, &off, &files);
        let unusable = files.into_values().filter_map(Result::err).collect();
        Self {
            script,
            findings,
            unusable,
        }
    }

    /// Checks the text that the form's first take would send. The findings point into the prompt as it is written.
    pub fn of_template(form: &Form, snippets: &Snippets, off: RuleSet) -> Self {
        let files = checks::look(references::local(form));
        let script = read(&form.prompt);
        let findings = match Template::read(&form.prompt, snippets) {
            Ok(template) if template.is_plain() => checks::findings(form, &script, &off, &files),
            Ok(template) => checks::of_template(form, &template, &off, &files).1,
            Err(error) => checks::of_unreadable(form, &script, &error, &off, &files),
        };
        let unusable = files.into_values().filter_map(Result::err).collect();
        Self {
            script,
            findings,
            unusable,
        }
    }

    /// A file that cannot be used is reported before any price.
    pub fn must_be_usable(&self) -> Result<(), Failure> {
        if self.unusable.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = self.unusable.iter().map(ToString::to_string).collect();
        Err(Failure::usage(format!(
            "nothing was sent: {}",
            all.join("\nrushes: ")
        )))
    }

    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    fn count(&self, severity: Severity) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.severity == severity).count()
    }

    /// `1 error, 2 warnings`; empty when nothing was found.
    pub fn counts(&self) -> String {
        let kinds = [Severity::Error, Severity::Warning, Severity::Note];
        let counts = kinds
            .into_iter()
            .filter_map(|severity| match self.count(severity) {
                0 => None,
                n => Some(counted(n as u64, severity.word())),
            });
        counts.collect::<Vec<_>>().join(", ")
    }
}

/// The most findings of one rule that are shown; the rest are counted.
const MAX_SHOWN: usize = 4;

/// What is shown as a fix of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FixName {
    /// What it does: `Close the gaps`.
    Label,
    /// The option that makes it: `--fix=close-gaps (Close the gaps)`.
    Option,
}

/// Findings for people, a paragraph each.
pub(super) fn all_shown<'f>(
    file: &str,
    text: &str,
    findings: impl IntoIterator<Item = &'f Finding>,
    named: FixName,
) -> Vec<String> {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    let of_rule = |part: &[&Finding], rule: Rule| part.iter().filter(|finding| finding.rule == rule).count();
    let mut paragraphs = Vec::new();
    for (n, finding) in findings.iter().enumerate() {
        let before = of_rule(&findings[..n], finding.rule);
        let all = of_rule(&findings, finding.rule);
        // Each of these is about another file, with its own figures.
        let differs = finding.rule == Rule::ReportedLimit;
        if differs || all <= MAX_SHOWN || before + 1 < MAX_SHOWN {
            paragraphs.push(shown(file, text, finding, named));
        } else if before + 1 == MAX_SHOWN {
            let more = all - before;
            paragraphs.push(format!(
                "{file}: {}: {more} more like it [{}]",
                finding.severity, finding.rule
            ));
        }
    }
    paragraphs
}

/// One finding for people: what is wrong, what to do, and the fixes there are.
fn shown(file: &str, text: &str, finding: &Finding, named: FixName) -> String {
    let (line, column) = line_and_column(text, finding.span.start);
    let Complaint { what, next } = &finding.message;
    let at = if finding.span.is_empty() {
        file.to_owned()
    } else {
        format!("{file}:{line}:{column}")
    };
    let mut shown = format!("{at}: {}: {what} [{}]", finding.severity, finding.rule);
    if let Some(next) = next {
        shown += &format!("\n    {next}");
    }
    let offer = |fix: &Fix| match (option(fix), fix.word()) {
        (Some(option), _) => option,
        (None, Some(word)) if named == FixName::Option => format!("--fix={word} ({})", fix.label()),
        (None, _) => fix.label(),
    };
    let fixes: Vec<String> = finding.fixes.iter().map(offer).collect();
    if !fixes.is_empty() {
        shown += &format!("\n    fix: {}", fixes.join(" · or: "));
    }
    shown
}

/// What to write on the command line, for a fix of a parameter.
pub(super) fn option(fix: &Fix) -> Option<String> {
    Some(match fix {
        Fix::Duration(length) => format!("--duration {length}"),
        Fix::Audio(true) => "--audio".to_owned(),
        Fix::Audio(false) => "--no-audio".to_owned(),
        Fix::Ratio(ratio) => format!("--aspect {ratio}"),
        Fix::Resolution(resolution) => format!("--resolution {resolution}"),
        Fix::Seeds(seeds) => format!("--seeds {seeds:?}"),
        Fix::Model(model) => format!("--model {}", model.slug()),
        Fix::LongerModel(model, length) => format!("--model {} --duration {length}", model.slug()),
        Fix::RemoveFirstFrame => "no --first-frame".to_owned(),
        Fix::RemoveLastFrame => "no --last-frame".to_owned(),
        Fix::LastFrameFirst => "--first-frame in the place of --last-frame".to_owned(),
        Fix::RemoveImages => "no --image".to_owned(),
        Fix::RemoveAudios => "no --audio-ref".to_owned(),
        Fix::FewerReferences => "fewer references".to_owned(),
        Fix::WithoutUnoffered => "leave out what the model does not offer".to_owned(),
        Fix::Split(_) => "--split".to_owned(),
        Fix::Squeeze(_)
        | Fix::Stretch(_)
        | Fix::Retime
        | Fix::CloseGaps
        | Fix::StartAtZero
        | Fix::Shift
        | Fix::Renumber
        | Fix::NormaliseReferences
        | Fix::ReplaceNewlines => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_has_a_line_of_its_own_where_there_is_advice() {
        let prompt = "A kite. The neon sign says Nike: a shop. Subtitles at the foot.";
        let form = Form {
            prompt: prompt.to_owned(),
            ..Form::default()
        };
        let checked = CheckedForm::of(&form, RuleSet::NONE);
        let shown = all_shown("kite.txt", prompt, &checked.findings, FixName::Label);
        assert_eq!(
            shown,
            [
                "kite.txt:1:28: warning: \"Nike\" suggests a real person, a brand or a known character: it may be \
                 refused [likeness]",
                "kite.txt:1:42: note: \"Subtitles\": text on the screen renders badly [on-screen-text]\n    add it \
                 afterwards",
            ]
        );
    }
}
