//! A pane on one line: its number and name, then what matters most of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::canvas::{Ctx, Drawn, Target};
use crate::tui::pane::PaneId;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{draw_line, line_width, paint, width};

/// Fewest columns in which the beginning of a longer part still says something.
const LEAST: usize = 24;

/// Columns that the pane's name and `parts` take, with the gap before another part.
pub fn taken(id: PaneId, parts: &[Vec<Span<'static>>]) -> usize {
    let wide = |part: &Vec<Span<'static>>| part.iter().map(Span::width).sum::<usize>() + 2;
    1 + width(id.title()) + 2 + parts.iter().map(wide).sum::<usize>()
}

/// Draws the line; parts are set two columns apart. A part that does not fit is cut, or left out when too little
/// of it would remain.
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
    let mut line = Line::from(vec![Span::raw(" "), ctx.span(title, id.title())]);
    for part in parts {
        let room = usize::from(area.width).saturating_sub(line_width(&line) + 2);
        let wide = line_width(&Line::from(part.clone()));
        if wide == 0 || wide > room && room < LEAST {
            continue;
        }
        line.spans.push(Span::raw("  "));
        line.spans.extend(part);
    }
    draw_line(buffer, area, line, ctx.glyphs.ellipsis);
    drawn.hit(area, Target::Pane(id));
    drawn
}
