//! Broken settings files, each with the messages that it must give: `x.toml` and `x.txt`.

use std::fs;
use std::path::{Path, PathBuf};

use rushes::config::Settings;
use rushes::config::located::Document;

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid_configs");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// The messages for a file that is called `config.toml`.
fn messages(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let document = Document::new(Path::new("config.toml"), text);
    let (_, errors) = Settings::read(&document);
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n") + "\n"
}

#[test]
fn each_broken_file_gives_its_messages() {
    let files = corpus();
    assert!(files.len() >= 40, "the corpus is not where it should be");
    let mut wrong = Vec::new();
    for file in files {
        let expected = fs::read_to_string(file.with_extension("txt")).unwrap_or_default();
        let given = messages(&file);
        if given != expected || given.trim().is_empty() {
            wrong.push(format!("{}:\n{given}", file.file_name().unwrap().display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "other messages than expected:\n{}",
        wrong.join("\n")
    );
}

/// The comparison above would accept a message without place, problem or consequence.
#[test]
fn each_message_has_place_and_consequence() {
    for file in corpus() {
        for message in messages(&file).lines() {
            let mut parts = message.splitn(4, ':');
            assert_eq!(parts.next(), Some("config.toml"), "{message}");
            assert!(parts.next().unwrap().parse::<usize>().unwrap() > 0, "{message}");
            assert!(parts.next().unwrap().parse::<usize>().unwrap() > 0, "{message}");
            assert!(message.ends_with(')'), "{message}");
        }
    }
}
