//! Draws a notice in the rows above the key line, over the panes but never over the row that is being typed in.

use ratatui::layout::{Position, Rect};

use crate::tui::canvas::Canvas;
use crate::tui::state::{Notice, Tone};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{clear, paint, row, width, wrap};

const MAX_ROWS: usize = 4;

/// Draws the notice at the foot of `area` and returns its first row.
pub fn draw(notice: &Notice, canvas: &mut Canvas<'_>, area: Rect, caret: Option<Position>) -> u16 {
    let ctx = canvas.ctx;
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
    let lines = wrap(&notice.text, room, MAX_ROWS, ctx.glyphs.ellipsis);
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
        clear(canvas.buffer, place);
        paint(canvas.buffer, place, ctx.style(Role::Text));
        canvas.text(place, role, format!("{lead}{text}"));
    }
    top
}
