//! Completes paths as they are typed, and makes them absolute. Reads folders, opens no file.

use std::path::{Path, PathBuf};

use crate::model::Form;
use crate::model::form::is_local;

/// The reference by which its file is found wherever the program is started later: a relative path becomes absolute. A
/// path below `~` and a URL stay as they are written. Every reference passes through here when it enters a form.
pub fn anchored(reference: &str) -> String {
    if !is_local(reference) || Path::new(reference).starts_with("~") {
        return reference.to_owned();
    }
    let absolute = std::path::absolute(reference).ok();
    let text = absolute.and_then(|path| path.into_os_string().into_string().ok());
    text.unwrap_or_else(|| reference.to_owned())
}

/// Anchors every reference of a form, which another folder, an earlier release or a file may have named.
pub fn anchor(form: &mut Form) {
    for reference in form.references_mut() {
        *reference = anchored(reference);
    }
}

/// The paths that a typed one may be the beginning of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathMatches {
    /// Their common beginning; a single folder ends in a slash.
    pub common: String,
    /// The first of them, sorted, folders ending in a slash.
    pub first: Vec<String>,
    /// How many there are.
    pub count: usize,
}

/// Expands `~/…` to the user's home, as a shell does.
pub(super) fn at_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Files and folders that `typed` may be the beginning of, the first `named` of them by name. Hidden ones only when
/// the name begins with a dot.
pub fn paths_like(typed: &str, named: usize) -> PathMatches {
    let (folder, name) = typed
        .rsplit_once('/')
        .map_or(("", typed), |(folder, name)| (&typed[..=folder.len()], name));
    let place = at_home(Path::new(if folder.is_empty() { "." } else { folder }));
    let Ok(entries) = std::fs::read_dir(&place) else {
        return PathMatches::default();
    };
    let fits = |own: &String| own.starts_with(name) && (name.starts_with('.') || !own.starts_with('.'));
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(fits)
        .collect();
    found.sort_unstable();
    let count = found.len();
    let shared = common(&found).to_owned();
    found.truncate(named);
    let first: Vec<String> = found
        .into_iter()
        .map(|own| {
            let slash = if place.join(&own).is_dir() { "/" } else { "" };
            format!("{folder}{own}{slash}")
        })
        .collect();
    let common = match &first[..] {
        [only] if count == 1 => only.clone(),
        _ => format!("{folder}{shared}"),
    };
    PathMatches { common, first, count }
}

/// The common beginning of sorted names: that of the first and the last.
fn common(sorted: &[String]) -> &str {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return "";
    };
    let same = |((_, a), b): &((usize, char), char)| a == b;
    let shared = first.char_indices().zip(last.chars()).take_while(same);
    let end = shared.last().map_or(0, |((at, c), _)| at + c.len_utf8());
    &first[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_completed_folder_by_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("stills")).unwrap();
        for name in ["still 1.png", "story.txt", ".hidden"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        let root = format!("{}/", dir.path().display());
        let found = |typed: &str| -> Vec<String> {
            let found = paths_like(&format!("{root}{typed}"), 9).first;
            found.iter().map(|path| path[root.len()..].to_owned()).collect()
        };
        assert_eq!(found("sti"), ["still 1.png", "stills/"]);
        assert_eq!(found(""), ["still 1.png", "stills/", "story.txt"]);
        assert_eq!(found(".h"), [".hidden"]);
        assert_eq!(found("no/where"), Vec::<String>::new());
        let one_named = PathMatches {
            common: format!("{root}st"),
            first: vec![format!("{root}still 1.png")],
            count: 3,
        };
        assert_eq!(paths_like(&root, 1), one_named);
        assert_eq!(
            paths_like(&format!("{root}stills"), 9).common,
            format!("{root}stills/")
        );
    }

    #[test]
    fn what_is_common_ends_at_a_character() {
        let common_of = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            names.sort_unstable();
            common(&names).to_owned()
        };
        assert_eq!(common_of(&["stills", "still-1", "still-2"]), "still");
        assert_eq!(common_of(&["镜头", "镜子"]), "镜");
        assert_eq!(common_of(&["still", "still-1"]), "still");
        assert_eq!(common_of(&["a"]), "a");
        assert_eq!(common_of(&[]), "");
    }
}
