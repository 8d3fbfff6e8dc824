//! No cycles of files: within a module, a file may not use another file that uses it, directly or through others.

use std::collections::{BTreeMap, BTreeSet};

use crate::module_dependencies::{module_of, used_paths};
use crate::source_files::{File, files, is_test};

const CHECKED: [&str; 4] = ["engine", "service", "store", "tui"];

/// What each file of a module uses.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Which files of a module each of its files uses. What a folder's face only passes on is used from where it stands.
fn uses(all: &[File]) -> Uses {
    let named: BTreeMap<String, (&File, Vec<String>)> = all
        .iter()
        .filter(|file| !is_test(&file.path))
        .filter_map(|file| {
            let module = module_of(&file.path)?;
            let paths = used_paths(file, &module)
                .iter()
                .map(|path| path.join("::"))
                .collect();
            Some((module.join("::"), (file, paths)))
        })
        .collect();
    let mut uses = Uses::new();
    for (name, (_, paths)) in &named {
        let mut used: BTreeSet<String> = paths.iter().filter_map(|path| home(path, &named, 0)).collect();
        used.remove(name);
        uses.insert(name.clone(), used);
    }
    uses
}

/// The file in which the item of that path is defined.
fn home(path: &str, named: &BTreeMap<String, (&File, Vec<String>)>, depth: usize) -> Option<String> {
    let ends = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
    let known = ends
        .map(|end| &path[..end])
        .filter(|known| named.contains_key(*known))
        .last()?;
    let item = path[known.len()..].trim_start_matches("::").split("::").next()?;
    let (file, passes_on) = &named[known];
    let is_item = |to: &&String| !item.is_empty() && to.rsplit("::").next() == Some(item) && *to != path;
    match passes_on.iter().find(is_item) {
        Some(to) if file.path.ends_with("/mod.rs") && depth < 9 => home(to, named, depth + 1),
        _ => Some(known.to_owned()),
    }
}

/// The files that use themselves through others.
fn in_circles(uses: &Uses) -> Vec<&str> {
    let reaches_itself = |from: &&String| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![*from]);
        while let Some(one) = next.pop() {
            next.extend(uses.get(one).into_iter().flatten().filter(|to| seen.insert(*to)));
        }
        seen.contains(*from)
    };
    uses.keys().filter(reaches_itself).map(String::as_str).collect()
}

#[test]
fn no_files_of_a_module_go_in_circles() {
    for module in CHECKED {
        let uses = uses(&files(&[&format!("src/{module}")]));
        assert!(in_circles(&uses).is_empty(), "{module}: {:?}", in_circles(&uses));
    }
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let of = |texts: &[(&str, &str)]| {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        let all: Vec<File> = texts.iter().map(file).collect();
        in_circles(&uses(&all)).join(" ")
    };
    let face = ("src/m/mod.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\n");
    let apart = ("src/m/c.rs", "");
    let a = ("src/m/a.rs", "use super::b::B;\npub struct A;");
    assert_eq!(of(&[face, apart, a, ("src/m/b.rs", "pub struct B;")]), "");
    for b in [
        "use super::a;",
        "use super::{c, a::{self, A}};",
        "use super::A;",
        "use crate::m::A;",
        "fn f(_: crate::m::a::A) {}",
    ] {
        assert_eq!(of(&[face, apart, a, ("src/m/b.rs", b)]), "m::a m::b", "{b}");
    }
    let test_only = "pub struct B;\n#[cfg(test)]\nmod tests {\n    use super::super::a::A;\n}";
    assert_eq!(of(&[face, apart, a, ("src/m/b.rs", test_only)]), "");
    let type_in_face = ("src/m/mod.rs", "mod a;\nuse a::A;\npub struct M(A);");
    assert_eq!(
        of(&[type_in_face, ("src/m/a.rs", "use super::M;\npub struct A;")]),
        "m m::a"
    );
    let deep = ("src/m/n/mod.rs", "pub mod c;");
    let c = ("src/m/n/c.rs", "use super::super::a::A;");
    assert_eq!(
        of(&[face, ("src/m/a.rs", "use super::n::c::C;"), deep, c]),
        "m::a m::n::c"
    );
}
