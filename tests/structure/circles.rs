//! No circles of files: within a module, a file may not use another one that uses it, directly or through others.
//!
//! The `mod.rs` of a folder is its face: what it only passes on counts as used from where it stands, and what it uses
//! itself does not count.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{File, files};

/// The modules, each with its files that are still part of a circle. A file that is not any more is removed here too.
const CHECKED: [(&str, &str); 3] = [("engine", ""), ("store", ""), ("tui", TUI)];

const TUI: &str = "app::late effect overlays::menu rescue saver overlays::books overlays::draw overlays::question \
                   terminal::editor terminal::late terminal::signals terminal::watch";

/// The files of a module, by the path of the module that each is.
type Modules = BTreeMap<Vec<String>, File>;

/// `store::queue` for `src/store/queue/mod.rs` and `store::queue::claim` for `src/store/queue/claim.rs`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

/// Every path that the code names after `crate` or `super`, from the root. Groups are spelled out.
fn named(code: &str, own: &[String]) -> BTreeSet<Vec<String>> {
    let packed: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let packed = packed.replace(" ::", "::").replace(":: ", "::");
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in packed.match_indices(start) {
            let before = packed[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            for path in spelled_out(&packed[at..]).0 {
                found.extend(from_root(&path, own));
            }
        }
    }
    found
}

/// The paths at the start of `text`, and how long they are: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn spelled_out(text: &str) -> (Vec<Vec<String>>, usize) {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let name = text[..end].to_owned();
    let Some(rest) = text[end..].strip_prefix("::") else {
        return (vec![vec![name]], end);
    };
    let under = |paths: Vec<Vec<String>>| {
        let add = |path: Vec<String>| [vec![name.clone()], path].concat();
        paths.into_iter().map(add).collect()
    };
    if !rest.starts_with('{') {
        let (paths, length) = spelled_out(rest);
        return (under(paths), end + 2 + length);
    }
    let (mut at, mut all) = (1, Vec::new());
    while let Some(c) = rest[at..].chars().next() {
        if c == '}' {
            at += 1;
            break;
        }
        let (paths, length) = spelled_out(&rest[at..]);
        if length == 0 {
            at += c.len_utf8();
            continue;
        }
        all.extend(paths);
        at += length;
    }
    (under(all), end + 2 + at)
}

fn from_root(path: &[String], own: &[String]) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let (base, rest) = match path.first()?.as_str() {
        "crate" => (&own[..0], &path[1..]),
        "self" => (own, &path[1..]),
        _ => (&own[..own.len().checked_sub(supers)?], &path[supers..]),
    };
    Some([base, rest].concat())
}

/// The module in which the item of that path is defined.
fn home(path: &[String], modules: &Modules, depth: usize) -> Option<Vec<String>> {
    let known = (1..=path.len())
        .rev()
        .map(|n| &path[..n])
        .find(|p| modules.contains_key(*p))?;
    let item = path.get(known.len());
    let face = modules.get(known).filter(|file| file.path.ends_with("/mod.rs"));
    if let (Some(item), Some(face), true) = (item, face, depth < 9) {
        let reexports = named_in_uses(&face.code(), known);
        let target = reexports
            .iter()
            .find(|to| to.last() == Some(item) && to.as_slice() != path);
        if let Some(target) = target {
            return home(target, modules, depth + 1);
        }
    }
    Some(known.to_vec())
}

/// What the `pub use` lines of a folder's face pass on.
fn named_in_uses(code: &str, own: &[String]) -> Vec<Vec<String>> {
    let packed: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut all = Vec::new();
    for (at, _) in packed.match_indices("use ") {
        let is_public = packed[..at].trim_end().ends_with("pub") || packed[..at].trim_end().ends_with(')');
        for path in spelled_out(&packed[at + 4..]).0 {
            let first = path.first().map(String::as_str);
            let from_here = !matches!(first, Some("crate" | "super" | "self"));
            if is_public || from_here {
                all.extend(if from_here {
                    Some([own, &path].concat())
                } else {
                    from_root(&path, own)
                });
            }
        }
    }
    all
}

/// Which file uses which.
fn arrows(modules: &Modules) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let mut arrows = BTreeMap::new();
    for (own, file) in modules {
        let mut uses = BTreeSet::new();
        if !file.path.ends_with("/mod.rs") {
            let code = file.code();
            let product = code.split("#[cfg(test)]").next().unwrap_or_default();
            uses.extend(
                named(product, own)
                    .iter()
                    .filter_map(|path| home(path, modules, 0))
                    .filter(|to| to != own),
            );
        }
        arrows.insert(own.clone(), uses);
    }
    arrows
}

/// Groups of files that all use each other, directly or through others.
fn circles(modules: &Modules) -> Vec<Vec<String>> {
    let arrows = arrows(modules);
    let reach = |from: &Vec<String>| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(one) = next.pop() {
            for to in arrows.get(&one).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        seen
    };
    let reached: BTreeMap<_, _> = arrows.keys().map(|from| (from.clone(), reach(from))).collect();
    let mut found = BTreeSet::new();
    for (from, seen) in &reached {
        if seen.contains(from) {
            let circle: Vec<String> = seen
                .iter()
                .filter(|to| reached[*to].contains(from))
                .map(|path| path[1..].join("::"))
                .collect();
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn modules(files: Vec<File>) -> Modules {
    files
        .into_iter()
        .filter(|file| !crate::files::is_test(&file.path))
        .map(|file| (module_of(&file.path), file))
        .collect()
}

#[test]
fn no_files_of_a_module_go_in_circles() {
    let all: Vec<(&str, Vec<String>)> = CHECKED
        .map(|(module, _)| {
            (
                module,
                circles(&modules(files(&[&format!("src/{module}")]))).concat(),
            )
        })
        .into();
    let known =
        CHECKED.map(|(module, known)| (module, known.split_whitespace().map(str::to_owned).collect()));
    assert_eq!(all, known.to_vec());
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let of = |texts: &[(&str, &str)]| {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        circles(&modules(texts.iter().map(file).collect()))
    };
    let face = ("src/m/mod.rs", "mod a; mod b; pub use a::A; use b::f;");
    let a = ("src/m/a.rs", "use super::b::B; pub struct A;");
    assert_eq!(of(&[face, a, ("src/m/b.rs", "pub struct B;")]).len(), 0);
    for b in [
        "use super::a;",
        "use super::{c, a::{self, A}};",
        "use super::A;",
        "use crate::m::A;",
        "fn f(_: crate::m::a::A) {}",
    ] {
        assert_eq!(of(&[face, a, ("src/m/b.rs", b)]), [["a", "b"]], "{b}");
    }
    let test_only = "pub struct B; #[cfg(test)] mod tests { use super::super::a::A; }";
    assert_eq!(of(&[face, a, ("src/m/b.rs", test_only)]).len(), 0);
    let deep = ("src/m/n/mod.rs", "pub mod c;");
    let c = ("src/m/n/c.rs", "use super::super::a::A;");
    assert_eq!(
        of(&[face, ("src/m/a.rs", "use super::n::c::C;"), deep, c]),
        [["a", "n::c"]]
    );
}
