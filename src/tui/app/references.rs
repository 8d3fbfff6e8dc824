//! References of the draft: what their files are, their numbers in the text, their paths as they are typed.

use crate::engine::files;
use crate::script::{Kind, renumber_citations};
use crate::tui::effect::Effect;
use crate::tui::panes::{Change, Param};
use crate::tui::reading::Files;

use super::{App, Tone};

/// Paths named in the line of news.
const NAMED: usize = 8;

impl App {
    /// Has every local file that the draft names looked at.
    pub(super) fn look_at_files(&self) -> Vec<Effect> {
        let named = files::local(&self.draft);
        if named.is_empty() {
            return Vec::new();
        }
        vec![Effect::LookAtFiles(named)]
    }

    /// The same, when the draft names one that was not looked at yet.
    pub(super) fn look_at_new_files(&self) -> Vec<Effect> {
        let named = files::local(&self.draft);
        if named.iter().all(|(_, name)| self.files.contains_key(name)) {
            return Vec::new();
        }
        vec![Effect::LookAtFiles(named)]
    }

    /// The files were looked at.
    pub(super) fn files_seen(&mut self, seen: Files) -> Vec<Effect> {
        self.files.extend(seen);
        self.read_draft();
        Vec::new()
    }

    /// Moves the selected reference in its list; the text's citations follow.
    pub(super) fn move_item(&mut self, by: isize) -> Vec<Effect> {
        self.change_list(|app| app.params.move_item(&mut app.draft, by))
    }

    /// Takes the selected reference out; later ones move up, and so do their citations.
    pub(super) fn remove_item(&mut self) -> Vec<Effect> {
        self.change_list(|app| app.params.remove(&mut app.draft))
    }

    /// Makes a change of a list of references as one step with what it does to the text.
    pub(super) fn change_list(&mut self, change: impl FnOnce(&mut Self) -> Option<Change>) -> Vec<Effect> {
        let before = self.draft.clone();
        let change = change(self);
        let renumbered = change.as_ref().and_then(|change| {
            let kind = kind_of(change.param)?;
            let to = new_numbers(change.param.items(&before), change.param.items(&self.draft))?;
            let prompt = renumber_citations(&self.draft.prompt, kind, &to);
            (prompt != self.draft.prompt).then_some(prompt)
        });
        let Some(prompt) = renumbered else {
            return self.param_changed(change.as_ref());
        };
        let after = crate::model::Draft {
            prompt,
            ..std::mem::replace(&mut self.draft, before)
        };
        let effects = self.put_draft(after);
        self.warn_of(change.as_ref());
        if self.notice.is_none() {
            self.tell(Tone::Plain, "the citations in the text follow");
        }
        effects
    }

    /// Has the paths looked for that the typed one may be the beginning of.
    pub(super) fn complete_path(&self) -> Vec<Effect> {
        match self.params.typed_reference() {
            Some(typed) => vec![Effect::FindPaths(typed.to_owned())],
            None => Vec::new(),
        }
    }

    /// Paths were found: what they have in common is filled in.
    pub(super) fn paths_found(&mut self, typed: &str, found: &[String]) -> Vec<Effect> {
        // The user may have typed on.
        if self.params.typed_reference() != Some(typed) {
            return Vec::new();
        }
        let common = common(found);
        if common.len() > typed.len() {
            self.params.retype(&common);
        }
        match found {
            [] => self.tell(Tone::Plain, "no file is called that"),
            [_] => {}
            _ if common.len() > typed.len() => {}
            many => {
                let names: Vec<&str> = many
                    .iter()
                    .take(NAMED)
                    .map(|path| {
                        let name = path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
                        &path[name..]
                    })
                    .collect();
                let more = if many.len() > NAMED { ", …" } else { "" };
                self.tell(Tone::Plain, format!("{}{more}", names.join(", ")));
            }
        }
        Vec::new()
    }
}

const fn kind_of(param: Param) -> Option<Kind> {
    match param {
        Param::Images => Some(Kind::Image),
        Param::Videos => Some(Kind::Video),
        Param::Audios => Some(Kind::Audio),
        _ => None,
    }
}

/// The number from 1 that each reference of `before` has in `after`; `None` when each has kept its own. One that was
/// typed anew in its place keeps its number.
fn new_numbers(before: &[String], after: &[String]) -> Option<Vec<Option<u32>>> {
    let mut taken = vec![false; after.len()];
    let mut to: Vec<Option<usize>> = vec![None; before.len()];
    for (n, name) in before.iter().enumerate() {
        let same = (0..after.len()).find(|at| !taken[*at] && after[*at] == *name);
        if let Some(at) = same {
            taken[at] = true;
            to[n] = Some(at);
        }
    }
    for (n, number) in to.iter_mut().enumerate() {
        if number.is_none() && taken.get(n) == Some(&false) {
            taken[n] = true;
            *number = Some(n);
        }
    }
    let moved = to.iter().enumerate().any(|(n, at)| *at != Some(n));
    let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at + 1).ok());
    moved.then(|| to.into_iter().map(number).collect())
}

/// What all have in common from their beginning.
fn common(found: &[String]) -> String {
    let Some((first, rest)) = found.split_first() else {
        return String::new();
    };
    let shared = |other: &String| {
        first
            .char_indices()
            .zip(other.chars())
            .find(|((_, a), b)| a != b)
            .map_or(first.len().min(other.len()), |((at, _), _)| at)
    };
    let end = rest.iter().map(shared).min().unwrap_or(first.len());
    first[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn numbers_follow_moves_removals_and_new_names() {
        let numbers = |before, after| new_numbers(&list(before), &list(after));
        assert_eq!(numbers("a b c", "b a c"), Some(vec![Some(2), Some(1), Some(3)]));
        assert_eq!(numbers("a b c", "a c"), Some(vec![Some(1), None, Some(2)]));
        assert_eq!(numbers("a b c", "a x c"), None);
        assert_eq!(numbers("a b", "a b c"), None);
        assert_eq!(numbers("a a", "a a"), None);
        assert_eq!(numbers("", ""), None);
    }

    #[test]
    fn what_is_common_ends_at_a_character() {
        assert_eq!(common(&list("stills/ still-1 still-2")), "still");
        assert_eq!(common(&list("镜头 镜子")), "镜");
        assert_eq!(common(&[]), "");
    }
}
