//! A pane on one line: its number and name, then what matters most of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{Ctx, Drawn, PaneId, Target};
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, line_width, paint};

/// Draws the line; parts are set two columns apart, the last ones go when there is no room.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    id: PaneId,
    parts: Vec<Vec<Span<'static>>>,
    ctx: &Ctx<'_>,
) -> Drawn {
    let mut drawn = Drawn::default();
    paint(buffer, area, ctx.style(Role::Text));
    let title = if ctx.focused {
        Role::TitleFocus
    } else {
        Role::Title
    };
    let mut line = ratatui::text::Line::from(vec![Span::raw(" "), ctx.span(title, id.title())]);
    for part in parts {
        let room = usize::from(area.width).saturating_sub(line_width(&line) + 2);
        if part.iter().all(|span| span.content.is_empty()) || room < 4 {
            continue;
        }
        line.spans.push(Span::raw("  "));
        line.spans.extend(part);
    }
    draw_line(buffer, area, line, ctx.glyphs.ellipsis);
    drawn.hit(area, Target::Pane(id));
    drawn
}
