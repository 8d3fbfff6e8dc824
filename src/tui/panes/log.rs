//! Pane 4: one row a request, newest first: what came of it, against what was expected.

use std::path::Path;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Ctx, Drawn, PaneId, Target, compact, state_word, wording};
use crate::model::{Backend, Take, TakeId, TakeState, Usd, Verdict};
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{self, Column};
use crate::tui::widgets::field::TextField;
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::narrow::narrow;
use crate::tui::widgets::text::{draw_line, fit, paint, row, window};
use crate::tui::widgets::time;

/// A take in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    pub at: Timestamp,
    pub id: TakeId,
    pub seed: u32,
    /// `480p 10s`.
    pub size: String,
    pub backend: Backend,
    pub state: TakeState,
    /// Why it failed, with the HTTP status when there was one.
    pub trouble: Option<String>,
    /// From submit to the end, in milliseconds.
    pub took_ms: Option<u64>,
    /// What was expected, in milliseconds.
    pub expected_ms: Option<u64>,
    pub estimate: Usd,
    pub cost: Option<Usd>,
    pub verdict: Verdict,
    /// The file's name.
    pub file: Option<String>,
}

impl LogRow {
    /// The row of a take; `expected_ms` is the middle of what was expected.
    #[must_use]
    pub fn of(take: &Take, expected_ms: Option<u64>) -> Self {
        let took_ms = take
            .times
            .submitted
            .zip(take.times.settled)
            .map(|(from, to)| time::between(from, to));
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self {
            at: take.times.submitted.unwrap_or(take.created_at),
            id: take.id,
            seed: take.seed.number(),
            size: wording::size(take),
            backend: take.backend,
            state: take.state,
            trouble: wording::trouble(take),
            took_ms,
            expected_ms,
            estimate: take.estimate,
            cost: take.cost,
            verdict: take.verdict,
            file: take.file.as_deref().and_then(name),
        }
    }
}

/// The filter over the log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// As it is in force; empty for none.
    pub text: &'a str,
    /// The field, while it is being typed.
    pub typing: Option<&'a TextField>,
    /// What is wrong with it.
    pub error: Option<&'a str>,
}

/// The pane for one frame.
#[derive(Debug, Clone, Default)]
pub struct LogPane<'a> {
    /// The page around the selected row, not the whole log.
    pub rows: Vec<LogRow>,
    /// Index into `rows`.
    pub selected: Option<usize>,
    /// How many takes the filter lets through.
    pub total: u64,
    pub filter: Filter<'a>,
    /// What to do when there is nothing.
    pub hint: String,
}

