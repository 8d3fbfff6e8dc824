//! Which key means what in which context.

use std::collections::BTreeMap;

use crossterm::event::KeyCode;

use super::key::{Chord, Key, key_labels};
use super::table::{Action, Context};

/// What the keys pressed so far mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Action(Action),
    /// The beginning of at least one chord.
    Begun,
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    pub(super) bound: BTreeMap<(Context, Action), Vec<Chord>>,
}

impl Default for Keymap {
    fn default() -> Self {
        let rows = |context: Context| {
            // A test makes sure that every key can be read.
            let chords = |keys: &[&str]| keys.iter().filter_map(|key| key.parse().ok()).collect();
            let keys = context.default_keys().iter();
            keys.map(move |(action, keys)| ((context, *action), chords(keys)))
        };
        Self {
            bound: Context::ALL.into_iter().flat_map(rows).collect(),
        }
    }
}

impl Keymap {
    /// What `keys` mean in `context`.
    pub fn find(&self, context: Context, keys: &[Key]) -> Found {
        if keys == [Key::plain(KeyCode::Esc)] {
            return Found::Action(Action::Leave);
        }
        for layer in context.layers() {
            if let Some((action, _)) = self.in_layer(*layer).find(|(_, chord)| chord.keys() == keys) {
                return Found::Action(action);
            }
        }
        if self.continuations(context, keys).is_empty() {
            Found::Nothing
        } else {
            Found::Begun
        }
    }

    /// How a chord that begins with `keys` can be finished: the rest of its keys, and the action.
    pub fn continuations(&self, context: Context, keys: &[Key]) -> Vec<(String, Action)> {
        let mut rest = Vec::new();
        for (action, chord) in context.layers().iter().flat_map(|layer| self.in_layer(*layer)) {
            if let Some(tail @ [_, ..]) = chord.keys().strip_prefix(keys) {
                rest.push((key_labels(tail), action));
            }
        }
        rest.sort_by_key(|(_, action)| *action);
        rest
    }

    /// The chords of `action` that work in `context`.
    pub fn chords(&self, context: Context, action: Action) -> Vec<&Chord> {
        let mut chords: Vec<&Chord> = Vec::new();
        for layer in context.layers() {
            for chord in self.bound.get(&(*layer, action)).into_iter().flatten() {
                let works = self.find(context, chord.keys()) == Found::Action(action);
                if works && !chords.contains(&chord) {
                    chords.push(chord);
                }
            }
        }
        chords
    }

    /// The label of the first key of `action` in `context`.
    pub fn label(&self, context: Context, action: Action) -> Option<String> {
        let reserved = match action {
            Action::Suspend => Some("Ctrl-Z".to_owned()),
            Action::Leave => Some("Esc".to_owned()),
            _ => None,
        };
        let first = self.chords(context, action).first().map(ToString::to_string);
        first.or(reserved)
    }

    /// The actions with a key in `context`, in the order in which help shows them.
    pub fn actions(&self, context: Context) -> Vec<Action> {
        let has_key = |action: &Action| !self.chords(context, *action).is_empty();
        Action::ALL.iter().copied().filter(has_key).collect()
    }

    /// The bindings of this context itself, without those of the global one, in the order in which help shows them.
    pub fn own(&self, context: Context) -> Vec<(Action, &[Chord])> {
        let chords = |action: &Action| Some((*action, self.bound.get(&(context, *action))?.as_slice()));
        let rows = Action::ALL.iter().filter_map(chords);
        rows.filter(|(_, chords)| !chords.is_empty()).collect()
    }

    fn in_layer(&self, layer: Context) -> impl Iterator<Item = (Action, &Chord)> {
        self.bound
            .iter()
            .filter(move |((context, _), _)| *context == layer)
            .flat_map(|((_, action), chords)| chords.iter().map(|chord| (*action, chord)))
    }
}
