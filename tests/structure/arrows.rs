//! Which module may use which. An arrow that is not drawn here is an error.

use std::collections::BTreeSet;

use crate::files::{File, files};

const MODULES: [&str; 11] = [
    "animatic", "cli", "config", "engine", "media", "model", "sandbox", "script", "segmind", "store", "tui",
];

/// What a module may use besides itself.
fn allowed(module: &str) -> &'static [&'static str] {
    match module {
        "tui" => &[
            "cli", "config", "engine", "media", "model", "sandbox", "script", "segmind", "store",
        ],
        "cli" => &[
            "animatic", "config", "engine", "media", "model", "sandbox", "script", "segmind", "store", "tui",
        ],
        "engine" => &["store", "segmind", "media", "script", "model", "config"],
        "sandbox" => &["animatic", "media", "script", "model"],
        "animatic" => &["media", "script", "model"],
        "segmind" | "store" | "script" | "media" | "config" => &["model"],
        _ => &[],
    }
}

/// The module that a file belongs to and how deep in it: `src/store/open.rs` is `store`, 2.
fn place(path: &str) -> Option<(&str, usize)> {
    let inside = path.strip_prefix("src/")?;
    let parts: Vec<&str> = inside.split('/').collect();
    let module = parts[0].strip_suffix(".rs").unwrap_or(parts[0]);
    let is_root = matches!(module, "lib" | "main");
    let depth = parts.len() - usize::from(parts.last() == Some(&"mod.rs"));
    (!is_root).then_some((module, depth))
}

/// Every module that the code of a file at `depth` names.
fn named(code: &str, depth: usize) -> BTreeSet<&'static str> {
    let packed: String = code
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ::", "::")
        .replace(":: ", "::");
    let mut firsts = BTreeSet::new();
    for (at, _) in packed.match_indices("crate::") {
        if !packed[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            firsts.extend(heads(&packed[at + "crate::".len()..]));
        }
    }
    for chain in packed.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        let supers = chain.split("::").take_while(|part| *part == "super").count();
        if supers >= depth {
            firsts.extend(chain.split("::").nth(supers));
        }
    }
    MODULES
        .into_iter()
        .filter(|module| firsts.contains(module))
        .collect()
}

/// The first names of a path: `a` of `a::b`, `a` and `b` of `{a::x, b}`.
fn heads(path: &str) -> Vec<&str> {
    let name = |text: &str| {
        text.len()
            - text
                .trim_start_matches(|c: char| c.is_alphanumeric() || c == '_')
                .len()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![&path[..name(path)]];
    };
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let item = group[start..at].trim_start();
                heads.push(&item[..name(item)]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

/// What is wrong with the arrows of one file.
fn bad_arrows(file: &File) -> Vec<String> {
    let Some((module, depth)) = place(&file.path) else {
        return Vec::new();
    };
    let is_bad = |other: &&str| *other != module && !allowed(module).contains(other);
    let bad = named(&file.code(), depth).into_iter().filter(is_bad);
    bad.map(|other| format!("{} uses {other}, and {module} may not", file.path))
        .collect()
}

#[test]
fn no_module_uses_one_that_it_may_not_know() {
    let bad: Vec<String> = files(&["src"]).iter().flat_map(bad_arrows).collect();
    assert_eq!(bad, [""; 0]);
}

#[test]
fn only_the_command_line_and_the_workbench_start_the_sandbox() {
    let starts = |file: &File| file.code().contains("sandbox::start(");
    let may = |path: &str| {
        ["src/cli/", "src/tui/", "src/sandbox/"]
            .iter()
            .any(|folder| path.starts_with(folder))
    };
    let all = files(&["src"]);
    let others: Vec<&str> = all
        .iter()
        .filter(|f| starts(f) && !may(&f.path))
        .map(|f| f.path.as_str())
        .collect();
    assert_eq!(others, [""; 0]);
}

#[test]
fn every_module_is_drawn() {
    let found: BTreeSet<String> = files(&["src"])
        .iter()
        .filter_map(|file| Some(place(&file.path)?.0.to_owned()))
        .collect();
    assert_eq!(found, MODULES.map(str::to_owned).into());
}

/// The test itself is tested: a wrong arrow is found however it is written, a right one never.
#[test]
fn a_wrong_arrow_is_found_however_it_is_written() {
    let bad = |path: &str, text: &str| {
        let file = File {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        bad_arrows(&file).len()
    };
    assert_eq!(bad("src/store/mod.rs", "use crate::segmind::Client;"), 1);
    assert_eq!(bad("src/model/take.rs", "fn f() { crate::store::open() }"), 1);
    assert_eq!(
        bad(
            "src/segmind/a/b.rs",
            "use crate::{model::X, store::{Y, Z}, media};"
        ),
        2
    );
    assert_eq!(bad("src/engine/mod.rs", "use super::sandbox::start;"), 1);
    assert_eq!(bad("src/engine/poll.rs", "use super::super::tui;"), 1);
    assert_eq!(bad("src/engine/poll.rs", "use crate\n    ::cli\n    ::Args;"), 1);
    assert_eq!(
        bad(
            "src/sandbox/mod.rs",
            "pub(in crate::sandbox) fn f(x: crate::config::Paths) {}"
        ),
        1
    );
    assert_eq!(bad("src/model.rs", "use super::media;"), 1);

    assert_eq!(
        bad(
            "src/engine/mod.rs",
            "use crate::{store::Store, model::{self, Take}};"
        ),
        0
    );
    assert_eq!(
        bad("src/engine/poll.rs", "use super::media::check;"),
        0,
        "a module of its own"
    );
    assert_eq!(
        bad("src/store/mod.rs", "// use crate::tui;\nlet s = \"crate::tui\";"),
        0
    );
    assert_eq!(
        bad("src/tui/mod.rs", "use crate::engine::Engine; use crate::sandbox;"),
        0
    );
    assert_eq!(bad("src/main.rs", "use rushes::cli;"), 0);
}
