//! A text field of one line, for seeds, URLs and filters.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const MAX_CHARACTERS: usize = 4_000;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextField {
    text: String,
    /// Byte offset, on the boundary of a grapheme cluster.
    caret: usize,
    /// The whole text is selected, and typing replaces it.
    selected: bool,
}

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    Changed,
    Moved,
    /// The key means nothing here.
    Ignored,
}

impl TextField {
    /// A field with `text` and the caret after it.
    pub fn new(text: &str) -> Self {
        let mut field = Self::default();
        field.paste(text);
        field
    }

    /// A field with `text` selected: typing replaces it, while an arrow key, Home or End keeps it.
    pub fn prefilled(text: &str) -> Self {
        let mut field = Self::new(text);
        field.selected = !field.text.is_empty();
        field
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Inserts `text` at the caret, or replaces a selected text. Line breaks become spaces, control characters are dropped.
    pub fn paste(&mut self, text: &str) -> Typed {
        let kept = if self.selected {
            0
        } else {
            self.text.chars().count()
        };
        let room = MAX_CHARACTERS.saturating_sub(kept);
        let clean: String = text
            .trim_end_matches(['\n', '\r'])
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .filter(|c| !c.is_control())
            .take(room)
            .collect();
        if clean.is_empty() {
            return Typed::Ignored;
        }
        if std::mem::take(&mut self.selected) {
            self.text.clear();
            self.caret = 0;
        }
        self.text.insert_str(self.caret, &clean);
        self.caret = self.boundary_at_or_after(self.caret + clean.len());
        Typed::Changed
    }

    pub fn handle(&mut self, key: KeyEvent) -> Typed {
        if key.kind == KeyEventKind::Release {
            return Typed::Ignored;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match (key.code, ctrl, alt) {
            (KeyCode::Char(c), false, false) => self.paste(c.encode_utf8(&mut [0; 4])),
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.delete(self.before(), self.caret)
            }
            (KeyCode::Delete, ..) | (KeyCode::Char('d'), true, false) => {
                self.delete(self.caret, self.after())
            }
            (KeyCode::Char('u'), true, false) => self.delete(0, self.caret),
            (KeyCode::Char('k'), true, false) => self.delete(self.caret, self.text.len()),
            (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, ..) => {
                self.delete(self.word_before(), self.caret)
            }
            (KeyCode::Left, true, _) | (KeyCode::Char('b'), false, true) => self.go(self.word_before()),
            (KeyCode::Right, true, _) | (KeyCode::Char('f'), false, true) => self.go(self.word_after()),
            (KeyCode::Left, ..) | (KeyCode::Char('b'), true, false) => self.go(self.before()),
            (KeyCode::Right, ..) | (KeyCode::Char('f'), true, false) => self.go(self.after()),
            (KeyCode::Home, ..) | (KeyCode::Char('a'), true, false) => self.go(0),
            (KeyCode::End, ..) | (KeyCode::Char('e'), true, false) => self.go(self.text.len()),
            _ => Typed::Ignored,
        }
    }

    /// The caret, as a byte of the text.
    pub const fn caret(&self) -> usize {
        self.caret
    }

    /// Replaces the last `bytes` before the caret, which begin and end between characters.
    pub fn replace_before_caret(&mut self, bytes: usize, text: &str) -> Typed {
        self.selected = false;
        let from = self.boundary_at_or_after(self.caret.saturating_sub(bytes));
        self.text.replace_range(from..self.caret, "");
        self.caret = from;
        self.paste(text)
    }

    /// Draws the field on one row, scrolled so that the caret is visible; returns the place of the caret.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, style: Style, selection: Style) -> Option<Position> {
        self.draw_marked(buffer, area, (style, selection), None)
    }

