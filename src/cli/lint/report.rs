//! What `rushes lint` says of a script, for people and as JSON.

use serde_json::{Map, Value, json};

use crate::cli::checks::{self, CheckedForm, FixName};
use crate::model::parameters::Medium;
use crate::model::text::{counted, exact_seconds, line_and_column};
use crate::model::{Form, Seconds};
use crate::script::lint::{Finding, Fix};
use crate::script::{Cited, Script, Shot};

use crate::cli::form::Length;

/// The findings for people, one paragraph each, and a summary.
pub(super) fn said(
    name: &str,
    form: &Form,
    checked: &CheckedForm,
    length: Length,
    is_named: bool,
) -> Vec<String> {
    let mut said = checks::all_shown(name, &form.prompt, &checked.findings, FixName::Option);
    let summary = summary(form, checked, length);
    said.push(if is_named {
        format!("{name}: {summary}")
    } else {
        summary
    });
    said
}

/// `8 shots to 14 s, in a take of 15 s, the shortest that holds them: 1 error, 2 warnings`
pub(super) fn summary(form: &Form, checked: &CheckedForm, length: Length) -> String {
    let script = &checked.script;
    let counts = match checked.counts() {
        none if none.is_empty() => "nothing to fix".to_owned(),
        counts => counts,
    };
    let chosen = match length {
        Length::Given => "",
        Length::Longest => ", the longest there is",
        Length::Shortest if script.shots.len() > 1 => ", the shortest that holds them",
        Length::Shortest => ", the shortest that holds it",
        Length::Stated => ", as the text says",
    };
    format!(
        "{}, in a take of {} s{chosen}: {counts}",
        shots(script),
        form.duration
    )
}

/// `8 shots to 14 s`
pub(super) fn shots(script: &Script) -> String {
    let shots = match script.shots.len() {
        0 => "no shots".to_owned(),
        n => counted(n as u64, "shot"),
    };
    match (script.continues_from(), script.end_ms()) {
        (_, None) => shots,
        (None, Some(end)) => format!("{shots} to {} s", exact_seconds(end)),
        (Some(start), Some(end)) => format!(
            "{shots} from {} s to {} s",
            exact_seconds(start),
            exact_seconds(end)
        ),
    }
}

fn seconds(ms: Option<u32>) -> Value {
    ms.map_or(Value::Null, |ms| json!(f64::from(ms) / 1000.0))
}

/// The object that the documentation describes; `file` is in it when several are checked.
pub(super) fn as_json(form: &Form, checked: &CheckedForm, file: Option<&String>) -> Value {
    let script = &checked.script;
    let shot = |shot: &Shot| {
        json!({
            "n": shot.number, "title": shot.title, "start": seconds(shot.start), "end": seconds(shot.end),
            "offset": shot.heading.start,
        })
    };
    let cited = |wanted: Medium| {
        let mut numbers: Vec<u32> = script
            .references
            .iter()
            .filter_map(|citation| match citation.cited {
                Cited::Numbered { kind, first, last } if kind == wanted => Some(first..=last),
                _ => None,
            })
            .flatten()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let finding = |finding: &Finding| {
        let (line, column) = line_and_column(&form.prompt, finding.span.start);
        json!({
            "rule": finding.rule.word(), "severity": finding.severity.word(), "line": line, "column": column,
            "offset": finding.span.start, "message": finding.message.to_string(),
            "fix": finding.fixes.first().map(Fix::label),
        })
    };
    let mut object = Map::new();
    object.extend(file.map(|file| ("file".to_owned(), json!(file))));
    let fields = json!({
        "shots": script.shots.iter().map(shot).collect::<Vec<_>>(),
        "end": seconds(script.end_ms()),
        "duration_fit": script.smallest_duration(form.model).map(Seconds::get),
        "references": {"image": cited(Medium::Image), "video": cited(Medium::Video), "audio": cited(Medium::Audio)},
        "findings": checked.findings.iter().map(finding).collect::<Vec<_>>(),
    });
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
    Value::Object(object)
}
