//! Keys that arrive at once: pasted text, and Esc before a key.

use std::collections::BTreeSet;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::keymap::Key;

/// So many characters at once are pasted, not typed: as one piece of text where text goes.
const BURST_OF_TEXT: usize = 4;
/// So many different characters at once where keys are commands are a paste gone astray.
const BURST_OF_COMMANDS: usize = 6;
const DIFFERENT_COMMANDS: usize = 4;

/// The characters at the start of `batch` that were typed or pasted as keys, a character a key.
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
    typed.chars().count() >= BURST_OF_TEXT
}

/// Whether these keys were meant as text where they are commands.
pub fn is_stray_paste(typed: &str) -> bool {
    typed.chars().count() >= BURST_OF_COMMANDS
        && typed.chars().collect::<BTreeSet<_>>().len() >= DIFFERENT_COMMANDS
}

/// What was typed after Esc, when the two arrived as one: a terminal sends Alt as Esc before the key, and over a slow
/// connection nothing tells them apart.
pub fn after_escape(event: KeyEvent) -> Option<KeyEvent> {
    let plain =
        matches!(event.code, KeyCode::Char(_)) && event.modifiers - KeyModifiers::SHIFT == KeyModifiers::ALT;
    plain.then(|| KeyEvent::new(event.code, event.modifiers - KeyModifiers::ALT))
}
