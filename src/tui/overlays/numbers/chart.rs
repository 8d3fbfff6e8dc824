//! Draws how long takes took, as bars.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::symbols::bar::{NINE_LEVELS, Set};
use ratatui::widgets::{Bar, BarChart, BarGroup, Widget};

use crate::model::text::counted;
use crate::service::numbers::{self, Histogram};
use crate::tui::canvas::Canvas;
use crate::tui::theme::Role;
use crate::tui::widgets::text::row;
use crate::tui::widgets::time::clock;

/// The widest bar, in columns.
const MAX_BAR: u16 = 8;

/// The levels of a bar where only ASCII can be shown: a cell is full or empty.
const PLAIN: Set<'static> = Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "#",
    five_eighths: "#",
    half: "#",
    three_eighths: " ",
    one_quarter: " ",
    one_eighth: " ",
    empty: " ",
};

/// Draws the bars, each above the wait that it begins with, below a line that says what they are.
pub fn draw(histogram: &Histogram, canvas: &mut Canvas<'_>, area: Rect) {
    let heading = vec![
        (Role::Heading, "Waits".to_owned()),
        (
            Role::Dim,
            format!(
                "  half within {}, {}",
                clock(histogram.median_ms),
                counted(histogram.takes, "saved take")
            ),
        ),
    ];
    canvas.roles(row(area, 0), &heading);
    let count = u16::try_from(histogram.bars.len()).unwrap_or(u16::MAX).max(1);
    let width = (area.width / count).saturating_sub(1).clamp(1, MAX_BAR);
    let label = |bar: &numbers::Bar| {
        let more = if bar.to_s.is_none() { "+" } else { "" };
        format!("{}{more}", clock(bar.from_s * 1000))
    };
    let bars: Vec<Bar<'_>> = histogram
        .bars
        .iter()
        .map(|bar| Bar::default().value(bar.takes).label(label(bar)))
        .collect();
    let ctx = canvas.ctx;
    let gauge = ctx.style(Role::Gauge);
    let set = if ctx.glyphs.half_blocks {
        NINE_LEVELS
    } else {
        PLAIN
    };
    let below = Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(1),
        ..area
    };
    BarChart::default()
        .data(BarGroup::default().bars(&bars))
        .bar_width(width)
        .bar_gap(1)
        .bar_set(set)
        .bar_style(gauge)
        .value_style(gauge.add_modifier(Modifier::REVERSED))
        .label_style(ctx.style(Role::Dim))
        .render(below.intersection(canvas.buffer.area), canvas.buffer);
}
