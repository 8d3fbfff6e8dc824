//! Recognizes what keys that arrive together mean: pasted text, or Esc and a key after it.

use std::collections::BTreeSet;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::keymap::Key;

/// From this many characters at once, typed text counts as pasted.
const MIN_PASTE: usize = 4;
/// From this many characters at once, with this many different ones, keys in a place for commands count as pasted.
const MIN_STRAY_PASTE: usize = 6;
const MIN_DIFFERENT: usize = 4;

/// The characters at the start of `batch` that were typed or pasted as keys.
pub fn typed(batch: &[Event]) -> String {
    let typed = batch.iter().map_while(|event| match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => match key.code {
            KeyCode::Enter if key.modifiers.is_empty() => Some('\n'),
            KeyCode::Tab if key.modifiers.is_empty() => Some('\t'),
            _ => Key::from(*key).typed(),
        },
        _ => None,
    });
    typed.collect()
}

pub fn is_paste(typed: &str) -> bool {
    typed.chars().count() >= MIN_PASTE
}

/// Whether these keys are text that was pasted where keys are commands.
pub fn is_stray_paste(typed: &str) -> bool {
    typed.chars().count() >= MIN_STRAY_PASTE && typed.chars().collect::<BTreeSet<_>>().len() >= MIN_DIFFERENT
}

/// The key after Esc, when the two arrived as one: a terminal sends Alt as Esc before the key, and over a slow connection
/// the two cannot be told apart.
pub fn after_escape(event: KeyEvent) -> Option<KeyEvent> {
    let plain =
        matches!(event.code, KeyCode::Char(_)) && event.modifiers - KeyModifiers::SHIFT == KeyModifiers::ALT;
    plain.then(|| KeyEvent::new(event.code, event.modifiers - KeyModifiers::ALT))
}
