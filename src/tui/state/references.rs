//! The lists of references in the form, and their numbers in the prompt.

use super::{State, Tone};
use crate::model::Form;
use crate::script::renumber_citations;
use crate::tui::panes::params::state::ValueChange;

impl State {
    /// Changes a list of references and renumbers their citations in the prompt, as one step of undo.
    pub fn change_list(&mut self, change: impl FnOnce(&mut Form) -> Option<ValueChange>) {
        let before = self.form.current.clone();
        let change = change(&mut self.form.current);
        let form = &self.form.current;
        let renumbered = change.as_ref().and_then(|change| {
            let kind = change.param.medium()?;
            let to = new_numbers(change.param.items(&before), change.param.items(form))?;
            let prompt = renumber_citations(&form.prompt, kind, &to);
            (prompt != form.prompt).then_some(prompt)
        });
        let (Some(prompt), Some(change)) = (renumbered, &change) else {
            return self.param_changed(change.as_ref());
        };
        let after = Form {
            prompt,
            ..std::mem::replace(&mut self.form.current, before)
        };
        self.put_form(after);
        self.warn_of(change);
        if self.news.is_empty() {
            self.tell(Tone::Plain, "The citations in the text were renumbered");
        }
    }
}

/// The number from 1 that each reference of `before` has in `after`; `None` when no number changes. A reference that was
/// retyped in its place keeps its number.
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
