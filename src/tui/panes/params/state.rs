//! The state of the Parameters pane: what is selected, and the field being typed.

use crossterm::event::KeyEvent;

use super::Parameter;
use crate::engine::references::anchored;
use crate::model::Form;
use crate::model::parameters::ParameterKind;
use crate::tui::state::stepped;
use crate::tui::widgets::field::{TextField, Typed};

/// A place that can be selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    Parameter(Parameter),
    /// A reference in a list, from 0.
    Item(Parameter, usize),
}

impl Spot {
    pub const fn param(self) -> Parameter {
        match self {
            Self::Parameter(param) | Self::Item(param, _) => param,
        }
    }

    /// Whether it is a file or a URL.
    pub fn is_reference(self) -> bool {
        match self {
            Self::Item(..) => true,
            Self::Parameter(param) => param.entry().kind == ParameterKind::Frame,
        }
    }

    /// Every place of a form, in reading order.
    pub fn all(form: &Form) -> Vec<Self> {
        let mut all = Vec::new();
        for param in Parameter::rows(form).concat() {
            all.push(Self::Parameter(param));
            all.extend((0..param.items(form).len()).map(|at| Self::Item(param, at)));
        }
        all
    }
}

/// A value that changed, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChange {
    pub param: Parameter,
    pub from: String,
    pub to: String,
}

/// A field being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedField {
    pub field: TextField,
    /// An item after the last one is new.
    pub spot: Spot,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamsState {
    selected: Spot,
    pub(super) edit: Option<TypedField>,
}

impl Default for ParamsState {
    fn default() -> Self {
        Self {
            selected: Spot::Parameter(Parameter::Resolution),
            edit: None,
        }
    }
}

impl ParamsState {
    /// The selected place; when the form no longer has it, its field or the first one.
    pub fn selected(&self, form: &Form) -> Spot {
        let all = Spot::all(form);
        let param = Spot::Parameter(self.selected.param());
        let found = [self.selected, param].into_iter().find(|spot| all.contains(spot));
        found.unwrap_or(Spot::Parameter(Parameter::Resolution))
    }

    pub fn select(&mut self, spot: Spot) {
        self.selected = spot;
    }

    /// Moves the selection by `by` places, stopping at the ends.
    pub fn step(&mut self, form: &Form, by: isize) {
        let all = Spot::all(form);
        let selected = self.selected(form);
        let at = all.iter().position(|spot| *spot == selected).unwrap_or(0);
        self.selected = all[stepped(at, by, all.len())];
    }

    /// Sets the selected choice to a value `by` places further on.
    pub fn turn(&self, form: &mut Form, by: isize) -> Option<ValueChange> {
        let param = self.selected(form).param();
        changing(param, form, |form| param.turn(form, by))
    }

    /// Starts typing the selected field, or a new reference when a list is selected. `false` for a choice.
    pub fn begin_edit(&mut self, form: &Form) -> bool {
        let (spot, text) = match self.selected(form) {
            Spot::Item(param, at) => (
                Spot::Item(param, at),
                param.items(form).get(at).cloned().unwrap_or_default(),
            ),
            Spot::Parameter(param) if param.medium().is_some() => {
                (Spot::Item(param, param.items(form).len()), String::new())
            }
            Spot::Parameter(param) if param.choices(form).is_none() => {
                (Spot::Parameter(param), param.shown(form))
            }
            Spot::Parameter(_) => return false,
        };
        self.edit = Some(TypedField {
            field: TextField::prefilled(&text),
            spot,
        });
        true
    }

    /// Continues typing the selected field, with the caret after its text.
    pub fn go_on_typing(&mut self, form: &Form) {
        if self.begin_edit(form)
            && let Some(edit) = self.edit.as_mut()
        {
            edit.field = TextField::new(edit.field.text());
        }
    }

    /// The form with the text being typed.
    pub fn preview(&self, form: &Form) -> Option<Form> {
        let mut preview = form.clone();
        let mut typing = self.clone();
        typing.edit.as_ref()?;
        typing.commit(&mut preview);
        Some(preview)
    }

    /// Gives a key to the field being typed; `false` when it means nothing there.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let edit = self.edit.as_mut();
        edit.is_some_and(|edit| edit.field.handle(key) != Typed::Ignored)
    }

    pub fn paste(&mut self, text: &str) {
        if let Some(edit) = self.edit.as_mut() {
            edit.field.paste(text);
        }
    }

    pub fn typed_param(&self) -> Option<Parameter> {
        self.edit.as_ref().map(|edit| edit.spot.param())
    }

    /// The reference or frame being typed.
    pub fn typed_reference(&self) -> Option<&str> {
        let edit = self.edit.as_ref()?;
        edit.spot.is_reference().then(|| edit.field.text())
    }

    /// Replaces the text being typed.
    pub fn retype(&mut self, text: &str) {
        if let Some(edit) = self.edit.as_mut() {
            edit.field = TextField::new(text);
        }
    }

    /// Puts the typed text into the form: a reference by its whole path. An empty one is removed.
    pub fn commit(&mut self, form: &mut Form) -> Option<ValueChange> {
        let edit = self.edit.take()?;
        let param = edit.spot.param();
        let typed = edit.field.text().trim();
        let text = if edit.spot.is_reference() {
            anchored(&unquoted(typed))
        } else {
            typed.to_owned()
        };
        changing(param, form, |form| match edit.spot {
            Spot::Item(_, at) => {
                if let Some(list) = param.items_mut(form) {
                    put(list, at, text);
                }
            }
            Spot::Parameter(_) => {
                if let Some(value) = param.text_mut(form) {
                    *value = text;
                }
            }
        })
    }

    pub fn cancel(&mut self) {
        self.edit = None;
    }

    /// Removes the selected reference from its list, or empties the selected frame.
    pub fn remove(&self, form: &mut Form) -> Option<ValueChange> {
        let selected = self.selected(form);
        let param = selected.param();
        changing(param, form, |form| match selected {
            Spot::Item(_, at) => {
                if let Some(list) = param.items_mut(form) {
                    put(list, at, String::new());
                }
            }
            Spot::Parameter(_) => {
                if let Some(value) = param.text_mut(form).filter(|_| selected.is_reference()) {
                    value.clear();
                }
            }
        })
    }

    /// Moves the selected reference in its list.
    pub fn move_item(&mut self, form: &mut Form, by: isize) -> Option<ValueChange> {
        let Spot::Item(param, at) = self.selected(form) else {
            return None;
        };
        let to = at
            .saturating_add_signed(by)
            .min(param.items(form).len().saturating_sub(1));
        self.selected = Spot::Item(param, to);
        changing(param, form, |form| {
            if let Some(list) = param.items_mut(form) {
                list.swap(at, to);
            }
        })
    }
}

/// A path without the quotes that a terminal adds when a file is dropped on it.
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

/// Runs `change` and returns what it did to `param`.
pub fn changing(param: Parameter, form: &mut Form, change: impl FnOnce(&mut Form)) -> Option<ValueChange> {
    let from = param.shown(form);
    change(form);
    let to = param.shown(form);
    (from != to).then_some(ValueChange { param, from, to })
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
