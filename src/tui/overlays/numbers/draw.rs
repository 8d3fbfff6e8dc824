//! Draws the numbers: the sums of live takes and of the sandbox, the groups, then waits and failures.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::model::Backend;
use crate::model::text::one_line;
use crate::service::numbers::{self, Histogram};
use crate::store::{By, Numbers as Figures, Section};
use crate::tui::canvas::{Canvas, Drawn, MAX_BOX_WIDTH, MAX_WIDTH, centred, rows};
use crate::tui::overlays::page::Spans;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widgets::text::{pad, row, width};
use crate::tui::widgets::{toggle, wrap};

use super::chart;
use super::state::Numbers;
use super::table;

/// The room for the names of the backends.
const LEAD: usize = 9;
/// The choice of groups, and the headings of the columns.
const ABOVE_ROWS: u16 = 2;
/// Rows of the waits: a heading, the bars and their labels.
const MIN_CHART: u16 = 6;
const MAX_CHART: u16 = 11;
/// Waits and failures are left out where fewer rows than this would be left for the groups.
const MIN_ROWS: u16 = 3;
/// Columns of the failures.
const FAILURES: u16 = 30;
/// Columns of waits and failures where they stand beside the groups.
const BESIDE: u16 = 64;
const GAP: u16 = 2;

/// Where things are within the box.
struct Places {
    summary: Rect,
    groups: Rect,
    chart: Rect,
    failures: Rect,
}

pub fn draw(overlay: &Numbers, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    // The status line stays.
    let area = Rect {
        y: area.y + 1.min(area.height),
        height: area.height.saturating_sub(1),
        ..area
    };
    let Some((by, figures)) = &overlay.figures else {
        return match &overlay.failure {
            Some(error) => {
                let words = format!("The numbers could not be read: {error}");
                nothing(canvas, area, Role::Error, &words)
            }
            None => nothing(canvas, area, Role::Dim, "Reading the numbers"),
        };
    };
    let sections = with_takes(figures);
    if sections.is_empty() {
        let words = format!(
            "{}. This page adds up what takes cost, how long they took and which of them you kept.",
            state.nothing_yet("There is no take yet. Back in the panes")
        );
        return nothing(canvas, area, Role::Text, &words);
    }
    numbers(overlay, &sections, *by, canvas, area)
}

/// The sections with takes.
fn with_takes(figures: &Figures) -> Vec<&Section> {
    let sections = [&figures.live, &figures.sandbox].into_iter();
    sections
        .filter(|section| section.groups.total.takes > 0)
        .collect()
}

/// Draws a sentence instead of the numbers.
fn nothing(canvas: &mut Canvas<'_>, area: Rect, role: Role, words: &str) -> Drawn {
    let columns = usize::from(area.width.min(MAX_BOX_WIDTH).saturating_sub(4));
    let lines: Vec<String> = wrap::parts(&one_line(words, 400), columns).collect();
    let place = centred(area, MAX_BOX_WIDTH, rows(lines.len() + 2));
    let inner = canvas.popup("Numbers", "", place);
    for (at, line) in lines.into_iter().enumerate() {
        canvas.text(row(inner, at), role, line.trim_end());
    }
    Drawn::default()
}

