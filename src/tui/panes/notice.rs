//! News, in the rows above the key line. They lie over the panes, but never over the row that is being typed in.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::tui::canvas::Ctx;
use crate::tui::state::{Notice, Tone};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, paint, row, width, wrap};

/// Rows that news may take at most.
const MAX_ROWS: usize = 4;

/// Draws the news at the foot of `area` and gives the row that they begin in.
pub fn draw(notice: &Notice, buffer: &mut Buffer, area: Rect, caret: Option<Position>, ctx: &Ctx<'_>) -> u16 {
    let (role, sign) = match notice.tone {
        Tone::Plain => (Role::Text, ""),
        Tone::Good => (Role::Ok, ctx.glyphs.check),
        Tone::Warning => (Role::Warn, ctx.glyphs.warn),
        Tone::Error => (Role::Error, ctx.glyphs.cross),
    };
    let lead = if sign.is_empty() {
        " ".to_owned()
    } else {
        format!(" {sign} ")
    };
    let room = usize::from(area.width).saturating_sub(width(&lead) + 1);
    let text = ctx.glyphs.spell(&notice.text);
    let lines = wrap(&text, room, MAX_ROWS, ctx.glyphs.ellipsis);
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
        let line = Line::from(ctx.span(role, format!("{lead}{text}")));
        draw_line(buffer, place, line, ctx.glyphs.ellipsis);
    }
    top
}
