//! The editor's keys. Ctrl-J is a newline, because LF arrives as it; Ctrl-H is Backspace.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::model::clean::is_text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Left,
    Right,
    WordLeft,
    WordRight,
    /// Up and down move by rows on screen.
    Up,
    Down,
    PageUp,
    PageDown,
    RowStart,
    RowEnd,
    /// A line of the text may fill several rows.
    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditCommand {
    Insert(char),
    Newline,
    Move(Motion),
    /// Deletes from the caret to where the motion leads.
    Delete(Motion),
    Undo,
    Redo,
}

/// The command of a key, `None` when the key is not the editor's.
pub fn command(key: KeyEvent) -> Option<EditCommand> {
    use EditCommand::{Delete, Insert, Move, Newline, Redo, Undo};
    if key.kind == KeyEventKind::Release {
        return None;
    }
    // Shift is part of the character.
    let held = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER);
    if held == KeyModifiers::NONE {
        return plain(key.code);
    }
    if held == KeyModifiers::CONTROL {
        return Some(match key.code {
            KeyCode::Char('a') => Move(Motion::LineStart),
            KeyCode::Char('e') => Move(Motion::LineEnd),
            KeyCode::Char('b') => Move(Motion::Left),
            KeyCode::Char('f') => Move(Motion::Right),
            KeyCode::Char('p') => Move(Motion::Up),
            KeyCode::Char('n') => Move(Motion::Down),
            KeyCode::Char('h') => Delete(Motion::Left),
            KeyCode::Char('d') => Delete(Motion::Right),
            KeyCode::Char('k') => Delete(Motion::LineEnd),
            KeyCode::Char('u') => Delete(Motion::LineStart),
            KeyCode::Char('w') | KeyCode::Backspace => Delete(Motion::WordLeft),
            KeyCode::Delete => Delete(Motion::WordRight),
            KeyCode::Char('j') => Newline,
            KeyCode::Char('z') => Undo,
            KeyCode::Char('y' | 'r') => Redo,
            KeyCode::Left => Move(Motion::WordLeft),
            KeyCode::Right => Move(Motion::WordRight),
            KeyCode::Home => Move(Motion::TextStart),
            KeyCode::End => Move(Motion::TextEnd),
            _ => return None,
        });
    }
    if held == KeyModifiers::ALT {
        return Some(match key.code {
            KeyCode::Char('b') | KeyCode::Left => Move(Motion::WordLeft),
            KeyCode::Char('f') | KeyCode::Right => Move(Motion::WordRight),
            KeyCode::Char('d') => Delete(Motion::WordRight),
            KeyCode::Backspace => Delete(Motion::WordLeft),
            _ => return None,
        });
    }
    // AltGr arrives as Ctrl+Alt on some terminals, with the character it made.
    match key.code {
        KeyCode::Char(c)
            if held == KeyModifiers::CONTROL | KeyModifiers::ALT && !c.is_ascii_alphanumeric() =>
        {
            Some(Insert(c))
        }
        _ => None,
    }
}

fn plain(code: KeyCode) -> Option<EditCommand> {
    use EditCommand::{Delete, Insert, Move, Newline};
    Some(match code {
        KeyCode::Char(c) if c == '\n' || c == '\r' => Newline,
        KeyCode::Char(c) if is_text(c) => Insert(c),
        KeyCode::Enter => Newline,
        KeyCode::Backspace => Delete(Motion::Left),
        KeyCode::Delete => Delete(Motion::Right),
        KeyCode::Left => Move(Motion::Left),
        KeyCode::Right => Move(Motion::Right),
        KeyCode::Up => Move(Motion::Up),
        KeyCode::Down => Move(Motion::Down),
        KeyCode::Home => Move(Motion::RowStart),
        KeyCode::End => Move(Motion::RowEnd),
        KeyCode::PageUp => Move(Motion::PageUp),
        KeyCode::PageDown => Move(Motion::PageDown),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lf_is_a_newline_and_ctrl_h_a_backspace() {
        let of = |code, modifiers| command(KeyEvent::new(code, modifiers));
        assert_eq!(
            of(KeyCode::Char('j'), KeyModifiers::CONTROL),
            Some(EditCommand::Newline)
        );
        assert_eq!(
            of(KeyCode::Char('h'), KeyModifiers::CONTROL),
            of(KeyCode::Backspace, KeyModifiers::NONE)
        );
        assert_eq!(
            of(KeyCode::Char('A'), KeyModifiers::SHIFT),
            Some(EditCommand::Insert('A'))
        );
        for code in [KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::F(1)] {
            assert_eq!(of(code, KeyModifiers::NONE), None, "{code:?}");
        }
        assert_eq!(of(KeyCode::Char('c'), KeyModifiers::CONTROL), None);
        assert_eq!(of(KeyCode::Enter, KeyModifiers::ALT), None);
    }
}