fn numbers(overlay: &Numbers, sections: &[&Section], by: By, canvas: &mut Canvas<'_>, area: Rect) -> Drawn {
    let is_wide = area.width >= MAX_WIDTH + GAP + BESIDE;
    let most = if is_wide {
        MAX_WIDTH + GAP + BESIDE
    } else {
        MAX_WIDTH
    };
    let columns = area.width.min(most).saturating_sub(4);
    let outdated = outdated(overlay, usize::from(columns));
    let sums = sections
        .iter()
        .flat_map(|section| summary(section, usize::from(columns), canvas));
    let summary: Vec<Spans> = outdated.into_iter().chain(sums).collect();
    let of_groups = if is_wide { columns - BESIDE - GAP } else { columns };
    let table = table::lines(sections, by, usize::from(of_groups), &canvas.ctx);
    // Those of live takes, if there are any.
    let charted = sections[0];
    let histogram = Histogram::of(&charted.waits_ms);
    let has_chart = histogram.is_some() || !charted.failures.is_empty();
    let head = rows(summary.len() + 1);
    let of_table = ABOVE_ROWS.saturating_add(rows(table.rows.len()));
    let wanted = match (has_chart, is_wide) {
        (false, _) => head.saturating_add(of_table),
        (true, true) => {
            let of_failures = rows(charted.failures.len().max(1) + 1);
            head.saturating_add(of_table.max((MAX_CHART + 1).saturating_add(of_failures)))
        }
        (true, false) => head.saturating_add(of_table).saturating_add(1 + MAX_CHART),
    };
    let place = centred(area, columns + 4, wanted.saturating_add(2));
    let inner = Rect {
        x: place.x + 2.min(place.width),
        y: place.y + 1.min(place.height),
        width: place.width.saturating_sub(4),
        height: place.height.saturating_sub(2),
    };
    let places = places(inner, head, of_table, is_wide, has_chart);
    let room = usize::from(places.groups.height.saturating_sub(ABOVE_ROWS));
    let first = overlay.scroll.min(table.rows.len().saturating_sub(room));
    let foot = canvas.beyond(first, table.rows.len(), room);
    canvas.popup("Numbers", &foot, place);
    for (at, line) in summary.iter().enumerate() {
        canvas.roles(row(places.summary, at), line);
    }
    canvas.line(row(places.groups, 0), choice(by, overlay.by, canvas));
    canvas.line(row(places.groups, 1), table.headings);
    let shown = table.rows.into_iter().skip(first).take(room);
    for (at, line) in shown.enumerate() {
        canvas.line(row(places.groups, usize::from(ABOVE_ROWS) + at), line);
    }
    if let Some(histogram) = histogram.filter(|_| !places.chart.is_empty()) {
        chart::draw(&histogram, canvas, places.chart);
    }
    if !places.failures.is_empty() {
        failures(charted, canvas, places.failures);
    }
    Drawn {
        rows: rows(room),
        lines: of_table - ABOVE_ROWS,
        ..Drawn::default()
    }
}

/// Divides the box: waits and failures stand below the groups, or beside them where it is wide.
fn places(inner: Rect, head: u16, of_table: u16, is_wide: bool, has_chart: bool) -> Places {
    let summary = Rect {
        height: head.saturating_sub(1).min(inner.height),
        ..inner
    };
    let below = Rect {
        y: inner.y + head.min(inner.height),
        height: inner.height.saturating_sub(head),
        ..inner
    };
    let (groups, chart, failures) = match (has_chart, is_wide) {
        (false, _) => (below, Rect::ZERO, Rect::ZERO),
        (true, true) => beside(below),
        (true, false) => one_below_the_other(below, of_table),
    };
    Places {
        summary,
        groups,
        chart,
        failures,
    }
}

/// Groups on the left; on the right waits, and failures below them.
fn beside(area: Rect) -> (Rect, Rect, Rect) {
    let groups = Rect {
        width: area.width.saturating_sub(BESIDE + GAP),
        ..area
    };
    let chart = Rect {
        x: groups.right() + GAP,
        width: BESIDE,
        height: area.height.min(MAX_CHART),
        ..area
    };
    let failures = Rect {
        y: chart.bottom() + 1,
        height: area.height.saturating_sub(MAX_CHART + 1),
        ..chart
    };
    (groups, chart, failures)
}

