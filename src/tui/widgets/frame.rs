//! Draws a box with words in its border: title and note above, foot and foot note below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::{cut_line, line_width, paint};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Role, Theme};

#[derive(Debug, Clone, Default)]
pub struct PaneBox {
    pub title: String,
    /// Above, on the right.
    pub note: Line<'static>,
    /// Below, on the left.
    pub foot: Line<'static>,
    /// Below, on the right.
    pub foot_note: Line<'static>,
    pub focused: bool,
}

impl PaneBox {
    /// Draws the box and returns the room inside, with a free column on both sides.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, theme: &Theme, glyphs: &Glyphs) -> Rect {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return area;
        }
        paint(buffer, area, theme.style(Role::Text));
        let (border, title) = if self.focused {
            (Role::BorderFocus, Role::TitleFocus)
        } else {
            (Role::Border, Role::Title)
        };
        let border = theme.style(border);
        let top = Edge {
            left: glyphs.top_left,
            right: glyphs.top_right,
            from: Line::from(Span::styled(glyphs.spell(&self.title), theme.style(title))),
            to: self.note.clone(),
        };
        top.draw(buffer, area.y, area, border, glyphs);
        if area.height > 1 {
            let bottom = Edge {
                left: glyphs.bottom_left,
                right: glyphs.bottom_right,
                from: self.foot.clone(),
                to: self.foot_note.clone(),
            };
            bottom.draw(buffer, area.bottom() - 1, area, border, glyphs);
        }
        for y in area.y + 1..area.bottom().saturating_sub(1) {
            for x in [area.x, area.right() - 1] {
                buffer[(x, y)].set_symbol(glyphs.vertical).set_style(border);
            }
        }
        Rect {
            x: area.x + 2.min(area.width),
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        }
    }
}

/// Fewer columns of the words on the right would say nothing.
const LEAST_NOTE: usize = 6;

struct Edge {
    left: &'static str,
    right: &'static str,
    from: Line<'static>,
    to: Line<'static>,
}

impl Edge {
    fn draw(self, buffer: &mut Buffer, y: u16, area: Rect, border: Style, glyphs: &Glyphs) {
        let width = usize::from(area.width);
        let line = self.compose(width, border, glyphs);
        buffer.set_line(area.x, y, &cut_line(line, width, ""), area.width);
    }

    /// Corner, words, rule, words, corner. The words on the right are cut where they do not fit beside those on the left.
    fn compose(self, width: usize, border: Style, glyphs: &Glyphs) -> Line<'static> {
        let rule = |n: usize| Span::styled(glyphs.horizontal.repeat(n), border);
        if width < 2 {
            return Line::from(Span::styled(glyphs.vertical.repeat(width), border));
        }
        let inner = width - 2;
        // A space on each side, and a piece of the rule after it.
        let from = cut_line(self.from, inner.saturating_sub(3), glyphs.ellipsis);
        let from_width = match line_width(&from) {
            0 => 0,
            n if inner < 4 => n.min(inner),
            n => n + 2,
        };
        let room = inner.saturating_sub(from_width + 3);
        let to = match line_width(&self.to) {
            n if n > room && room < LEAST_NOTE => Line::default(),
            _ => cut_line(self.to, room, glyphs.ellipsis),
        };
        let to_width = match line_width(&to) {
            0 => 0,
            n => n + 2,
        };
        let mut spans = vec![Span::styled(self.left, border)];
        if from_width > 0 && inner >= 4 {
            spans.push(Span::styled(" ", border));
            spans.extend(from.spans);
            spans.push(Span::styled(" ", border));
            spans.push(rule(inner - from_width - to_width));
        } else {
            spans.push(rule(inner - to_width));
        }
        if to_width > 0 {
            spans.push(Span::styled(" ", border));
            spans.extend(to.spans);
            spans.push(Span::styled(" ", border));
        }
        spans.push(Span::styled(self.right, border));
        Line::from(spans)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::UNICODE;
    use crate::tui::theme::ColorDepth;

    fn drawn(width: u16, height: u16) -> Vec<String> {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        let pane = PaneBox {
            title: "1 Prompt".into(),
            note: Line::from("v12"),
            foot: Line::from("4 shots"),
            ..PaneBox::default()
        };
        pane.draw(&mut buffer, area, &Theme::fallback(ColorDepth::Never), &UNICODE);
        (0..height)
            .map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect())
            .collect()
    }

    #[test]
    fn words_stand_in_the_border() {
        assert_eq!(
            drawn(24, 3),
            [
                "╭ 1 Prompt ─────── v12 ╮",
                "│                      │",
                "╰ 4 shots ─────────────╯"
            ]
        );
    }

    #[test]
    fn the_note_goes_before_the_title_is_cut() {
        assert_eq!(drawn(16, 2), ["╭ 1 Prompt ────╮", "╰ 4 shots ─────╯"]);
        assert_eq!(drawn(9, 1), ["╭ 1 P… ─╮"]);
        assert_eq!(drawn(2, 2), ["╭╮", "╰╯"]);
        assert_eq!(drawn(1, 1), ["│"]);
    }
}
