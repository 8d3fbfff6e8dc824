//! Draws the rows of a list of takes, for the queue and the log.
//!
//! The selected row has a pointer in the gutter before it and is not painted itself, so that moving sends few bytes.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::tui::canvas::{Canvas, Drawn, Target};
use crate::tui::panes::PaneId;
use crate::tui::state::RowId;
use crate::tui::theme::Role;
use crate::tui::widgets::text::row;

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
            let role = if ctx.focused { Role::Selection } else { Role::Dim };
            let gutter = Rect {
                x: place.x.saturating_sub(1),
                width: 1.min(place.width),
                ..place
            };
            canvas.text(gutter, role, ctx.glyphs.pointer);
        }
        drawn.hit(place, Target::of_row(pane, id));
    }
    drawn
}
