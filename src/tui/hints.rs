//! Builds the key line, the palette's list and the message about a wrong key from what the components offer.

use super::canvas::KeyHint;
use super::keymap::{Action, Context, Group, Key};
use super::stack::Stack;
use super::state::State;

/// Shown last in the key line of every pane.
const COMMON: [Action; 5] = [
    Action::FocusNext,
    Action::Zoom,
    Action::Palette,
    Action::Help,
    Action::Quit,
];

/// The key line: the commands that are possible now, or how a chord can be finished that was begun.
pub fn key_line(stack: &Stack, state: &State, begun: &[Key]) -> Vec<KeyHint> {
    let top = stack.top(state.focus);
    let context = top.context();
    if !begun.is_empty() {
        let rest = state.keymap.continuations(context, begun).into_iter();
        return rest
            .map(|(key, action)| KeyHint::new(key, action.short()))
            .collect();
    }
    let common = if context.is_at_rest() { &COMMON[..] } else { &[] };
    let mut hints: Vec<KeyHint> = Vec::new();
    for action in top.hints().iter().chain(common) {
        if let Some(hint) = hint(stack, state, *action)
            && !hints.contains(&hint)
        {
            hints.push(hint);
        }
    }
    hints
}

fn hint(stack: &Stack, state: &State, action: Action) -> Option<KeyHint> {
    let context = stack.top(state.focus).context();
    let (_, offered) = stack.find(action, state)?;
    offered.possible.ok()?;
    let unread = offered.unread;
    let chord = *state.keymap.chords(context, action).first()?;
    let hint = match chord.keys() {
        [first, _, ..] if action.group() == Group::Copy => KeyHint::new(first.to_string(), "copy…"),
        _ => KeyHint::new(chord.to_string(), offered.label),
    };
    Some(KeyHint {
        pinned: matches!(action, Action::Help | Action::Palette),
        unread,
        ..hint
    })
}

/// The commands that are possible now, for the palette.
pub fn palette(stack: &Stack, state: &State) -> Vec<Action> {
    let is_listed = |action: &Action| {
        action.group() != Group::Move
            || matches!(action, Action::FocusNext | Action::FocusPrev)
            || action.name().starts_with("focus_")
    };
    let is_possible = |action: &Action| {
        let found = stack.find(*action, state);
        found.is_some_and(|(_, offered)| offered.possible.is_ok())
    };
    let all = Action::ALL.iter().copied().filter(is_listed);
    all.filter(|action| *action != Action::Palette && is_possible(action))
        .collect()
}

/// The hint for quitting while the terminal is too small for panes.
pub fn way_out(context: Context, state: &State) -> KeyHint {
    if context.is_text() {
        return KeyHint::new("Ctrl-C", "stop typing");
    }
    let key = state.keymap.label(Context::Global, Action::Quit);
    KeyHint::new(key.unwrap_or_else(|| "Ctrl-C".to_owned()), Action::Quit.short())
}

/// The message about keys that mean nothing here.
pub fn wrong_key(context: Context, state: &State, keys: &str) -> String {
    let label = |action, word| {
        let key = state.keymap.label(context, action);
        key.map(|key| format!(" · {key} {word}"))
    };
    let help = label(Action::Help, "help").or_else(|| label(Action::Leave, "back"));
    format!("{keys} does nothing here{}", help.unwrap_or_default())
}
