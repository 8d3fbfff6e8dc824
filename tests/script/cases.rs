//! Small scripts and what a careful reader finds in each, `cases.tsv`. Each kind of mistake has neighbours.
//!
//! A column that holds `-` is not compared. Shots are `0-3,3-6` in seconds, with their numbers before a colon where the
//! text has numbers, and `?` where a shot has no time; a fixed script is `same` or the times that stand there after every
//! certain fix.

use rushes::model::parameters::Medium;
use rushes::model::{Form, RuleSet, Seconds};
use rushes::script::lint::{Fixed, check};
use rushes::script::{Cited, Script, read};

/// The request that a case is about.
fn request(text: &str, options: &str) -> Form {
    let mut form = Form {
        prompt: text.to_owned(),
        ..Form::default()
    };
    let mut words = options.split_whitespace();
    while let Some(option) = words.next() {
        let mut value = || words.next().unwrap();
        match option {
            "--duration" => form.duration = Seconds::new(value().parse().unwrap()).unwrap(),
            "--image" => form.images.push(value().to_owned()),
            "--ratio" => form.aspect_ratio = value().parse().unwrap(),
            "--resolution" => form.resolution = value().parse().unwrap(),
            "--no-audio" => form.generate_audio = false,
            other => assert!(other.is_empty(), "{other} is no option of a case"),
        }
    }
    form
}

fn seconds(ms: Option<u32>) -> String {
    ms.map_or_else(|| "none".to_owned(), |ms| (f64::from(ms) / 1000.0).to_string())
}

/// The shots in the form of a case.
fn shots(script: &Script, numbered: bool) -> String {
    let shot = |shot: &rushes::script::Shot| {
        let times = match (shot.start, shot.end) {
            (Some(start), Some(end)) => format!("{}-{}", seconds(Some(start)), seconds(Some(end))),
            _ => "?".to_owned(),
        };
        if numbered {
            format!("{}:{times}", shot.number)
        } else {
            times
        }
    };
    script.shots.iter().map(shot).collect::<Vec<_>>().join(",")
}

fn cited(script: &Script, kind: Medium) -> Vec<u32> {
    let mut numbers = Vec::new();
    for citation in &script.references {
        match citation.cited {
            Cited::Numbered {
                kind: of,
                first,
                last,
            } if of == kind => numbers.extend(first..=last),
            _ => {}
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The form after every fix that is certain and edits the prompt.
fn fixed(mut form: Form) -> Form {
    for _ in 0..40 {
        let script = read(&form.prompt);
        let found = check(&form, &script, &RuleSet::NONE);
        let better = found.into_iter().find_map(|finding| {
            let first = finding.fixes.into_iter().next();
            let fix = first.filter(|fix| fix.edits_prompt() && fix.is_certain(&script))?;
            match fix.apply(&form) {
                Fixed::One(better) if better.prompt != form.prompt => Some(better),
                _ => None,
            }
        });
        let Some(better) = better else { break };
        form = better;
    }
    form
}

/// What differs from the case.
fn differences(case: &[&str]) -> Vec<String> {
    let [
        _,
        input,
        options,
        wanted,
        end,
        fit,
        references,
        findings,
        none,
        titles,
        after,
    ]: [&str; 11] = case.try_into().unwrap();
    let text = input.replace("\\n", "\n");
    let form = request(&text, options);
    let script = read(&text);
    let found = check(&form, &script, &RuleSet::NONE);
    let mut wrong = Vec::new();
    let mut compare = |what: &str, wanted: &str, got: String| {
        if wanted != "-" && wanted != got {
            wrong.push(format!("{what} {got:?}, not {wanted:?}"));
        }
    };
    compare("shots", wanted, shots(&script, wanted.contains(':')));
    compare("end", end, seconds(script.end_ms()));
    let length = script.smallest_duration(form.model);
    compare(
        "fit",
        fit,
        length.map_or_else(|| "none".to_owned(), |length| length.to_string()),
    );
    if let Some((kind, numbers)) = references.split_once(' ') {
        let kind: Medium = [Medium::Image, Medium::Video, Medium::Audio]
            .into_iter()
            .find(|medium| medium.noun() == kind)
            .unwrap();
        let got: Vec<String> = cited(&script, kind).iter().map(u32::to_string).collect();
        compare("references", numbers, got.join(","));
    }
    for title in titles.split(';').filter(|title| *title != "-") {
        let (number, title) = title.split_once('=').unwrap();
        let shot = &script.shots[number.parse::<usize>().unwrap() - 1];
        if shot.title != title {
            wrong.push(format!("title {:?}, not {title:?}", shot.title));
        }
    }
    let has = |rule: &str| found.iter().any(|finding| finding.rule.word() == rule);
    let missing = findings.split(',').filter(|rule| *rule != "-" && !has(rule));
    wrong.extend(missing.map(|rule| format!("no {rule}")));
    let too_many = none.split(',').filter(|rule| *rule != "-" && has(rule));
    wrong.extend(too_many.map(|rule| format!("wrongly {rule}")));
    let better = fixed(form);
    match after {
        "-" => {}
        "same" if better.prompt != text => wrong.push(format!("it is changed to {:?}", better.prompt)),
        "same" => {}
        times => {
            let got = shots(&read(&better.prompt), false);
            if got != times {
                wrong.push(format!("fixed {got:?}, not {times:?}"));
            }
        }
    }
    wrong
}

#[test]
fn every_case_is_read_as_a_careful_reader_does() {
    let table = include_str!("cases.tsv");
    let mut wrong = Vec::new();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let differences = differences(&columns);
        if !differences.is_empty() {
            wrong.push(format!("{}: {}", columns[0], differences.join("; ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        table.lines().count() - 1,
        wrong.join("\n")
    );
}
