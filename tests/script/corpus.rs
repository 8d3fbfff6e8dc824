//! How often the checks are right on scripts that were written and labelled by somebody who had not seen their code:
//! `corpus/NNN.txt` with `corpus/labels.tsv`, and the same in `unseen`. The tables are in `docs/figures.md`.
//!
//! The scripts of `corpus` taught the checks. Those of `unseen` never do: nothing is changed for one of them, so that their table
//! says how often the checks are right on other people's scripts.
//!
//! `RUSHES_WRITE_FIGURES=1 cargo test --test script corpus` writes the tables anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use rushes::model::{Form, Rule, RuleSet, Severity};
use rushes::script::lint::check;
use rushes::script::{Script, read};

const END: &str = "<!-- its end -->\n";

/// A labelled script.
struct Labelled {
    id: String,
    form: Form,
    /// As a careful reader reads them; `None` where the label says nothing certain.
    shots: String,
    findings: BTreeSet<Rule>,
}

fn corpus(name: &str) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/script")
        .join(name);
    let labels = std::fs::read_to_string(folder.join("labels.tsv")).unwrap();
    labels.lines().skip(1).map(|row| labelled(&folder, row)).collect()
}

fn labelled(folder: &Path, row: &str) -> Labelled {
    let columns: Vec<&str> = row.split('\t').collect();
    let [id, _, duration, options, shots, _, findings, ..] = columns[..] else {
        unreachable!("{row}")
    };
    let prompt = std::fs::read_to_string(folder.join(format!("{id}.txt"))).unwrap();
    let mut form = Form {
        prompt,
        ..Form::default()
    };
    // Lengths that no take has are rounded up.
    form.duration = form
        .model
        .shortest_for(duration.parse::<u32>().unwrap() * 1000)
        .unwrap();
    for option in options.split_whitespace().filter(|option| *option != "-") {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let many = |kind: &str| {
            (1..=value.parse::<usize>().unwrap())
                .map(|n| format!("https://e.example/{n}.{kind}"))
                .collect()
        };
        match name {
            "images" => form.images = many("png"),
            "videos" => form.videos = many("mp4"),
            "audios" => form.audios = many("mp3"),
            "ratio" => form.aspect_ratio = value.parse().unwrap(),
            "resolution" => form.resolution = value.parse().unwrap(),
            "no-audio" => form.generate_audio = false,
            other => unreachable!("{id}: {other}"),
        }
    }
    let named = findings
        .split(',')
        .map(str::trim)
        .filter(|name| !matches!(*name, "" | "-"));
    Labelled {
        id: id.to_owned(),
        form,
        shots: shots.trim().to_owned(),
        findings: named.map(|name| name.parse().unwrap()).collect(),
    }
}

/// Whether the shots are those of the label: their number, and where times are labelled, their starts and ends. Ends of seconds that
/// are counted inclusively may be labelled as they are meant.
fn has_its_shots(script: &Script, label: &str) -> bool {
    if label == "none" {
        return script.shots.is_empty();
    }
    if let Some((count, "untimed")) = label.split_once(' ') {
        return script.shots.len() == count.parse::<usize>().unwrap();
    }
    let seconds = |text: &str| text.trim().parse::<f64>().unwrap();
    let labelled = label
        .split([',', ';'])
        .map(|range| range.split_once('-').unwrap());
    let labelled: Vec<(f64, f64)> = labelled
        .map(|(start, end)| (seconds(start), seconds(end)))
        .collect();
    let read = script
        .shots
        .iter()
        .map(|shot| [shot.start, shot.end].map(|ms| ms.map(|ms| f64::from(ms) / 1000.0)));
    labelled.len() == script.shots.len()
        && labelled.iter().zip(read).all(|((from, to), [start, end])| {
            start.is_some_and(|start| (start - from).abs() < 0.05)
                && end.is_some_and(|end| (end - to).abs() < 1.05)
        })
}

/// What was found by one rule.
#[derive(Default)]
struct Counts {
    labelled: u32,
    found: u32,
    wrong: u32,
}

#[test]
fn the_tables_of_the_scripts_are_what_the_checks_find() {
    let (learnt, blocked) = table(&corpus("corpus"));
    assert!(
        blocked.is_empty(),
        "wrong errors block a paid submit: {}",
        blocked.join("; ")
    );
    held_in_the_figures("<!-- the table of the corpus -->\n", &learnt);
    let (unseen, _) = table(&corpus("unseen"));
    held_in_the_figures("<!-- the table of unseen scripts -->\n", &unseen);
}

/// What the checks find in the scripts as a table, and the errors among it that are wrong.
fn table(corpus: &[Labelled]) -> (String, Vec<String>) {
    assert!(
        corpus.len() >= MIN_SCRIPTS,
        "the scripts are not where they should be"
    );
    let rules: BTreeSet<Rule> = corpus.iter().flat_map(|script| script.findings.clone()).collect();
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    let (mut unread, mut blocked) = (Vec::new(), Vec::new());
    for labelled in corpus {
        let script = read(&labelled.form.prompt);
        if !has_its_shots(&script, &labelled.shots) {
            unread.push(labelled.id.as_str());
        }
        let mut findings = check(&labelled.form, &script, &RuleSet::NONE);
        // A timeline that is longer than every take is one error under two names.
        for finding in findings
            .iter_mut()
            .filter(|finding| finding.rule == Rule::OverCap)
        {
            finding.rule = Rule::Overrun;
        }
        let found: BTreeSet<Rule> = findings.iter().map(|finding| finding.rule).collect();
        for finding in &findings {
            if finding.severity == Severity::Error && !labelled.findings.contains(&finding.rule) {
                blocked.push(format!("{}: {}", labelled.id, finding.message));
            }
        }
        for rule in &rules {
            let count = counts.entry(rule.word()).or_default();
            let is_labelled = labelled.findings.contains(rule);
            count.labelled += u32::from(is_labelled);
            count.found += u32::from(is_labelled && found.contains(rule));
            let is_wrong = !is_labelled && found.contains(rule);
            count.wrong += u32::from(is_wrong);
            if is_labelled != found.contains(rule) {
                println!(
                    "{}: {} {rule}",
                    labelled.id,
                    if is_wrong { "wrongly" } else { "no" }
                );
            }
        }
    }
    println!("other shots than labelled: {}", unread.join(", "));
    let all = corpus.len();
    let mut table = format!(
        "{all} scripts; the shots of {} are read as they are labelled.\n\n| rule | labelled | found | found wrongly |\n|---|---|---|---|\n",
        all - unread.len()
    );
    for (
        rule,
        Counts {
            labelled,
            found,
            wrong,
        },
    ) in counts
    {
        writeln!(table, "| `{rule}` | {labelled} | {found} | {wrong} |").unwrap();
    }
    (table, blocked)
}

const MIN_SCRIPTS: usize = 50;

/// Compares the table with the one after `begin` in the documentation, or writes it there.
fn held_in_the_figures(begin: &str, table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/figures.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(begin).unwrap();
    let (held, after) = rest.split_once(END).unwrap();
    if std::env::var_os("RUSHES_WRITE_FIGURES").is_some() {
        std::fs::write(&file, format!("{before}{begin}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(
        held, table,
        "the figures of the corpus are outdated: see the head of this file"
    );
}
