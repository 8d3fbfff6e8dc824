//! `rushes lint`: checks a script against the request it is for, and fixes what it can.

use std::path::Path;

use serde_json::{Value, json};

use crate::config::Settings;
use crate::model::parameters::Medium;
use crate::model::rule::{Rule, RuleSet};
use crate::model::template::{Node, nodes};
use crate::model::text::{counted, exact_seconds, line_and_column};
use crate::model::{Form, Seconds};
use crate::script::expand::Snippets;
use crate::script::lint::{self, Finding, Fix, Fixed};
use crate::script::{Cited, read};

use super::args::{Global, Lint};
use super::checks::{self, CheckedForm};
use super::exit::Exit;
use super::{Failure, files, form, open, print};

/// One fix may reveal another problem, so the text is read again this often.
const ROUNDS: usize = 40;

pub(super) fn run(global: &Global, args: &Lint) -> Result<Exit, Failure> {
    if args.rules {
        return rules();
    }
    let Some(file) = args.file.as_deref() else {
        return Err(Failure::usage(
            "no script to check: give a FILE, or - for standard input",
        ));
    };
    if args.json && args.fix && file == Path::new("-") {
        let message = "--json and --fix of standard input would share the output: give a file's name";
        return Err(Failure::usage(message));
    }
    let (settings, warnings) = Settings::load(&open::paths(global)?);
    for warning in &warnings {
        print::complain(&warning.to_string());
    }
    let text = files::read_script(file)?;
    let mut form = form::of_text(text, &args.parameters)?;
    if args.split {
        return split(file, &form, args.force);
    }
    let fixed = if args.fix {
        fix(&mut form, settings.lint_off)
    } else {
        Vec::new()
    };
    let snippets = snippets(global, &form.prompt)?;
    let checked = CheckedForm::of_template(&form, &snippets, settings.lint_off);
    let is_stdin = file == Path::new("-");
    // The fixed text of standard input goes to standard output.
    if !fixed.is_empty() && !is_stdin {
        files::write_in_place(file, form.prompt.as_bytes())?;
    }
    match (args.json, args.fix && is_stdin) {
        (true, _) => print::json(&as_json(&form, &checked))?,
        // The fixed text is the output, so the findings go to standard error.
        (false, true) => {
            print::raw(&form.prompt)?;
            for line in said(file, &form, &checked, &fixed) {
                print::note(&line);
            }
        }
        (false, false) => {
            for line in said(file, &form, &checked, &fixed) {
                print::line(&line)?;
            }
        }
    }
    let has_errors = checked.errors() > 0;
    Ok(if has_errors { Exit::Usage } else { Exit::Ok })
}

/// The snippets of the reel when the text calls one and there is a database; nothing is created for a check.
fn snippets(global: &Global, prompt: &str) -> Result<Snippets, Failure> {
    let calls_one = nodes(prompt).iter().any(|node| matches!(node, Node::Call { .. }));
    if !calls_one || !open::paths(global)?.database().exists() {
        return Ok(Snippets::new());
    }
    let home = open::to_read(global)?;
    Ok(home.store.snippets(&home.reel.id)?)
}

fn rules() -> Result<Exit, Failure> {
    for rule in Rule::ALL {
        let (name, severity) = (rule.word(), rule.severity().word());
        print::line(&format!("{name:<21} {severity:<8} {}", rule.about()))?;
    }
    Ok(Exit::Ok)
}

/// Makes every certain fix that edits the text, and returns them in order.
fn fix(form: &mut Form, off: RuleSet) -> Vec<(Rule, Fix)> {
    let mut done: Vec<(Rule, Fix)> = Vec::new();
    for _ in 0..ROUNDS {
        let found = lint::check(form, &read(&form.prompt), &off);
        let next = found.into_iter().find_map(|Finding { rule, fixes, .. }| {
            let first = fixes.into_iter().next();
            let fix = first.filter(|fix| fix.edits_prompt() && fix.is_certain())?;
            match fix.apply(form) {
                Fixed::One(better)
                    if better.prompt != form.prompt && !done.contains(&(rule, fix.clone())) =>
                {
                    Some((rule, fix, better))
                }
                _ => None,
            }
        });
        let Some((rule, fix, better)) = next else { break };
        *form = better;
        done.push((rule, fix));
    }
    done
}

/// The fixes and findings for people, one paragraph each.
fn said(file: &Path, form: &Form, checked: &CheckedForm, fixed: &[(Rule, Fix)]) -> Vec<String> {
    let name = if file == Path::new("-") {
        "<stdin>".to_owned()
    } else {
        file.display().to_string()
    };
    let mut said: Vec<String> = fixed
        .iter()
        .map(|(rule, fix)| format!("{name}: fixed: {} [{rule}]", fix.label()))
        .collect();
    said.extend(checks::all_shown(&name, &form.prompt, &checked.findings));
    said.push(summary(form, checked));
    said
}

/// `8 shots to 14 s, in a take of 10 s: 1 error, 2 warnings`
fn summary(form: &Form, checked: &CheckedForm) -> String {
    let script = &checked.script;
    let shots = match script.shots.len() {
        0 => "no shots".to_owned(),
        n => counted(n as u64, "shot"),
    };
    let end = script
        .end_ms()
        .map_or(String::new(), |ms| format!(" to {} s", exact_seconds(ms)));
    let counts = match checked.counts() {
        none if none.is_empty() => "nothing to fix".to_owned(),
        counts => counts,
    };
    format!("{shots}{end}, in a take of {} s: {counts}", form.duration)
}

fn seconds(ms: Option<u32>) -> Value {
    ms.map_or(Value::Null, |ms| json!(f64::from(ms) / 1000.0))
}

fn as_json(form: &Form, checked: &CheckedForm) -> Value {
    let script = &checked.script;
    let shot = |shot: &crate::script::Shot| {
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
    json!({
        "shots": script.shots.iter().map(shot).collect::<Vec<_>>(),
        "end": seconds(script.end_ms()),
        "duration_fit": script.smallest_duration(form.model).map(Seconds::get),
        "references": {"image": cited(Medium::Image), "video": cited(Medium::Video), "audio": cited(Medium::Audio)},
        "findings": checked.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// Writes the clips as `FILE-1.txt`, `FILE-2.txt` and so on beside the file.
fn split(file: &Path, form: &Form, force: bool) -> Result<Exit, Failure> {
    if file == Path::new("-") {
        return Err(Failure::usage(
            "--split writes files beside FILE: give a file's name",
        ));
    }
    let Fixed::Clips(clips) = Fix::Split(0).apply(form) else {
        return Ok(Exit::Ok);
    };
    if clips.len() < 2 {
        print::line("nothing to split: the script fits one take")?;
        return Ok(Exit::Ok);
    }
    let names: Vec<std::path::PathBuf> = (1..=clips.len()).map(|n| numbered(file, n)).collect();
    for name in &names {
        files::refuse_if_there(name, force)?;
    }
    for (name, clip) in names.iter().zip(&clips) {
        files::write_new(name, clip.prompt.as_bytes(), force)?;
        let checked = CheckedForm::of(clip, RuleSet::NONE);
        print::line(&format!(
            "{}: {}, --duration {}",
            name.display(),
            summary(clip, &checked).split(", in").next().unwrap_or_default(),
            clip.duration
        ))?;
    }
    Ok(Exit::Ok)
}

/// `shots.txt` as `shots-2.txt`.
fn numbered(file: &Path, n: usize) -> std::path::PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file.extension().unwrap_or("txt".as_ref()).to_string_lossy();
    file.with_file_name(format!("{stem}-{n}.{end}"))
}
