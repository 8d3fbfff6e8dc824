//! The stages of a take as bars on one scale: when each began and how long it took.

use crate::model::take::StageSeconds;
use crate::tui::glyphs::Glyphs;
use crate::tui::overlays::page::PageRow;
use crate::tui::theme::Role;

/// Columns of the longest bar.
const COLUMNS: f64 = 32.0;

/// A row for each stage that is known, and one for all of them; none before anything is known.
pub fn rows(seconds: StageSeconds, glyphs: &Glyphs) -> Vec<PageRow> {
    let stages = [
        ("In queue", seconds.queue),
        ("Rendering", seconds.render),
        ("Delivery", seconds.deliver),
    ];
    let sum: f64 = stages.iter().filter_map(|(_, seconds)| *seconds).sum();
    let scale = sum.max(seconds.total.unwrap_or(0.0));
    let mut before = 0.0;
    let mut rows = Vec::new();
    for (name, seconds) in stages {
        let Some(seconds) = seconds else { continue };
        let (from, to) = (columns(before, scale), columns(before + seconds, scale));
        let bar = glyphs.bar_full.repeat(to.saturating_sub(from).max(1));
        rows.push(row(name, seconds, &format!("{}{bar}", " ".repeat(from))));
        before += seconds;
    }
    if let Some(total) = seconds.total {
        rows.push(row("Total", total, ""));
    }
    rows
}

fn row(name: &str, seconds: f64, bar: &str) -> PageRow {
    PageRow {
        lead: name.to_owned(),
        text: format!("{seconds:>7.1} s  {bar}").trim_end().to_owned(),
        role: Role::Text,
    }
}

/// Where a moment lies on the scale.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and a few columns"
)]
fn columns(seconds: f64, scale: f64) -> usize {
    if scale > 0.0 {
        (seconds / scale * COLUMNS).round().clamp(0.0, COLUMNS) as usize
    } else {
        0
    }
}
