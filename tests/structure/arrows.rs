//! Which module may use which, and that no files of a module use each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{File, files};

/// What each module may use besides itself.
const ARROWS: [(&str, &[&str]); 12] = [
    (
        "cli",
        &[
            "animatic", "config", "engine", "media", "model", "sandbox", "script", "segmind", "service",
            "store", "tui",
        ],
    ),
    (
        "tui",
        &[
            "config", "engine", "media", "model", "sandbox", "script", "segmind", "service", "store",
        ],
    ),
    (
        "service",
        &[
            "config", "engine", "media", "model", "sandbox", "script", "segmind", "store",
        ],
    ),
    ("engine", &["media", "model", "segmind", "store"]),
    ("sandbox", &["animatic", "media", "model", "script"]),
    ("animatic", &["media", "model", "script"]),
    ("segmind", &["model"]),
    ("store", &["model"]),
    ("media", &["model"]),
    ("script", &["model"]),
    ("config", &["model"]),
    ("model", &[]),
];
/// Modules in which no files may use each other in a circle.
const WITHOUT_CIRCLES: [&str; 2] = ["engine", "service"];

/// The path of the module that a file holds: `src/store/open.rs` is `store::open`.
fn module_of(path: &str) -> Option<Vec<&str>> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = inside.split('/').collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    (!matches!(parts[..], ["lib" | "main"])).then_some(parts)
}

/// The modules that follow a `crate::` of the file.
fn used_modules(file: &File) -> BTreeSet<String> {
    let code = file.code();
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

/// Every path that a file's `use` declarations name, from the root of the crate.
fn used_paths(file: &File, module: &[&str]) -> Vec<Vec<String>> {
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

/// Which files of a module each of its files uses.
fn uses(top: &str) -> BTreeMap<String, BTreeSet<String>> {
    let all = files(&[&format!("src/{top}")]);
    let modules: BTreeMap<String, &File> = all
        .iter()
        .filter_map(|file| Some((module_of(&file.path)?.join("::"), file)))
        .collect();
    let mut uses = BTreeMap::new();
    for (name, file) in &modules {
        let module: Vec<&str> = name.split("::").collect();
        let mut used = BTreeSet::new();
        for path in used_paths(file, &module) {
            // The longest beginning of the path that is a file.
            let known = (1..=path.len()).rev().map(|n| path[..n].join("::"));
            used.extend(known.into_iter().find(|known| modules.contains_key(known)));
        }
        used.remove(name);
        uses.insert(name.clone(), used);
    }
    uses
}

/// A circle of files, if there is one.
fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut left = uses.clone();
    // Files that use none of those left are in no circle.
    while let Some(done) = left.iter().find_map(|(name, used)| {
        used.is_disjoint(&left.keys().cloned().collect())
            .then(|| name.clone())
    }) {
        left.remove(&done);
    }
    let mut way = vec![left.keys().next()?.clone()];
    loop {
        let next = left[way.last()?].iter().find(|used| left.contains_key(*used))?;
        if let Some(at) = way.iter().position(|name| name == next) {
            return Some(way.split_off(at));
        }
        way.push(next.clone());
    }
}

#[test]
fn no_module_uses_one_that_it_may_not_know() {
    let mut bad = Vec::new();
    for file in files(&["src"]) {
        let Some(module) = module_of(&file.path) else {
            continue;
        };
        let (_, allowed) = ARROWS
            .iter()
            .find(|(name, _)| *name == module[0])
            .unwrap_or_else(|| panic!("{} is not drawn", module[0]));
        for (other, _) in ARROWS {
            if other != module[0] && !allowed.contains(&other) && used_modules(&file).contains(other) {
                bad.push(format!("{} uses {other}", file.path));
            }
        }
    }
    assert_eq!(bad, [""; 0]);
}

#[test]
fn files_of_a_module_do_not_use_each_other_in_a_circle() {
    for top in WITHOUT_CIRCLES {
        assert_eq!(circle(&uses(top)), None, "{top}");
    }
}

#[test]
fn only_the_service_and_its_own_command_start_the_sandbox() {
    let all = files(&["src"]);
    let starts = |file: &&File| file.code().contains("sandbox::start(");
    let starters: Vec<&str> = all.iter().filter(starts).map(|file| &*file.path).collect();
    assert_eq!(starters, ["src/cli/sandbox.rs", "src/service/session.rs"]);
}

/// The test itself is tested.
#[test]
fn a_wrong_arrow_and_a_circle_are_found() {
    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let used = used_modules(&file(
        "src/store/a.rs",
        "// crate::tui\nuse crate::{model::X, segmind::{Y, Z}};\nfn f() { crate::media::g() }\n",
    ));
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
    let graph = |edges: &[(&str, &str)]| {
        let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in edges {
            graph.entry((*to).to_owned()).or_default();
            graph
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
        }
        graph
    };
    assert_eq!(circle(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert!(circle(&graph(&[("a", "b"), ("b", "c"), ("c", "b")])).is_some());
}
