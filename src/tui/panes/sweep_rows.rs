//! The row of a sweep in queue and log.

use ratatui::text::{Line, Span};

use super::wording;
use crate::store::SweepRow;
use crate::tui::canvas::Ctx;
use crate::tui::theme::Role;

/// `▾ sweep 9 · 4 of 6 saved · $2.11 · 1 circled`.
pub fn line(row: &SweepRow, is_open: bool, ctx: &Ctx<'_>) -> Line<'static> {
    let sign = if is_open {
        ctx.glyphs.unfolded
    } else {
        ctx.glyphs.folded
    };
    let mut spans = vec![ctx.span(Role::Accent, format!("{sign} "))];
    spans.extend(words(row, ctx));
    Line::from(spans)
}

/// The same without the sign.
pub fn words(row: &SweepRow, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let (name, words) = wording::sweep(row, ctx.glyphs);
    let words = format!(" {} {words}", ctx.glyphs.dot);
    vec![ctx.span(Role::Text, name), ctx.span(Role::Dim, words)]
}
