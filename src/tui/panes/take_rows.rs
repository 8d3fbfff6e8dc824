//! Draws the rows of a list of takes, for the queue and the log.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::panes::PaneId;
use crate::tui::state::RowId;
use crate::tui::widgets::text::{paint, row};

/// Draws the rows that fit into `area`, from row `start` on.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    pane: PaneId,
    (start, selected): (usize, Option<usize>),
    rows: impl Iterator<Item = (RowId, Line<'static>)>,
) -> Drawn {
    let (ctx, mut drawn) = (canvas.ctx, Drawn::default());
    for (y, (id, line)) in rows.skip(start).take(usize::from(area.height)).enumerate() {
        let place = row(area, y);
        canvas.line(place, line);
        if selected == Some(start + y) {
            paint(canvas.buffer, place, ctx.selection());
        }
        drawn.hit(place, Target::of_row(pane, id));
    }
    drawn
}
