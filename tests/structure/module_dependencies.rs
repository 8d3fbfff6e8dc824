//! Which module may use which, and what a file's `use` lines name.

use std::collections::BTreeSet;

use crate::source_files::{File, files, is_test};

/// What each module uses besides itself, and nothing else.
const ARROWS: [(&str, &[&str]); 13] = [
    (
        "cli",
        &[
            "animatic", "config", "engine", "media", "model", "sandbox", "script", "segmind", "service",
            "store", "tui",
        ],
    ),
    (
        "tui",
        &["config", "engine", "media", "model", "script", "service", "store"],
    ),
    (
        "service",
        &[
            "config", "engine", "files", "media", "model", "sandbox", "script", "segmind", "store",
        ],
    ),
    ("engine", &["files", "media", "model", "segmind", "store"]),
    ("sandbox", &["animatic", "media", "model"]),
    ("animatic", &["media", "model", "script"]),
    ("segmind", &["model"]),
    ("store", &["model"]),
    ("media", &["files", "model"]),
    ("script", &["model"]),
    ("config", &["model"]),
    ("files", &[]),
    ("model", &[]),
];

/// The path of the module that a file holds: `src/store/open.rs` is `store::open`.
pub fn module_of(path: &str) -> Option<Vec<&str>> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = inside.split('/').collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    (!matches!(parts[..], ["lib" | "main"])).then_some(parts)
}

/// The modules that follow a `crate::` of the file.
fn used_modules(code: &str) -> BTreeSet<String> {
    let after = code.split("crate::").skip(1);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        })
        .map(|rest| first_name(rest).to_owned())
        .filter(|name| ARROWS.iter().any(|(module, _)| module == name))
        .collect()
}

fn first_name(path: &str) -> &str {
    let path = path.trim_start();
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &path[..end.unwrap_or(path.len())]
}

/// Every path that a file names in `use` declarations or within its code, from the root of the crate.
pub fn used_paths(file: &File, module: &[&str]) -> BTreeSet<Vec<String>> {
    let code = file.product_code();
    let mut found = Vec::new();
    let lines = code.match_indices('\n').map(|(at, _)| at + 1);
    for line in std::iter::once(0).chain(lines).map(|at| &code[at..]) {
        let head = line.split(' ').next().unwrap_or_default();
        let rest = if head.starts_with("pub") {
            line[head.len()..].trim_start()
        } else {
            line
        };
        if let Some(declaration) = rest.strip_prefix("use ") {
            expand("", declaration.split(';').next().unwrap_or_default(), &mut found);
        }
    }
    found.extend(inline_paths(&code));
    let is_folder = file.path.ends_with("/mod.rs");
    found
        .into_iter()
        .filter_map(|path| {
            let names: Vec<&str> = path.split("::").map(str::trim).collect();
            let supers = names.iter().take_while(|name| **name == "super").count();
            let base = match names[0] {
                "crate" => Vec::new(),
                "self" => module.to_vec(),
                "super" => module[..module.len() - supers].to_vec(),
                // A child that the folder's own file declares.
                _ if is_folder => module.to_vec(),
                _ => return None,
            };
            let rest = names
                .iter()
                .skip_while(|name| ["crate", "self", "super"].contains(*name));
            Some(base.iter().chain(rest).map(|name| (*name).to_owned()).collect())
        })
        .collect()
}

/// The paths within code that begin at the crate or above. A visibility names no use; what `super` is in an inner
/// declaration depends on the module that it stands in.
fn inline_paths(code: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for (start, no_use) in [("crate::", "(in "), ("super::", "use ")] {
        for (at, _) in code.match_indices(start) {
            let path = code[at..].split(|c| !is_part(c)).next().unwrap_or_default();
            let before = &code[..at];
            if !before.ends_with(is_part) && !before.ends_with(no_use) && !path.ends_with("::") {
                found.push(path.to_owned());
            }
        }
    }
    found
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expand(before: &str, path: &str, found: &mut Vec<String>) {
    let Some((head, group)) = path.split_once('{') else {
        found.push(format!("{before}{}", path.trim()));
        return;
    };
    let before = format!("{before}{}", head.trim());
    let group = group.trim().strip_suffix('}').unwrap_or(group);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !group[start..at].trim().is_empty() {
                    expand(&before, &group[start..at], found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[test]
fn each_module_uses_those_that_it_may_and_no_arrow_is_unused() {
    let all = files(&["src"]);
    let mut bad = Vec::new();
    let mut unused: BTreeSet<(&str, &str)> = ARROWS
        .iter()
        .flat_map(|(module, allowed)| allowed.iter().map(|other| (*module, *other)))
        .collect();
    for file in &all {
        let Some(module) = module_of(&file.path) else {
            continue;
        };
        let (name, allowed) = ARROWS
            .iter()
            .find(|(name, _)| *name == module[0])
            .unwrap_or_else(|| panic!("{} is not drawn", module[0]));
        for other in used_modules(&file.code()) {
            if other != *name && !allowed.contains(&&*other) {
                bad.push(format!("{} uses {other}", file.path));
            }
        }
        // What only a unit test uses is no arrow.
        if !is_test(&file.path) {
            let used = used_modules(&file.product_code());
            unused.retain(|(from, to)| from != name || !used.contains(*to));
        }
    }
    assert_eq!(bad, [""; 0]);
    assert_eq!(unused, BTreeSet::new(), "nobody uses these arrows");
}

#[test]
fn only_the_service_and_its_own_command_start_the_sandbox() {
    let all = files(&["src"]);
    let starts = |file: &&File| file.code().contains("sandbox::start(");
    let starters: Vec<&str> = all.iter().filter(starts).map(|file| &*file.path).collect();
    assert_eq!(starters, ["src/cli/sandbox.rs", "src/service/session.rs"]);
}

/// Tests the test.
#[test]
fn a_wrong_arrow_is_found() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let used = used_modules(
        &file(
            "src/store/a.rs",
            "// crate::tui\nuse crate::{model::X, segmind::{Y, Z}};\nfn f() { crate::media::g() }\n",
        )
        .code(),
    );
    assert_eq!(
        used.into_iter().collect::<Vec<_>>(),
        ["media", "model", "segmind"]
    );
    let paths = used_paths(
        &file(
            "src/a/b.rs",
            "use super::c::{D, e::F};\nuse crate::a::g;\nuse std::fs;\n",
        ),
        &["a", "b"],
    );
    let paths: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::c::D", "a::c::e::F", "a::g"]);
}
