//! Overlays on the screen. Drawing changes nothing; it answers where the caret is and how long a page is.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::model::rule::Severity;
use crate::tui::app::{App, Hint};
use crate::tui::glyphs::Glyphs;
use crate::tui::keymap::Context;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{draw_line, paint, row, width, window};

use super::{Choice, Entry, Menu, Overlay, Page, Palette, Purpose, Shown};

/// Widest page; longer lines are hard to read.
const WIDEST: u16 = 110;
/// Widest question or palette.
pub(super) const WIDEST_BOX: u16 = 72;
/// Most commands shown at once.
const MOST_COMMANDS: usize = 12;

/// What the loop needs to know of the topmost overlay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DrawnOverlay {
    pub caret: Option<Position>,
    /// Rows that a page has room for.
    pub rows: u16,
    /// Lines that it has.
    pub lines: u16,
    /// How much of a question was drawn.
    pub shown: Shown,
}

pub(super) struct Brush<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) theme: &'a Theme,
    pub(super) glyphs: &'a Glyphs,
}

/// Draws every overlay of `app` over `area`, the topmost last.
pub fn draw(app: &App, buffer: &mut Buffer, area: Rect, theme: &Theme, glyphs: &Glyphs) -> DrawnOverlay {
    let mut drawn = DrawnOverlay::default();
    let mut brush = Brush {
        buffer,
        theme,
        glyphs,
    };
    for overlay in &app.overlays {
        drawn = match overlay {
            Overlay::Page(page) => brush.page(page, area),
            Overlay::Confirm(confirm) => brush.confirm(confirm, app, area),
            Overlay::Quitting => brush.quitting(app, area),
            Overlay::Books(books) => {
                super::books::draw(books, &app.hints(), area, brush.buffer, theme, glyphs)
            }
            Overlay::Held(held) => brush.held(held, app, area),
            Overlay::Palette(palette) => brush.palette(palette, app, area),
            // The log shows its filter in its own border.
            Overlay::Entry(entry) if entry.purpose == Purpose::Filter => DrawnOverlay::default(),
            Overlay::Entry(entry) => brush.entry(entry, area),
            Overlay::Menu(menu) => brush.menu(menu, area),
            Overlay::Timeline(_) => DrawnOverlay::default(),
        };
    }
    drawn
}