impl LogPane<'_> {
    /// Draws the pane in its box.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Log));
        let pane = PaneBox {
            title: PaneId::Log.title().to_owned(),
            note: Line::from(self.count(ctx)),
            foot: self.foot(area, ctx),
            focused: ctx.focused,
            ..PaneBox::default()
        };
        let inner = pane.draw(buffer, area, ctx.theme, ctx.glyphs);
        if let Some(field) = self.filter.typing.filter(|_| area.height > 1) {
            // Behind the corner, a space and the slash.
            let place = Rect {
                x: inner.x + 1.min(inner.width),
                y: area.bottom() - 1,
                width: field_columns(area),
                height: 1,
            };
            drawn.caret = field.draw(buffer, place, ctx.style(Role::Match), ctx.style(Role::Selection));
        }
        if self.rows.is_empty() {
            let text = if self.filter.text.is_empty() {
                self.hint.as_str()
            } else {
                "Nothing matches the filter."
            };
            let line = Line::from(ctx.span(Role::Placeholder, text));
            draw_line(buffer, row(inner, 0), line, ctx.glyphs.ellipsis);
            return drawn;
        }
        let table = Table::of(&self.rows, usize::from(inner.width), ctx);
        let height = usize::from(inner.height);
        let start = centred(self.rows.len(), self.selected, height);
        for (y, take) in self.rows.iter().skip(start).take(height).enumerate() {
            let place = row(inner, y);
            draw_line(buffer, place, table.line(take), ctx.glyphs.ellipsis);
            if self.selected == Some(start + y) {
                paint(buffer, place, ctx.selection());
            }
            drawn.hit(place, Target::Take(PaneId::Log, take.id));
        }
        drawn
    }

    /// Draws the pane on one line: the count and the newest or selected take.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut parts = vec![self.count(ctx)];
        match self.rows.get(self.selected.unwrap_or(0)) {
            Some(take) => {
                let room = usize::from(area.width).saturating_sub(compact::taken(PaneId::Log, &parts));
                parts.push(in_short(take, room, ctx));
            }
            None => parts.push(vec![ctx.span(Role::Dim, self.hint.clone())]),
        }
        compact::draw(buffer, area, PaneId::Log, parts, ctx)
    }

    fn count(&self, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
        let noun = if self.total == 1 { "take" } else { "takes" };
        let mut spans = vec![ctx.span(Role::Dim, format!("{} {noun}", self.total))];
        if self.filter.typing.is_none() && !self.filter.text.is_empty() {
            let text = fit(self.filter.text, 30, ctx.glyphs.ellipsis);
            spans.push(ctx.span(Role::Match, format!("   /{text}")));
        }
        spans
    }

    fn foot(&self, area: Rect, ctx: &Ctx<'_>) -> Line<'static> {
        if self.filter.typing.is_some() {
            let blank = " ".repeat(usize::from(field_columns(area)));
            return Line::from(vec![ctx.span(Role::Match, "/"), Span::raw(blank)]);
        }
        match self.filter.error {
            Some(error) => {
                let text = fit(error, 200, ctx.glyphs.ellipsis);
                Line::from(ctx.span(Role::Error, format!("{} {text}", ctx.glyphs.cross)))
            }
            None => Line::default(),
        }
    }
}

