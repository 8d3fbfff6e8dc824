//! References of the draft: what their files are, their numbers in the text, their paths as they are typed.

use crate::engine::references::{self, Paths};
use crate::model::parameters::Medium;
use crate::script::{Kind, renumber_citations};
use crate::tui::effect::Effect;
use crate::tui::panes::{Change, Param};
use crate::tui::reading::Files;

use super::{App, Tone};

impl App {
    /// Has every local file that the draft names looked at.
    pub(super) fn look_at_files(&mut self) -> Vec<Effect> {
        self.look_at(|_, _| true)
    }

    /// The same, of those that were not looked at yet.
    pub(super) fn look_at_new_files(&mut self) -> Vec<Effect> {
        self.look_at(|app, name| !app.files.contains_key(name))
    }

    /// Each is asked about once at a time: a disk that does not answer must not be asked again with every key.
    fn look_at(&mut self, wanted: impl Fn(&Self, &str) -> bool) -> Vec<Effect> {
        let mut named = references::local(&self.draft);
        named.retain(|local| !self.looking.contains(&local.reference) && wanted(self, &local.reference));
        if named.is_empty() {
            return Vec::new();
        }
        self.looking
            .extend(named.iter().map(|local| local.reference.clone()));
        vec![Effect::LookAtFiles(named)]
    }

    /// The files were looked at.
    pub(super) fn files_seen(&mut self, seen: Files) -> Vec<Effect> {
        self.looking.retain(|name| !seen.contains_key(name));
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
    pub(super) fn paths_found(&mut self, typed: &str, found: &Paths) -> Vec<Effect> {
        // The user may have typed on.
        if self.params.typed_reference() != Some(typed) {
            return Vec::new();
        }
        if found.count == 0 {
            self.tell(Tone::Plain, "no file is called that");
        } else if found.common.len() > typed.len() {
            self.params.retype(&found.common);
        } else if found.count > 1 {
            let name = |path: &String| {
                let at = path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
                path[at..].to_owned()
            };
            let names: Vec<String> = found.first.iter().map(name).collect();
            let more = if found.count > names.len() { ", …" } else { "" };
            self.tell(Tone::Plain, format!("{}{more}", names.join(", ")));
        }
        Vec::new()
    }
}

fn kind_of(param: Param) -> Option<Kind> {
    Some(match param.medium()? {
        Medium::Image => Kind::Image,
        Medium::Video => Kind::Video,
        Medium::Audio => Kind::Audio,
    })
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
}