impl Brush<'_> {
    /// A box over what was drawn before, and the room in it.
    pub(super) fn popup(&mut self, title: &str, foot: &str, area: Rect) -> Rect {
        let area = area.intersection(self.buffer.area);
        for place in area.positions() {
            self.buffer[place].reset();
        }
        paint(self.buffer, area, self.theme.style(Role::Popup));
        let pane = PaneBox {
            title: title.to_owned(),
            foot_note: Line::from(self.span(Role::Dim, foot)),
            focused: true,
            ..PaneBox::default()
        };
        pane.draw(self.buffer, area, self.theme, self.glyphs)
    }

    pub(super) fn line(&mut self, area: Rect, spans: Vec<Span<'static>>) {
        draw_line(self.buffer, area, Line::from(spans), self.glyphs.ellipsis);
    }

    pub(super) fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        let text: String = text.into();
        Span::styled(self.glyphs.spell(&text), self.theme.style(role))
    }

    fn page(&mut self, page: &Page, area: Rect) -> DrawnOverlay {
        let place = centred(area, WIDEST, area.height);
        let lines = page_lines(page, usize::from(place.width.saturating_sub(4)));
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let place = centred(area, WIDEST, height);
        let room = usize::from(place.height.saturating_sub(2));
        let first = page.scroll.min(lines.len().saturating_sub(room));
        let inner = self.popup(&page.title, &self.beyond(first, lines.len(), room), place);
        for (at, line) in lines
            .iter()
            .skip(first)
            .take(usize::from(inner.height))
            .enumerate()
        {
            let spans = line
                .iter()
                .map(|(role, text)| self.span(*role, text.clone()))
                .collect();
            self.line(row(inner, at), spans);
        }
        DrawnOverlay {
            rows: inner.height,
            lines: u16::try_from(lines.len()).unwrap_or(u16::MAX),
            ..DrawnOverlay::default()
        }
    }

    /// How many lines lie above and below those shown; empty when all are.
    pub(super) fn beyond(&self, first: usize, lines: usize, room: usize) -> String {
        let below = lines.saturating_sub(first + room);
        let above = (first > 0).then(|| self.glyphs.above(first));
        let below = (below > 0).then(|| self.glyphs.below(below));
        above.into_iter().chain(below).collect::<Vec<_>>().join("  ")
    }

    fn palette(&mut self, palette: &Palette, app: &App, area: Rect) -> DrawnOverlay {
        let shown = palette.found.len().min(MOST_COMMANDS);
        let height = u16::try_from(shown.max(1) + 3).unwrap_or(u16::MAX);
        let inner = self.popup("Commands", "", centred(area, WIDEST_BOX, height));
        let style = self.theme.style(Role::Text);
        let selection = self.theme.style(Role::Selection);
        let caret = palette.field.draw(self.buffer, row(inner, 0), style, selection);
        let room = usize::from(inner.height).saturating_sub(1);
        let first = window(palette.found.len(), palette.at, room);
        for (at, action) in palette.found.iter().enumerate().skip(first).take(room) {
            let place = row(inner, at - first + 1);
            let key = app.label_below(*action).unwrap_or_default();
            let is_chosen = palette.at == Some(at);
            let lead = if is_chosen { self.glyphs.pointer } else { " " };
            let role = if is_chosen { Role::Selection } else { Role::Text };
            if is_chosen {
                paint(self.buffer, place, self.theme.style(Role::Selection));
            }
            let spans = vec![
                self.span(role, format!("{lead} ")),
                self.span(if is_chosen { role } else { Role::Key }, format!("{key:<8} ")),
                self.span(role, action.about()),
            ];
            self.line(place, spans);
        }
        if palette.found.is_empty() {
            let spans = vec![self.span(Role::Dim, "No command has these words.")];
            self.line(row(inner, 1), spans);
        }
        DrawnOverlay {
            caret,
            ..DrawnOverlay::default()
        }
    }

    /// The rows of a list, each wrapped; the chosen one in sight.
    fn menu(&mut self, menu: &Menu, area: Rect) -> DrawnOverlay {
        let lead = menu.rows.iter().map(|row| width(&row.lead)).max().unwrap_or(0);
        let gap = usize::from(lead > 0);
        // No wider than its rows: the values of a parameter are short.
        let beside = 4 + 2 + lead + gap;
        let texts = menu.rows.iter().map(|row| width(&self.glyphs.spell(&row.text)));
        let wanted = beside + texts.max().unwrap_or(0).max(width(&menu.title) + 2);
        let widest = u16::try_from(wanted).unwrap_or(u16::MAX).min(WIDEST);
        let room = usize::from(area.width.min(widest)).saturating_sub(beside);
        let lines: Vec<(usize, Vec<String>)> = menu
            .rows
            .iter()
            .map(|row| broken(&self.glyphs.spell(&row.text), room))
            .enumerate()
            .collect();
        let all: Vec<(usize, usize, &String)> = lines
            .iter()
            .flat_map(|(row, parts)| parts.iter().enumerate().map(move |(n, part)| (*row, n, part)))
            .collect();
        let height = u16::try_from(all.len() + 2).unwrap_or(u16::MAX);
        let place = centred(area, widest, height);
        let rows = usize::from(place.height.saturating_sub(2));
        let chosen = all.iter().rposition(|(row, ..)| *row == menu.at);
        let first = window(all.len(), chosen, rows);
        let foot = self.beyond(first, all.len(), rows);
        let inner = self.popup(&menu.title, &foot, place);
        for (y, (at, n, part)) in all.into_iter().skip(first).take(rows).enumerate() {
            let is_chosen = at == menu.at;
            let place = row(inner, y);
            if is_chosen {
                paint(self.buffer, place, self.theme.style(Role::Selection));
            }
            let choice = &menu.rows[at];
            let sign = if is_chosen && n == 0 {
                self.glyphs.pointer
            } else {
                " "
            };
            let text = if n == 0 { choice.lead.as_str() } else { "" };
            let role = |role: Role| if is_chosen { Role::Selection } else { role };
            let spans = vec![
                self.span(role(Role::Text), format!("{sign} ")),
                self.span(role(role_of(choice)), format!("{text:<0$}", lead + gap)),
                self.span(role(Role::Text), part.trim_end()),
            ];
            self.line(place, spans);
        }
        DrawnOverlay::default()
    }

    fn entry(&mut self, entry: &Entry, area: Rect) -> DrawnOverlay {
        let place = Rect {
            y: area.bottom().saturating_sub(3).max(area.y),
            height: area.height.min(3),
            ..area
        };
        let inner = self.popup(&entry.title(), "", place);
        let style = self.theme.style(Role::Text);
        let selection = self.theme.style(Role::Selection);
        let caret = entry.field.draw(self.buffer, row(inner, 0), style, selection);
        if entry.field.text().is_empty() {
            let spans = vec![self.span(Role::Placeholder, entry.hint())];
            self.line(row(inner, 0), spans);
        }
        DrawnOverlay {
            caret,
            ..DrawnOverlay::default()
        }
    }
}