/// `14:22 118 s42 480p 10s saved 118s $0.703 *` in at most `room` columns.
fn in_short(take: &LogRow, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let at = time::of_day(take.at, ctx.now, ctx.zone);
    // How long a failed take was on its way says nothing, and it costs nothing.
    let is_whole = take.trouble.is_none();
    let cost = take.cost.filter(|_| is_whole && take.backend == Backend::Live);
    let parts = [
        (3, Role::Text, Some(at)),
        (0, Role::Text, Some(take.id.to_string())),
        (1, Role::Text, Some(format!("s{}", take.seed))),
        (2, Role::Text, Some(take.size.clone())),
        (
            0,
            Role::of_state(take.state),
            Some(state_word(take.state).to_owned()),
        ),
        (6, Role::Dim, take.trouble.clone()),
        (
            4,
            Role::Text,
            take.took_ms
                .filter(|_| is_whole)
                .map(|took| format!("{}s", took / 1000)),
        ),
        (5, Role::Money, cost.map(Usd::precise)),
        (
            0,
            verdict_role(take.verdict),
            Some(ctx.glyphs.verdict(take.verdict).trim().to_owned()),
        ),
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

/// Columns of the filter's field in the lower border.
fn field_columns(area: Rect) -> u16 {
    area.width.saturating_sub(8).min(48)
}

/// As [`window`], but with rows below the selected one in sight too: the log goes on both ways.
fn centred(length: usize, selected: Option<usize>, height: usize) -> usize {
    let below = selected.map(|at| (at + height / 2).min(length.saturating_sub(1)));
    window(length, below, height).min(selected.unwrap_or(usize::MAX))
}

struct Table<'a> {
    columns: [Column; 9],
    widths: Vec<Option<usize>>,
    ctx: &'a Ctx<'a>,
}

impl<'a> Table<'a> {
    fn of(rows: &[LogRow], room: usize, ctx: &'a Ctx<'a>) -> Self {
        let widest = |text: &dyn Fn(&LogRow) -> String| {
            let widths = rows
                .iter()
                .map(|row| crate::tui::widgets::text::width(&text(row)));
            widths.max().unwrap_or(0)
        };
        // What a take is, what became of it and what was thought of it stay to the last; the differences in brackets
        // go before any column but the file's name.
        let columns = [
            Column::text(5).drops(5),
            Column::number(widest(&|row| row.id.to_string())),
            Column::text(1 + widest(&|row| row.seed.to_string())).drops(1),
            Column::text(widest(&|row| row.size.clone())).drops(2),
            Column::text(10).shortens(widest(&|row| state_word(row.state).to_owned()), 9),
            Column::text(widest(&|row| took(row, true, ctx)))
                .shortens(widest(&|row| took(row, false, ctx)), 7)
                .drops(3),
            Column::text(widest(&|row| cost(row, true, ctx)))
                .shortens(widest(&|row| cost(row, false, ctx)), 8)
                .drops(4)
                .grows(),
            Column::text(1).gap(1),
            Column::text(24).drops(10),
        ];
        Self {
            columns,
            widths: columns::widths(&columns, room),
            ctx,
        }
    }

    /// Whether a column has room for what stands in brackets.
    fn is_whole(&self, at: usize) -> bool {
        self.widths[at].is_some_and(|width| width >= self.columns[at].width)
    }

    fn line(&self, row: &LogRow) -> Line<'static> {
        let ctx = self.ctx;
        let (text, dim) = (ctx.style(Role::Text), ctx.style(Role::Dim));
        let trouble = row.trouble.clone().unwrap_or_default();
        let mut cells: [(String, Style); 9] = [
            (time::of_day(row.at, ctx.now, ctx.zone), dim),
            (row.id.to_string(), text),
            (format!("s{}", row.seed), text),
            (row.size.clone(), dim),
            (
                state_word(row.state).to_owned(),
                ctx.style(Role::of_state(row.state)),
            ),
            (took(row, self.is_whole(5), ctx), text),
            (cost(row, self.is_whole(6), ctx), ctx.style(Role::Money)),
            (
                ctx.glyphs.verdict(row.verdict).to_owned(),
                ctx.style(verdict_role(row.verdict)),
            ),
            (row.file.clone().unwrap_or_default(), dim),
        ];
        if trouble.is_empty() {
            return columns::row(&self.columns, &self.widths, &cells, ctx.glyphs.ellipsis);
        }
        // What went wrong takes the room of time and cost, which it has not.
        let both = |at: usize| self.widths[at].map_or(0, |width| width + self.columns[at].gap);
        let mut widths = self.widths.clone();
        let room = (both(5) + both(6)).saturating_sub(self.columns[6].gap);
        widths[6] = Some(room).filter(|room| *room > 0);
        widths[5] = None;
        cells[6] = (fit(&trouble, room, ctx.glyphs.ellipsis), dim);
        columns::row(&self.columns, &widths, &cells, ctx.glyphs.ellipsis)
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Circled => Role::Circled,
        Verdict::Rejected => Role::Rejected,
        Verdict::None => Role::Text,
    }
}

/// `118s (−9)`; the difference only when asked for.
fn took(row: &LogRow, with_difference: bool, ctx: &Ctx<'_>) -> String {
    let Some(took) = row.took_ms.filter(|_| row.trouble.is_none()) else {
        return String::new();
    };
    match row.expected_ms.filter(|_| with_difference) {
        Some(expected) => {
            format!(
                "{:>4} ({})",
                format!("{}s", took / 1000),
                time::difference(took, expected, ctx.glyphs)
            )
        }
        None => format!("{:>4}", format!("{}s", took / 1000)),
    }
}

/// `$0.703 (−0.1%)`, the difference only when asked for; an estimate is marked as one.
fn cost(row: &LogRow, with_difference: bool, ctx: &Ctx<'_>) -> String {
    match (row.backend, row.cost) {
        _ if row.trouble.is_some() => String::new(),
        (Backend::Sandbox, _) => "free".to_owned(),
        (Backend::Live, Some(cost)) if !with_difference => cost.precise(),
        (Backend::Live, Some(cost)) => match wording::off_by(cost, row.estimate, ctx.glyphs) {
            Some(off) => format!("{} ({off})", cost.precise()),
            None => cost.precise(),
        },
        (Backend::Live, None) if row.state.commits_money() => format!("{} est.", row.estimate),
        (Backend::Live, None) => String::new(),
    }
}
