//! What every source file must be like.

use std::path::{Path, PathBuf};

/// A source file below the project's root.
pub struct File {
    /// With `/`, from the root: `src/store/open.rs`.
    pub path: String,
    pub text: String,
}

impl File {
    /// The lines that are no comments.
    pub fn code(&self) -> String {
        code(&self.text)
    }

    /// The same without unit tests.
    pub fn product_code(&self) -> String {
        let code = self.code();
        code.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
    }
}

fn code(text: &str) -> String {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines()
        .filter(is_code)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// All `.rs` files under the given folders of the project, in order.
pub fn files(folders: &[&str]) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in folders {
        gather(&root.join(folder), &mut paths);
    }
    paths.sort();
    let file = |path: PathBuf| File {
        path: path
            .strip_prefix(root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/"),
        text: std::fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(file).collect()
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// Paths of the files that `is_wrong`.
fn wrong(files: &[File], is_wrong: impl Fn(&File) -> bool) -> Vec<&str> {
    files
        .iter()
        .filter(|file| is_wrong(file))
        .map(|file| file.path.as_str())
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn no_file_is_long_and_half_of_them_are_short() {
    const MAX_LINES: usize = 600;
    const MAX_MEDIAN: usize = 200;
    let all = files(&["src", "tests", "benches"]);
    assert_eq!(wrong(&all, |file| file.text.lines().count() > MAX_LINES), NONE);
    let mut lengths: Vec<usize> = files(&["src"])
        .iter()
        .map(|file| file.text.lines().count())
        .collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < MAX_MEDIAN, "the median file has {median} lines");
}

#[test]
fn every_file_says_first_what_it_is_for() {
    let all = files(&["src", "tests", "benches"]);
    assert!(all.len() > 50, "only {} files were found", all.len());
    assert_eq!(wrong(&all, |file| !file.text.starts_with("//! ")), NONE);
}

/// Raw colours are the theme's: it brings them down to what the terminal can show. Only what writes cells reads them.
#[test]
fn raw_colours_appear_in_the_theme_only() {
    let raw = |code: &str| {
        ["Color::Rgb", "Color::Indexed", "Color::from_u32"]
            .iter()
            .any(|color| code.contains(color))
    };
    let outside = |file: &File| {
        !file.path.starts_with("src/tui/theme") && !file.path.ends_with("src/tui/terminal/encode.rs")
    };
    assert_eq!(
        wrong(&files(&["src"]), |file| outside(file) && raw(&file.code())),
        NONE
    );
    assert!(raw(&code("let red = Color::Rgb(9, 0, 0);")) && !raw(&code("// Color::Rgb")));
}

/// One function starts other programs, without the key in their environment; only our own, which continues takes in
/// flight, gets it.
#[test]
fn programs_are_started_in_one_place() {
    let starts = |file: &File| file.product_code().contains("Command::new(") && !is_test(&file.path);
    let all = files(&["src"]);
    assert_eq!(
        wrong(&all, starts),
        ["src/cli/own_executable.rs", "src/model/child.rs"]
    );
}

/// What a module can know of the world outside, by the words that show it.
const WORLD: [&str; 16] = [
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::stdin",
    "std::io::stdout",
    "tokio",
    "tokio::fs",
    "tokio::net",
    "reqwest",
    "axum",
    "rusqlite",
    "ratatui",
    "crossterm",
    "clap",
    "fastrand",
];

/// What each module knows of it, and nothing else.
const KNOWS: [(&str, &[&str]); 13] = [
    (
        "cli",
        &[
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::io::stdin",
            "std::io::stdout",
            "tokio",
            "crossterm",
            "clap",
            "fastrand",
        ],
    ),
    (
        "tui",
        &[
            "std::fs",
            "std::env",
            "std::process",
            "tokio",
            "ratatui",
            "crossterm",
            "fastrand",
        ],
    ),
    (
        "service",
        &["std::fs", "std::net", "std::env", "tokio", "reqwest", "fastrand"],
    ),
    (
        "engine",
        &[
            "std::fs",
            "std::env",
            "std::process",
            "tokio",
            "tokio::fs",
            "fastrand",
        ],
    ),
    (
        "sandbox",
        &[
            "std::fs",
            "std::net",
            "tokio",
            "tokio::fs",
            "tokio::net",
            "axum",
            "rusqlite",
            "fastrand",
        ],
    ),
    ("animatic", &[]),
    ("segmind", &["std::net", "tokio", "tokio::net", "reqwest"]),
    ("store", &["std::fs", "std::process", "rusqlite", "fastrand"]),
    ("media", &["std::fs", "std::process"]),
    ("script", &[]),
    ("config", &["std::fs", "std::env", "std::process"]),
    ("files", &["std::fs"]),
    ("model", &["std::process", "fastrand"]),
];

#[test]
fn each_module_knows_exactly_what_is_its_affair() {
    let all = files(&["src"]);
    let all = all.iter().filter(|file| !is_test(&file.path));
    let all: Vec<(&str, String)> = all
        .map(|file| (file.path.as_str(), file.product_code()))
        .collect();
    let mut wrong = Vec::new();
    for (module, known) in KNOWS {
        let folder = format!("src/{module}/");
        let is_inside = |path: &str| path.starts_with(&folder) || path == format!("src/{module}.rs");
        for word in WORLD {
            let knows = |(path, code): &&(&str, String)| is_inside(path) && code.contains(word);
            let users: Vec<&str> = all.iter().filter(knows).map(|(path, _)| *path).collect();
            match (known.contains(&word), users.is_empty()) {
                (false, false) => wrong.push(format!("{module} must not know {word}: {users:?}")),
                (true, true) => wrong.push(format!("{module} no longer knows {word}: take it off the list")),
                _ => {}
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The same script gives the same picture on every machine.
#[test]
fn an_animatic_is_drawn_with_whole_numbers() {
    let fractions = |file: &File| {
        let code = file.product_code();
        file.path.starts_with("src/animatic/") && (code.contains("f32") || code.contains("f64"))
    };
    assert_eq!(wrong(&files(&["src"]), fractions), NONE);
}

/// Whether the file holds unit tests only.
pub fn is_test(path: &str) -> bool {
    path.ends_with("_tests.rs") || path.ends_with("/tests.rs") || path.contains("/tests/")
}