/// Groups above; below them waits, with failures on their right.
fn one_below_the_other(area: Rect, of_table: u16) -> (Rect, Rect, Rect) {
    let most = area.height.saturating_sub(ABOVE_ROWS + MIN_ROWS + 1);
    if most < MIN_CHART {
        return (area, Rect::ZERO, Rect::ZERO);
    }
    let left = area.height.saturating_sub(of_table + 1);
    let height = left.clamp(MIN_CHART, MAX_CHART.min(most));
    let groups = Rect {
        height: area.height - height - 1,
        ..area
    };
    let failures = Rect {
        x: area.right() - FAILURES.min(area.width / 2),
        y: area.bottom() - height,
        width: FAILURES.min(area.width / 2),
        height,
    };
    let chart = Rect {
        x: area.x,
        width: area.width.saturating_sub(failures.width + GAP),
        ..failures
    };
    (groups, chart, failures)
}

/// The backend, then its phrases on as few lines as they need.
fn summary(section: &Section, columns: usize, canvas: &Canvas<'_>) -> Vec<Spans> {
    let (role, name) = match section.backend {
        Backend::Live => (Role::Live, "LIVE"),
        Backend::Sandbox => (Role::Sandbox, "SANDBOX"),
    };
    let room = columns.saturating_sub(LEAD);
    let between = format!(" {} ", canvas.ctx.glyphs.dot);
    let mut lines: Vec<String> = Vec::new();
    for phrase in numbers::phrases(section) {
        match lines.last_mut() {
            Some(line) if width(line) + width(&between) + width(&phrase) <= room => {
                line.push_str(&between);
                line.push_str(&phrase);
            }
            _ => lines.extend(wrap::parts(&phrase, room)),
        }
    }
    let lead = |at: usize| if at == 0 { name } else { "" };
    lines
        .into_iter()
        .enumerate()
        .map(|(at, line)| {
            let gap = LEAD.saturating_sub(width(lead(at)));
            vec![
                (role, lead(at).to_owned()),
                (Role::Text, pad("", gap, false)),
                (Role::Text, line),
            ]
        })
        .collect()
}

/// That what is shown was read earlier, and why it is not newer.
fn outdated(overlay: &Numbers, columns: usize) -> Vec<Spans> {
    let Some(error) = &overlay.failure else {
        return Vec::new();
    };
    let words = one_line(&error.to_string(), 300);
    let words = format!("✗ These numbers were read earlier. They could not be read again: {words}");
    let lines = wrap::parts(&words, columns);
    lines
        .map(|line| vec![(Role::Error, line.trim_end().to_owned())])
        .collect()
}

/// `by [day] reel  sweep  model`: what is shown, and what is being read.
fn choice(by: By, next: By, canvas: &Canvas<'_>) -> Line<'static> {
    let words = By::ALL.map(By::word);
    let chosen = By::ALL.iter().position(|other| *other == by);
    let mut spans = vec![canvas.ctx.span(Role::Label, "by  ")];
    spans.extend(toggle::spans(&words, chosen, canvas.ctx.theme));
    if next != by {
        spans.push(canvas.ctx.span(Role::Dim, format!("  reading by {next}")));
    }
    Line::from(spans)
}

/// Why takes ended without a video, the most frequent reasons first.
fn failures(section: &Section, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.text(row(area, 0), Role::Heading, "Failures");
    if section.failures.is_empty() {
        return canvas.text(row(area, 1), Role::Dim, "none");
    }
    let room = usize::from(area.height.saturating_sub(1));
    let shown = if section.failures.len() > room {
        room.saturating_sub(1)
    } else {
        room
    };
    for (at, (reason, takes)) in section.failures.iter().take(shown).enumerate() {
        let line = [
            (Role::Text, format!("{takes:>4}  ")),
            (Role::Text, reason.title().to_owned()),
        ];
        canvas.roles(row(area, at + 1), &line);
    }
    let others: u64 = section.failures.iter().skip(shown).map(|(_, takes)| takes).sum();
    if others > 0 && shown < room {
        canvas.text(
            row(area, shown + 1),
            Role::Dim,
            format!("{others:>4}  other reasons"),
        );
    }
}
