//! What the probes of a take have found, on one line.

use ratatui::text::Line;

use crate::model::Take;
use crate::service::probe;
use crate::tui::canvas::Ctx;
use crate::tui::state::State;
use crate::tui::theme::Role;

/// `the same clip as take 7 (2026-11-26)`, the newest result first; nothing where the take was never compared.
pub fn line(take: &Take, state: &State, ctx: &Ctx<'_>) -> Option<Line<'static>> {
    let results = probe::of_take(&state.probes, take.id).map(|result| {
        let day = probe::day(result.made_at, ctx.zone);
        format!("{} ({day})", probe::in_short(result, take.id))
    });
    let results: Vec<String> = results.collect();
    (!results.is_empty()).then(|| Line::from(ctx.span(Role::Text, results.join(", "))))
}
