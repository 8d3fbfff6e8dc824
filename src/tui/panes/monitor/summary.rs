//! The Monitor on one line, and the names in its border.

use ratatui::layout::Rect;
use ratatui::text::Span;

use super::facts;
use crate::model::Take;
use crate::model::family::{came_from, led_to};
use crate::store::SweepRow;
use crate::tui::canvas::{Canvas, Ctx, Drawn};
use crate::tui::keymap::PaneId;
use crate::tui::panes::{compact, sweep_rows, wording};
use crate::tui::state::State;
use crate::tui::theme::Role;

pub(super) fn draw_compact(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    let (ctx, shown) = (canvas.ctx, state.monitored());
    let take = shown.and_then(|row| row.take());
    let mut parts = vec![name(take, &ctx)];
    if let Some(row) = shown.and_then(|row| row.sweep()) {
        parts = vec![sweep_rows::words(row, None, &ctx)];
    } else if let Some(take) = take {
        let word = format!("{} {}", ctx.glyphs.state(take.state), take.state_in_words());
        parts.push(vec![ctx.span(Role::of_state(take.state), word)]);
        if let Some(failure) = wording::failure(take) {
            parts.push(vec![ctx.span(Role::Error, failure)]);
        }
        parts.push(facts::verdict(take, &ctx));
        let taken = compact::taken(PaneId::Monitor, &parts);
        parts.push(facts::chain(
            take,
            state,
            usize::from(area.width).saturating_sub(taken),
            &ctx,
        ));
        parts.push(facts::remarks(take, &ctx));
        let finishable = wording::finishable(take, state.now).filter(|_| !state.is_finished(take.id));
        let family = [finishable, came_from(take), led_to(facts::children(take, state))];
        parts.extend(
            family
                .into_iter()
                .flatten()
                .map(|words| vec![ctx.span(Role::Dim, words)]),
        );
    } else {
        parts.push(vec![ctx.span(Role::Dim, nothing(state))]);
    }
    compact::draw(canvas, area, PaneId::Monitor, parts)
}

pub(super) fn nothing(state: &State) -> String {
    state.nothing_yet("No take is selected")
}

pub(super) fn name(take: Option<&Take>, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let name = take.map(|take| format!("take {}  seed {}", take.id, take.seed));
    name.map(|name| ctx.span(Role::Text, name)).into_iter().collect()
}

pub(super) fn sweep_name(row: &SweepRow, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    vec![ctx.span(Role::Text, format!("sweep {}", row.sweep.number))]
}
