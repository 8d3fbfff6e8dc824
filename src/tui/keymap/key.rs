//! Keys, and chords of several: parsed from text and shown as labels.

use std::fmt;
use std::str::FromStr;

use crokey::{KeyCombination, KeyCombinationFormat, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

const MAX_CHORD: usize = 3;

/// A key with its modifiers, the same whatever the terminal reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a key: write one character, or a name such as enter, tab, space, esc, up, pagedown, home, f5, \
     with ctrl-, alt- or shift- before it"
)]
pub struct NotAKey(pub String);

impl Key {
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            modifiers: KeyModifiers::NONE,
        }
    }

    pub const fn ctrl(letter: char) -> Self {
        Self {
            code: KeyCode::Char(letter),
            modifiers: KeyModifiers::CONTROL,
        }
    }

    /// The character that it types into a text.
    pub fn typed(self) -> Option<char> {
        let is_command = self
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        self.code.as_char().filter(|_| !is_command)
    }

    /// The key that a terminal sends instead of this one, when it cannot tell them apart.
    pub fn arrives_as(self) -> Option<&'static str> {
        if self.modifiers != KeyModifiers::CONTROL {
            return None;
        }
        match self.code {
            KeyCode::Char('h') => Some("Backspace"),
            KeyCode::Char('i') => Some("Tab"),
            KeyCode::Char('j' | 'm') => Some("Enter"),
            KeyCode::Char('[' | '3') => Some("Esc"),
            _ => None,
        }
    }

    /// Removes Shift from characters, whose case shows it; Shift-Tab is a key of its own.
    fn normal(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT | KeyModifiers::SUPER;
        let mut modifiers = modifiers & kept;
        let shifted = modifiers.contains(KeyModifiers::SHIFT);
        let code = match code {
            KeyCode::Char('\r' | '\n') => KeyCode::Enter,
            KeyCode::Tab if shifted => KeyCode::BackTab,
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) if shifted => KeyCode::Char(c.to_ascii_uppercase()),
            other => other,
        };
        if matches!(code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self { code, modifiers }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        Self::normal(event.code, event.modifiers)
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let wrong = || NotAKey(text.to_owned());
        // crokey folds case and knows only ASCII, so single characters are parsed here.
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        loop {
            let lower = rest.to_ascii_lowercase();
            let found = [
                ("ctrl-", KeyModifiers::CONTROL),
                ("alt-", KeyModifiers::ALT),
                ("shift-", KeyModifiers::SHIFT),
            ]
            .into_iter()
            .find(|(prefix, _)| lower.starts_with(prefix) && lower.len() > prefix.len());
            let Some((prefix, modifier)) = found else { break };
            modifiers |= modifier;
            rest = rest.get(prefix.len()..).ok_or_else(wrong)?;
        }
        let mut chars = rest.chars();
        if let (Some(only), None) = (chars.next(), chars.next()) {
            let usable = !only.is_control() && !only.is_whitespace();
            return usable
                .then(|| Self::normal(KeyCode::Char(only), modifiers))
                .ok_or_else(wrong);
        }
        match crokey::parse(rest) {
            Ok(KeyCombination {
                codes: OneToThree::One(code),
                modifiers: more,
            }) => Ok(Self::normal(code, modifiers | more)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.code {
            KeyCode::BackTab => format!("{}Shift-Tab", Self::prefix(self.modifiers)),
            KeyCode::Char(c) if c != ' ' => format!("{}{c}", Self::prefix(self.modifiers)),
            code => KeyCombinationFormat::default().to_string(KeyCombination::one_key(code, self.modifiers)),
        };
        f.pad(&text)
    }
}

impl Key {
    fn prefix(modifiers: KeyModifiers) -> String {
        let named = [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-")];
        let held = named.into_iter().filter(|(one, _)| modifiers.contains(*one));
        held.map(|(_, name)| name).collect()
    }
}

/// Keys pressed one after another: `y p`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chord(Vec<Key>);

impl Chord {
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// Whether this chord begins with all of the other and is longer.
    pub fn is_shadowed_by(&self, other: &Self) -> bool {
        self.0.len() > other.0.len() && self.0.starts_with(&other.0)
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}

impl FromStr for Chord {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let keys = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<Vec<Key>, _>>()?;
        if keys.is_empty() || keys.len() > MAX_CHORD {
            return Err(NotAKey(text.to_owned()));
        }
        Ok(Self(keys))
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&key_labels(&self.0))
    }
}

pub fn key_labels(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    #[test]
    fn case_is_kept_and_shift_is_folded_in() {
        assert_ne!(key("k"), key("K"));
        assert_eq!(key("shift-k"), key("K"));
        assert_eq!(key("Ctrl-L"), key("ctrl-l"));
        assert_eq!(key("shift-tab"), key("backtab"));
        assert_eq!(key("-"), Key::plain(KeyCode::Char('-')));
        assert_eq!(key("alt--").to_string(), "Alt--");
        assert_eq!(key("é"), Key::plain(KeyCode::Char('é')));
    }

    #[test]
    fn what_a_terminal_reports_meets_what_was_written() {
        let typed = |code, modifiers| Key::from(KeyEvent::new(code, modifiers));
        assert_eq!(typed(KeyCode::Char('K'), KeyModifiers::SHIFT), key("K"));
        assert_eq!(typed(KeyCode::Char('K'), KeyModifiers::NONE), key("K"));
        assert_eq!(typed(KeyCode::Char('?'), KeyModifiers::SHIFT), key("?"));
        assert_eq!(typed(KeyCode::BackTab, KeyModifiers::SHIFT), key("backtab"));
        assert_eq!(typed(KeyCode::Char(' '), KeyModifiers::NONE), key("space"));
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for text in ["", "crtl-x", "ctrl-", "gg", "a-b", "\u{1b}"] {
            let error = text.parse::<Chord>().unwrap_err().to_string();
            assert!(error.contains("is not a key"), "{text}: {error}");
        }
        assert!("a b c d".parse::<Chord>().is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
            let _ = text.parse::<Chord>();
        }

        #[test]
        fn a_label_reads_back(c in any::<char>(), name in 0..8_usize, ctrl: bool, alt: bool) {
            let names = ["enter", "tab", "backtab", "esc", "pageup", "f12", "space", "delete"];
            let base = if c.is_control() || c.is_whitespace() { names[name].to_owned() } else { c.to_string() };
            let text = format!("{}{}{base}", if ctrl { "ctrl-" } else { "" }, if alt { "alt-" } else { "" });
            let key: Key = text.parse().unwrap();
            prop_assert_eq!(key.to_string().parse::<Key>().unwrap(), key, "{}", key);
        }
    }
}
