//! The row of a sweep in queue and log.

use ratatui::text::{Line, Span};

use super::wording;
use crate::store::SweepRow;
use crate::tui::canvas::Ctx;
use crate::tui::theme::Role;

/// `▾ sweep 9 · 4 of 6 saved · $2.11 · 1 circled`, with when it is done after the name, where that is expected.
pub fn line(row: &SweepRow, is_open: bool, done: Option<&str>, ctx: &Ctx<'_>) -> Line<'static> {
    let sign = if is_open {
        ctx.glyphs.unfolded
    } else {
        ctx.glyphs.folded
    };
    let mut spans = vec![ctx.span(Role::Accent, format!("{sign} "))];
    spans.extend(words(row, done, ctx));
    Line::from(spans)
}

/// The same without the sign.
pub fn words(row: &SweepRow, done: Option<&str>, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let (name, words) = wording::sweep(row, ctx.glyphs);
    let words = format!(" {} {words}", ctx.glyphs.dot);
    let done = done.map(|done| ctx.span(Role::Text, format!(" {} {done}", ctx.glyphs.dot)));
    let mut spans = vec![ctx.span(Role::Text, name)];
    spans.extend(done);
    spans.push(ctx.span(Role::Dim, words));
    spans
}