    /// [`TextField::draw`], with some bytes of the text in another style.
    pub fn draw_marked(
        &self,
        buffer: &mut Buffer,
        area: Rect,
        (style, selection): (Style, Style),
        mark: Option<(Range<usize>, Style)>,
    ) -> Option<Position> {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return None;
        }
        // The whole width is underlined, so that an empty field is visible too.
        buffer.set_style(area, style.add_modifier(Modifier::UNDERLINED));
        let style = if self.selected { selection } else { style };
        let room = usize::from(area.width) - 1;
        let mut start = 0;
        for (at, _) in self.text.grapheme_indices(true) {
            if self.text[at..self.caret.max(at)].width() <= room {
                start = at;
                break;
            }
            start = self.text.len();
        }
        buffer.set_stringn(
            area.x,
            area.y,
            &self.text[start..],
            usize::from(area.width),
            style,
        );
        if let Some((bytes, style)) = mark {
            let column = |byte: usize| {
                let before = self.text.get(start..byte.max(start)).unwrap_or_default();
                u16::try_from(before.width()).unwrap_or(u16::MAX).min(area.width)
            };
            let (from, to) = (column(bytes.start), column(bytes.end));
            let place = Rect {
                x: area.x + from,
                width: to - from,
                ..area
            };
            buffer.set_style(place, style);
        }
        let column = self.text.get(start..self.caret).map_or(0, UnicodeWidthStr::width);
        Some(Position::new(
            area.x + u16::try_from(column.min(room)).unwrap_or(0),
            area.y,
        ))
    }

    fn delete(&mut self, from: usize, to: usize) -> Typed {
        let (from, to) = if std::mem::take(&mut self.selected) {
            (0, self.text.len())
        } else {
            (from, to)
        };
        if from >= to {
            return Typed::Moved;
        }
        self.text.replace_range(from..to, "");
        self.caret = self.boundary_at_or_after(from);
        Typed::Changed
    }

    fn go(&mut self, to: usize) -> Typed {
        self.selected = false;
        self.caret = to;
        Typed::Moved
    }

    fn boundary_at_or_after(&self, at: usize) -> usize {
        let mut starts = self.text.grapheme_indices(true).map(|(start, _)| start);
        starts.find(|start| *start >= at).unwrap_or(self.text.len())
    }

    fn before(&self) -> usize {
        let before = self.text[..self.caret].grapheme_indices(true).next_back();
        before.map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let next = self.text[self.caret..].graphemes(true).next();
        next.map_or(self.caret, |cluster| self.caret + cluster.len())
    }

    fn word_before(&self) -> usize {
        let mut words = self.text[..self.caret].split_word_bound_indices().rev();
        let word = words.find(|(_, word)| !word.trim().is_empty());
        word.map_or(0, |(at, _)| at)
    }

    fn word_after(&self) -> usize {
        let mut words = self.text[self.caret..].split_word_bound_indices();
        let word = words.find(|(_, word)| !word.trim().is_empty());
        word.map_or(self.text.len(), |(at, word)| self.caret + at + word.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(field: &mut TextField, code: KeyCode, modifiers: KeyModifiers) -> Typed {
        field.handle(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn edits_by_cluster_and_by_word() {
        let mut field = TextField::new("7, 42 e\u{301}");
        assert_eq!(
            press(&mut field, KeyCode::Backspace, KeyModifiers::NONE),
            Typed::Changed
        );
        assert_eq!(field.text(), "7, 42 ");
        press(&mut field, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(field.text(), "7, ");
        press(&mut field, KeyCode::Home, KeyModifiers::NONE);
        press(&mut field, KeyCode::Char('1'), KeyModifiers::NONE);
        assert_eq!(field.text(), "17, ");
        assert_eq!(
            press(&mut field, KeyCode::Enter, KeyModifiers::NONE),
            Typed::Ignored
        );
    }

    #[test]
    fn typing_replaces_a_prefilled_text_and_a_moved_caret_keeps_it() {
        let typed = |keys: &[KeyCode]| {
            let mut field = TextField::prefilled("1 new");
            for key in keys {
                press(&mut field, *key, KeyModifiers::NONE);
            }
            field.text().to_owned()
        };
        let six = KeyCode::Char('6');
        assert_eq!(typed(&[]), "1 new");
        assert_eq!(typed(&[six]), "6");
        assert_eq!(typed(&[six, six]), "66");
        assert_eq!(typed(&[KeyCode::End, six]), "1 new6");
        assert_eq!(typed(&[KeyCode::Left, six]), "1 ne6w");
        assert_eq!(typed(&[KeyCode::Home, six]), "61 new");
        assert_eq!(typed(&[KeyCode::Backspace]), "");
        assert_eq!(typed(&[KeyCode::Delete]), "");
        let mut field = TextField::prefilled("1 new");
        assert_eq!(field.paste("7, 8\n"), Typed::Changed);
        assert_eq!(field.text(), "7, 8");
    }

    #[test]
    fn a_paste_stays_on_one_line() {
        assert_eq!(TextField::new("a\r\nb\x1b[0m\n").text(), "a  b[0m");
    }

    #[test]
    fn the_caret_stays_in_sight() {
        let area = Rect::new(3, 1, 5, 1);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 3));
        let caret = TextField::new("镜头 one two").draw(&mut buffer, area, Style::new(), Style::new());
        assert_eq!(caret, Some(Position::new(7, 1)));
        let shown: String = (3..8).map(|x| buffer[(x, 1)].symbol()).collect();
        assert_eq!(shown, " two ");
    }

    proptest! {
        #[test]
        fn no_sequence_of_keys_panics(start in any::<String>(), keys in prop::collection::vec(0..14_u8, 0..60), width in 0..12_u16) {
            let mut field = if width % 2 == 0 { TextField::new(&start) } else { TextField::prefilled(&start) };
            for key in keys {
                let (code, modifiers) = match key {
                    0 => (KeyCode::Left, KeyModifiers::NONE),
                    1 => (KeyCode::Right, KeyModifiers::NONE),
                    2 => (KeyCode::Left, KeyModifiers::CONTROL),
                    3 => (KeyCode::Right, KeyModifiers::CONTROL),
                    4 => (KeyCode::Backspace, KeyModifiers::NONE),
                    5 => (KeyCode::Delete, KeyModifiers::NONE),
                    6 => (KeyCode::Char('w'), KeyModifiers::CONTROL),
                    7 => (KeyCode::Home, KeyModifiers::NONE),
                    8 => (KeyCode::End, KeyModifiers::NONE),
                    9 => (KeyCode::Char('\u{301}'), KeyModifiers::NONE),
                    10 => (KeyCode::Char('\u{200d}'), KeyModifiers::NONE),
                    11 => (KeyCode::Char('👩'), KeyModifiers::NONE),
                    12 => (KeyCode::Char('k'), KeyModifiers::CONTROL),
                    _ => (KeyCode::Char('\u{1b}'), KeyModifiers::NONE),
                };
                press(&mut field, code, modifiers);
                prop_assert!(!field.text().chars().any(char::is_control));
                let area = Rect::new(0, 0, width, 1);
                let caret = field.draw(&mut Buffer::empty(area), area, Style::new(), Style::new());
                prop_assert!(caret.is_none_or(|at| area.contains(at)));
            }
        }
    }
}
