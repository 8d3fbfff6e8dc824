//! What is selected in Parameters, and the field being typed.

use crossterm::event::KeyEvent;

use super::Param;
use crate::model::Draft;
use crate::model::parameters::Kind;
use crate::tui::widgets::field::{TextField, Typed};

/// A place that can be selected: a field, or a reference of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    Param(Param),
    /// A list's reference, from 0.
    Item(Param, usize),
}

impl Spot {
    /// The field it belongs to.
    #[must_use]
    pub const fn param(self) -> Param {
        match self {
            Self::Param(param) | Self::Item(param, _) => param,
        }
    }

    /// Whether a file or an address stands there.
    #[must_use]
    pub fn is_reference(self) -> bool {
        match self {
            Self::Item(..) => true,
            Self::Param(param) => param.entry().kind == Kind::Frame,
        }
    }

    /// Every place of a draft, in reading order.
    #[must_use]
    pub fn all(draft: &Draft) -> Vec<Self> {
        let mut all = Vec::new();
        for param in Param::rows(draft).concat() {
            all.push(Self::Param(param));
            all.extend((0..param.items(draft).len()).map(|at| Self::Item(param, at)));
        }
        all
    }
}

/// A value that changed, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub param: Param,
    pub from: String,
    pub to: String,
}

/// A field being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub field: TextField,
    /// What it is the text of; an item behind the last is a new one.
    pub spot: Spot,
}

/// The selection, and what is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamsState {
    selected: Spot,
    pub(super) edit: Option<Edit>,
}

impl Default for ParamsState {
    fn default() -> Self {
        Self {
            selected: Spot::Param(Param::Resolution),
            edit: None,
        }
    }
}

impl ParamsState {
    /// The selected place. When the draft has lost it, its field or the first is.
    #[must_use]
    pub fn selected(&self, draft: &Draft) -> Spot {
        let all = Spot::all(draft);
        let param = Spot::Param(self.selected.param());
        [self.selected, param]
            .into_iter()
            .find(|spot| all.contains(spot))
            .unwrap_or(Spot::Param(Param::Resolution))
    }

    /// Selects a place.
    pub fn select(&mut self, spot: Spot) {
        self.selected = spot;
    }

    /// Moves the selection by `by` places, stopping at the ends.
    pub fn step(&mut self, draft: &Draft, by: isize) {
        let all = Spot::all(draft);
        let selected = self.selected(draft);
        let at = all.iter().position(|spot| *spot == selected).unwrap_or(0);
        let next = at.saturating_add_signed(by).min(all.len().saturating_sub(1));
        self.selected = all.get(next).copied().unwrap_or(selected);
    }

    /// Turns the selected choice to its next value.
    pub fn next(&self, draft: &mut Draft) -> Option<Change> {
        self.turn(draft, 1)
    }

    /// Turns the selected choice to its previous value.
    pub fn previous(&self, draft: &mut Draft) -> Option<Change> {
        self.turn(draft, -1)
    }

    fn turn(&self, draft: &mut Draft, by: isize) -> Option<Change> {
        let param = self.selected(draft).param();
        changing(param, draft, |draft| param.turn(draft, by))
    }

    /// Sets a choice to the value at that place among its options.
    pub fn choose(&self, draft: &mut Draft, param: Param, place: usize) -> Option<Change> {
        changing(param, draft, |draft| param.choose(draft, place))
    }

    /// Begins to type the selected field; on a list's name, a new reference. `false` for a choice.
    pub fn begin_edit(&mut self, draft: &Draft) -> bool {
        let (spot, text) = match self.selected(draft) {
            Spot::Item(param, at) => (
                Spot::Item(param, at),
                param.items(draft).get(at).cloned().unwrap_or_default(),
            ),
            Spot::Param(param) if param.medium().is_some() => {
                (Spot::Item(param, param.items(draft).len()), String::new())
            }
            Spot::Param(param) if param.choices(draft).is_none() => (Spot::Param(param), param.shown(draft)),
            Spot::Param(_) => return false,
        };
        self.edit = Some(Edit {
            field: TextField::prefilled(&text),
            spot,
        });
        true
    }

    /// Goes on typing the selected field: its text stays, the caret behind it.
    pub fn go_on_typing(&mut self, draft: &Draft) {
        if self.begin_edit(draft)
            && let Some(edit) = self.edit.as_mut()
        {
            edit.field = TextField::new(edit.field.text());
        }
    }

