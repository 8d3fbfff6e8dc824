//! Our own scripts without mistakes, `clean/NN-SECONDSs-what.txt`: no rule finds anything.

use std::path::{Path, PathBuf};

use rushes::model::parameters::Medium;
use rushes::model::{Form, RuleSet, Seconds};
use rushes::script::lint::check;
use rushes::script::{Cited, read};

/// Every clean script with its name.
pub fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/script/clean");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    files.into_iter().map(named).collect()
}

/// The request that a clean script is meant for: the length in its name, with everything attached that it cites.
pub fn request(name: &str, prompt: &str) -> Form {
    let seconds = name
        .split('-')
        .nth(1)
        .unwrap()
        .trim_end_matches('s')
        .parse()
        .unwrap();
    let mut form = Form {
        prompt: prompt.to_owned(),
        duration: Seconds::new(seconds).unwrap(),
        ..Form::default()
    };
    for citation in read(prompt).references {
        let Cited::Numbered { kind, last, .. } = citation.cited else {
            continue;
        };
        let list = match kind {
            Medium::Image => &mut form.images,
            Medium::Video => &mut form.videos,
            Medium::Audio => &mut form.audios,
        };
        while list.len() < last as usize {
            list.push(format!("{}-{}", kind.noun(), list.len() + 1));
        }
    }
    form
}

#[test]
fn clean_scripts_stay_silent() {
    let corpus = corpus();
    assert!(corpus.len() >= 20, "the corpus is not where it should be");
    let mut loud = Vec::new();
    for (name, prompt) in corpus {
        let form = request(&name, &prompt);
        for finding in check(&form, &read(&prompt), &RuleSet::NONE) {
            loud.push(format!(
                "{name}: {} {}: {}",
                finding.severity, finding.rule, finding.message
            ));
        }
    }
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}
