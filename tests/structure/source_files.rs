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

/// Raw colours are the theme's: it brings them down to what the terminal can show.
#[test]
fn raw_colours_appear_in_the_theme_only() {
    let raw = |code: &str| {
        ["Color::Rgb", "Color::Indexed", "Color::from_u32"]
            .iter()
            .any(|color| code.contains(color))
    };
    let outside = |file: &File| !file.path.starts_with("src/tui/theme");
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

/// What each module must not know, by the words that would show it.
const BLIND: [(&str, &[&str]); 9] = [
    (
        "src/model",
        &[
            "std::fs",
            "std::net",
            "tokio",
            "reqwest",
            "rusqlite",
            "ratatui",
            "crossterm",
        ],
    ),
    (
        "src/script",
        &[
            "std::fs",
            "std::net",
            "std::env",
            "tokio",
            "reqwest",
            "rusqlite",
            "ratatui",
            "crossterm",
        ],
    ),
    (
        "src/store",
        &[
            "reqwest",
            "axum",
            "tokio::net",
            "std::net",
            "ratatui",
            "crossterm",
        ],
    ),
    (
        "src/segmind",
        &["std::fs", "tokio::fs", "rusqlite", "ratatui", "crossterm"],
    ),
    (
        "src/engine",
        &[
            "rusqlite",
            "ratatui",
            "crossterm",
            "std::io::stdout",
            "std::io::stdin",
        ],
    ),
    (
        "src/media",
        &["reqwest", "axum", "std::net", "rusqlite", "ratatui", "crossterm"],
    ),
    (
        "src/animatic",
        &[
            "std::net",
            "tokio",
            "reqwest",
            "axum",
            "rusqlite",
            "ratatui",
            "crossterm",
            "f32",
            "f64",
        ],
    ),
    ("src/sandbox", &["reqwest", "ratatui", "crossterm"]),
    ("src/cli", &["ratatui", "rusqlite"]),
];

#[test]
fn each_module_is_blind_to_what_is_not_its_affair() {
    let all = files(&["src"]);
    let mut seen = Vec::new();
    for (folder, words) in BLIND {
        let inside = all
            .iter()
            .filter(|file| file.path.starts_with(&format!("{folder}/")));
        for file in inside.filter(|file| !is_test(&file.path)) {
            let product = file.product_code();
            let known = words.iter().filter(|word| product.contains(*word));
            seen.extend(known.map(|word| format!("{} knows {word}", file.path)));
        }
    }
    assert_eq!(seen, NONE);
}

/// Whether the file holds unit tests only.
pub fn is_test(path: &str) -> bool {
    path.ends_with("_tests.rs") || path.ends_with("/tests.rs") || path.contains("/tests/")
}