/// Keys and what they do, on one line.
pub(super) fn hint_spans(brush: &Brush<'_>, hints: &[Hint]) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    for hint in hints {
        spans.push(brush.span(Role::Key, hint.key.clone()));
        spans.push(brush.span(Role::KeyText, format!(" {}   ", hint.text)));
    }
    spans
}

fn role_of(choice: &Choice) -> Role {
    match choice.severity {
        Some(Severity::Error) => Role::Error,
        Some(Severity::Warning) => Role::Warn,
        Some(Severity::Note) => Role::Dim,
        None => Role::Key,
    }
}

/// A place of at most this size in the middle of `area`.
pub(super) fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (area.width.min(columns), area.height.min(rows));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

pub(super) type Spans = Vec<(Role, String)>;

/// The lines of a page at a width, leads in a column of their own.
pub(super) fn page_lines(page: &Page, columns: usize) -> Vec<Spans> {
    let lead = page
        .rows
        .iter()
        .map(|row| width(&row.lead))
        .max()
        .unwrap_or(0)
        .min(columns / 3);
    let gap = if lead > 0 { lead + 2 } else { 0 };
    let mut lines = Vec::new();
    for row in &page.rows {
        let headed = row.role == Role::Heading;
        let (indent, room) = if headed {
            (0, columns)
        } else {
            (gap, columns.saturating_sub(gap))
        };
        for (at, part) in broken(&row.text, room).into_iter().enumerate() {
            let mut spans: Spans = Vec::new();
            if indent > 0 {
                let text = if at == 0 { row.lead.as_str() } else { "" };
                spans.push((Role::Key, format!("{text:<indent$}")));
            }
            // A space that hangs over the edge is none to show.
            spans.push((row.role, part.trim_end().to_owned()));
            lines.push(spans);
        }
    }
    lines
}

/// `text` on lines of at most `columns`, its own spaces kept; broken at a space where there is one.
fn broken(text: &str, columns: usize) -> Vec<String> {
    if columns == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && width(&line) + width(word.trim_end()) > columns {
            lines.push(std::mem::take(&mut line));
        }
        for cluster in word.graphemes(true) {
            if width(&line) + cluster.width() > columns && cluster != " " {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(cluster);
        }
    }
    lines.push(line);
    lines
}

impl App {
    /// The key of an action in the pane under the overlays.
    fn label_below(&self, action: crate::tui::Action) -> Option<String> {
        let context: Context = crate::tui::app::context_of(self.focus);
        self.keymap.label(context, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn own_spaces_are_kept_and_long_words_broken() {
        assert_eq!(broken("  \"a\": 1", 20), ["  \"a\": 1"]);
        assert_eq!(broken("one two", 4), ["one ", "two"]);
        assert_eq!(broken("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(broken("", 3), [""]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_wide(text in "[ a-z镜]{0,60}", columns in 2..30_usize) {
            let lines = broken(&text, columns);
            prop_assert_eq!(lines.concat(), text);
            prop_assert!(lines.iter().all(|line| width(line.trim_end()) <= columns));
        }
    }
}
