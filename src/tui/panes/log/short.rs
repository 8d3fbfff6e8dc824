//! A take of the log on part of a line.

use ratatui::text::Span;

use super::row::Row;
use crate::model::text::whole_seconds;
use crate::model::{Backend, Usd};
use crate::tui::canvas::Ctx;
use crate::tui::panes::wording;
use crate::tui::theme::Role;
use crate::tui::widgets::narrow::narrow;

/// `14:22 118 s42 480p 10s saved 118s $0.703 *` in at most `room` columns.
pub fn in_short(row: &Row<'_>, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let (take, at) = (row.take, row.at(ctx));
    // The time of a failed take means nothing, and it costs nothing.
    let is_whole = row.failure.is_none();
    let cost = take.cost.filter(|_| is_whole && take.backend == Backend::Live);
    let state = Some(take.state_in_words().to_owned());
    let took = row.took_ms.filter(|_| is_whole);
    let took = took.map(|took| format!("{}s", whole_seconds(took)));
    let verdict = Some(ctx.glyphs.verdict(take.verdict).trim().to_owned());
    let finish = Some(&row.finish).filter(|left| !left.is_empty());
    let finish = finish.map(|left| format!("finish {left}"));
    let parts = [
        (3, Role::Text, Some(at)),
        (0, Role::Text, Some(take.id.to_string())),
        (1, Role::Text, Some(row.seed())),
        (1, Role::Text, Some(row.value.clone())),
        (2, Role::Text, Some(wording::size(take))),
        (0, row.state_role(), state),
        (6, Role::Dim, row.failure.clone()),
        (4, Role::Text, finish),
        (4, Role::Text, took),
        (5, Role::Money, cost.map(Usd::precise)),
        (0, row.verdict_role(), verdict),
    ];
    let mut parts = parts.map(|(order, role, text)| (order, ctx.span(role, text.unwrap_or_default())));
    let is_shown = |span: &Span<'static>| !span.content.is_empty();
    narrow(
        &mut parts,
        |(order, span)| if is_shown(span) { *order } else { 0 },
        |(_, span)| *span = Span::default(),
        |parts| {
            let shown = parts.iter().filter(|(_, span)| is_shown(span));
            shown.map(|(_, span)| span.width() + 1).sum::<usize>() <= room + 1
        },
    );
    let mut spans: Vec<Span<'static>> = Vec::new();
    for (_, span) in parts.into_iter().filter(|(_, span)| is_shown(span)) {
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        spans.push(span);
    }
    spans
}
