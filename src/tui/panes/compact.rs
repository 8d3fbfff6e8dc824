//! Draws a pane on one line: its number and name, then a summary.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::panes::PaneId;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{line_width, paint, width};

/// A part that is cut to fewer columns says nothing any more.
const MIN_COLUMNS: usize = 24;

/// Columns that the pane's name and `parts` take, with the gap before the next part.
pub fn taken(id: PaneId, parts: &[Vec<Span<'static>>]) -> usize {
    let wide = |part: &Vec<Span<'static>>| part.iter().map(Span::width).sum::<usize>() + 2;
    1 + width(id.title()) + 2 + parts.iter().map(wide).sum::<usize>()
}

/// Draws the line, with two spaces between its parts. A part that does not fit is cut, or left out when too little of it
/// would remain.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, id: PaneId, parts: Vec<Vec<Span<'static>>>) -> Drawn {
    let (ctx, mut drawn) = (canvas.ctx, Drawn::default());
    paint(canvas.buffer, area, ctx.style(Role::Text));
    let title = if ctx.focused {
        Role::TitleFocus
    } else {
        Role::Title
    };
    let mut line = Line::from(vec![Span::raw(" "), ctx.span(title, id.title())]);
    for part in parts {
        let room = usize::from(area.width).saturating_sub(line_width(&line) + 2);
        let wide = line_width(&Line::from(part.clone()));
        if wide == 0 || wide > room && room < MIN_COLUMNS {
            continue;
        }
        line.spans.push(Span::raw("  "));
        line.spans.extend(part);
    }
    canvas.line(area, line);
    drawn.hit(area, Target::Pane(id));
    drawn
}
