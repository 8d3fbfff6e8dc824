//! Draws the rows of a list of takes, as the queue and the log have it.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::model::TakeId;
use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::pane::PaneId;
use crate::tui::widgets::text::{draw_line, paint, row};

/// Draws the rows that fit into `area`, from row `start` on. A click on a row selects its take.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    pane: PaneId,
    (start, selected): (usize, Option<usize>),
    rows: impl Iterator<Item = (TakeId, Line<'static>)>,
) -> Drawn {
    let (ctx, mut drawn) = (canvas.ctx, Drawn::default());
    for (y, (take, line)) in rows.skip(start).take(usize::from(area.height)).enumerate() {
        let place = row(area, y);
        draw_line(canvas.buffer, place, line, ctx.glyphs.ellipsis);
        if selected == Some(start + y) {
            paint(canvas.buffer, place, ctx.selection());
        }
        drawn.hit(place, Target::Take(pane, take));
    }
    drawn
}
