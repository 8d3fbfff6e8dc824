//! News, in the rows above the key line. They lie over the panes, but never over the row that is being typed in.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::Ctx;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, paint, row, width, wrap};

/// Rows that news may take at most.
const MOST_ROWS: usize = 4;

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    /// [`Role::Ok`], [`Role::Warn`], [`Role::Error`] or [`Role::Text`].
    pub role: Role,
}

impl Notice {
    /// Draws the news at the foot of `area` and gives the row that they begin in.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, caret: Option<Position>, ctx: &Ctx<'_>) -> u16 {
        let sign = match self.role {
            Role::Ok => ctx.glyphs.check,
            Role::Warn => ctx.glyphs.warn,
            Role::Error => ctx.glyphs.cross,
            _ => "",
        };
        let lead = if sign.is_empty() {
            " ".to_owned()
        } else {
            format!(" {sign} ")
        };
        let room = usize::from(area.width).saturating_sub(width(&lead) + 1);
        let text = ctx.glyphs.spell(&self.text);
        let lines = wrap(&text, room, MOST_ROWS, ctx.glyphs.ellipsis);
        let height = u16::try_from(lines.len()).unwrap_or(0).min(area.height);
        let mut top = area.bottom() - height;
        if let Some(caret) = caret.filter(|caret| (top..area.bottom()).contains(&caret.y)) {
            top = caret.y.saturating_sub(height).max(area.y);
        }
        let place = Rect {
            y: top,
            height,
            ..area
        };
        for (n, text) in lines.into_iter().enumerate() {
            let lead = if n == 0 {
                lead.clone()
            } else {
                " ".repeat(width(&lead))
            };
            let place = row(place, n);
            for at in place.positions() {
                buffer[at].reset();
            }
            paint(buffer, place, ctx.style(Role::Text));
            let line = Line::from(ctx.span(self.role, format!("{lead}{text}")));
            draw_line(buffer, place, line, ctx.glyphs.ellipsis);
        }
        top
    }
}