    /// The draft as it would be with what is being typed.
    #[must_use]
    pub fn preview(&self, draft: &Draft) -> Option<Draft> {
        let mut preview = draft.clone();
        let mut typing = self.clone();
        typing.edit.as_ref()?;
        typing.commit(&mut preview);
        Some(preview)
    }

    /// Whether a field is being typed.
    #[must_use]
    pub fn is_editing(&self) -> bool {
        self.edit.is_some()
    }

    /// Gives a key to the field being typed. Whether it meant anything there.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let edit = self.edit.as_mut();
        edit.is_some_and(|edit| edit.field.handle(key) != Typed::Ignored)
    }

    /// Puts pasted text into the field being typed; it never acts.
    pub fn paste(&mut self, text: &str) {
        if let Some(edit) = self.edit.as_mut() {
            edit.field.paste(text);
        }
    }

    /// The field being typed.
    #[must_use]
    pub fn typed_param(&self) -> Option<Param> {
        self.edit.as_ref().map(|edit| edit.spot.param())
    }

    /// The reference or frame being typed.
    #[must_use]
    pub fn typed_reference(&self) -> Option<&str> {
        let edit = self.edit.as_ref()?;
        edit.spot.is_reference().then(|| edit.field.text())
    }

    /// Puts another text into the field being typed, the caret behind it.
    pub fn retype(&mut self, text: &str) {
        if let Some(edit) = self.edit.as_mut() {
            edit.field = TextField::new(text);
        }
    }

    /// Takes the typed text into the draft. An empty reference is taken out.
    pub fn commit(&mut self, draft: &mut Draft) -> Option<Change> {
        let edit = self.edit.take()?;
        let param = edit.spot.param();
        let typed = edit.field.text().trim();
        let text = if edit.spot.is_reference() {
            unquoted(typed)
        } else {
            typed.to_owned()
        };
        changing(param, draft, |draft| match edit.spot {
            Spot::Item(_, at) => {
                if let Some(list) = param.items_mut(draft) {
                    put(list, at, text);
                }
            }
            Spot::Param(_) => {
                if let Some(value) = param.text_mut(draft) {
                    *value = text;
                }
            }
        })
    }

    /// Leaves the field being typed without taking its text.
    pub fn cancel(&mut self) {
        self.edit = None;
    }

    /// Takes the selected reference out of its list, or empties the selected frame.
    pub fn remove(&self, draft: &mut Draft) -> Option<Change> {
        let selected = self.selected(draft);
        let param = selected.param();
        changing(param, draft, |draft| match selected {
            Spot::Item(_, at) => {
                if let Some(list) = param.items_mut(draft) {
                    put(list, at, String::new());
                }
            }
            Spot::Param(_) => {
                if let Some(value) = param.text_mut(draft).filter(|_| selected.is_reference()) {
                    value.clear();
                }
            }
        })
    }

    /// Moves the selected reference in its list, by which the prompt numbers it.
    pub fn move_item(&mut self, draft: &mut Draft, by: isize) -> Option<Change> {
        let Spot::Item(param, at) = self.selected(draft) else {
            return None;
        };
        let to = at
            .saturating_add_signed(by)
            .min(param.items(draft).len().saturating_sub(1));
        self.selected = Spot::Item(param, to);
        changing(param, draft, |draft| {
            if let Some(list) = param.items_mut(draft) {
                list.swap(at, to);
            }
        })
    }
}

/// A path without the quotes that a terminal puts around one that is dropped on it.
fn unquoted(path: &str) -> String {
    let inner = ['\'', '"'].into_iter().find_map(|quote| {
        path.strip_prefix(quote)?
            .strip_suffix(quote)
            .filter(|inner| !inner.contains(quote))
    });
    inner.unwrap_or(path).to_owned()
}

fn put(list: &mut Vec<String>, at: usize, text: String) {
    match (text.is_empty(), list.get_mut(at)) {
        (false, Some(item)) => *item = text,
        (false, None) => list.push(text),
        (true, Some(_)) => {
            list.remove(at);
        }
        (true, None) => {}
    }
}

/// Runs `change` and tells what it did to `param`.
fn changing(param: Param, draft: &mut Draft, change: impl FnOnce(&mut Draft)) -> Option<Change> {
    let from = param.shown(draft);
    change(draft);
    let to = param.shown(draft);
    (from != to).then_some(Change { param, from, to })
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
