//! Pane 4: the log of all takes, newest first, with their results against the estimates.

use std::path::Path;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::filter_field::FilterField;
use super::wording;
use super::{compact, sweep_rows, take_rows};
use crate::model::sweep_values::SweepValues;
use crate::model::text::{counted, whole_seconds};
use crate::model::{Backend, Take, Usd, Verdict};
use crate::store::SweepRow;
use crate::tui::canvas::{Canvas, Ctx, Drawn, Target};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::glyphs::Glyphs;
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::state::{ListRow, MOVES, RowId, State, distance};
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{self, Column, Table};
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::narrow::narrow;
use crate::tui::widgets::text::{fit, row, width};
use crate::tui::widgets::time;

#[derive(Default)]
pub struct Log {
    typing: Option<FilterField>,
}

impl Declare for Log {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Filter], |log: &mut Self, _, cx| {
            if cx.focus != PaneId::Log {
                cx.focus(PaneId::Log);
            }
            log.typing = Some(FilterField::new(&cx.takes.log.filter));
        })
        .anywhere(),
        Command::on(&[Action::Accept], |log: &mut Self, _, _| {
            // A mistake is shown under the field, which stays open.
            log.typing.take_if(|typing| typing.can_be_read());
        })
        .during(Log::is_typing),
        Command::on(
            &[Action::Complete, Action::CompleteBack],
            |log: &mut Self, action, cx| {
                let by = if action == Action::Complete { 1 } else { -1 };
                if let Some(line) = log.typing.as_mut().and_then(|typing| typing.complete(by)) {
                    cx.set_filter(line);
                }
            },
        )
        .during(Log::is_typing),
        Command::on(&[Action::Leave], |log: &mut Self, _, cx| {
            if let Some(typing) = log.typing.take() {
                cx.set_filter(typing.before());
            }
        })
        .during(Log::is_typing),
        Command::on(MOVES, |log, action, cx| {
            if !log.is_typing() {
                step(action, cx);
            }
        }),
    ];
}

/// Moves the log's selection, in the log or in the monitor that shows its take.
pub fn step(action: Action, cx: &mut Cx) {
    let by = i64::try_from(distance(action, cx.pane_rows())).unwrap_or_default();
    cx.step_in_log(by);
}

impl Log {
    fn is_typing(&self) -> bool {
        self.typing.is_some()
    }

    /// Changes the field, and filters the log by it.
    fn typed(&mut self, change: impl FnOnce(&mut TextField) -> Typed, cx: &mut Cx) -> bool {
        let Some(typing) = &mut self.typing else {
            return false;
        };
        let (typed, line) = typing.change(change);
        if let Some(line) = line {
            cx.set_filter(line);
        }
        typed != Typed::Ignored
    }
}

impl Component for Log {
    fn context(&self) -> Context {
        if self.is_typing() {
            Context::Field
        } else {
            Context::Log
        }
    }

    fn hints(&self) -> &'static [Action] {
        if self.is_typing() {
            return &[Action::Accept, Action::Complete, Action::Leave];
        }
        &[
            Action::Open,
            Action::UseTake,
            Action::RunAgain,
            Action::Promote,
            Action::Circle,
            Action::Reject,
            Action::NextUnjudged,
            Action::Note,
            Action::Tags,
            Action::CopyPath,
            Action::Filter,
            Action::Mark,
            Action::ClearMarks,
            Action::Generate,
        ]
    }

    fn mode(&self) -> Option<&'static str> {
        self.is_typing().then_some("FILTERING")
    }

    fn key(&mut self, key: KeyEvent, cx: &mut Cx) -> bool {
        self.typed(|field| field.handle(key), cx)
    }

    fn paste(&mut self, text: &str, cx: &mut Cx) -> bool {
        self.typed(|field| field.paste(text), cx);
        self.is_typing()
    }

    fn left(&mut self, _cx: &mut Cx) {
        self.typing = None;
    }

    fn select(&mut self, target: Target, cx: &mut Cx) {
        if let Some(row) = target.row() {
            cx.select_in_log(row);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        if area.height == 1 {
            self.draw_compact(canvas, area, state)
        } else {
            self.draw_full(canvas, area, state)
        }
    }
}

/// A take in the log.
struct Row<'a> {
    take: &'a Take,
    /// Why it failed, with the HTTP status when there was one.
    failure: Option<String>,
    /// From submit to the end.
    took_ms: Option<u64>,
    /// The median of what was expected when it was sent.
    expected_ms: Option<u64>,
    /// It is marked, or stands under its sweep.
    lead: &'static str,
    value: String,
    /// `v12`.
    revision: String,
    /// `v12 wool coat`: the same, and the first words that differ from the revision before.
    differs: String,
    /// Tags and note.
    remarks: String,
}

impl<'a> Row<'a> {
    fn of(take: &'a Take, is_inside: bool, values: &SweepValues, state: &State, glyphs: &Glyphs) -> Self {
        Self {
            take,
            failure: wording::failure(take),
            took_ms: take.took_ms(),
            expected_ms: take.wait.as_ref().map(|wait| wait.p50_ms),
            lead: if state.takes.marks.contains_key(&take.id) {
                glyphs.mark
            } else if is_inside {
                glyphs.vertical
            } else {
                ""
            },
            value: values.of_take(take),
            revision: revision(take),
            differs: differs(take, state),
            remarks: wording::remarks(take),
        }
    }

    /// Tags and note, after the revision where what differs has no column of its own.
    fn remarks(&self, with_revision: bool) -> String {
        match (with_revision, self.remarks.is_empty()) {
            (true, true) => self.revision.clone(),
            (true, false) => format!("{} {}", self.revision, self.remarks)
                .trim_start()
                .to_owned(),
            (false, _) => self.remarks.clone(),
        }
    }

    /// When it was sent, or else created.
    fn at(&self, ctx: &Ctx<'_>) -> String {
        let at = self.take.times.submitted.unwrap_or(self.take.created_at);
        time::of_day(at, ctx.now, ctx.zone)
    }

    fn file(&self, ctx: &Ctx<'_>) -> String {
        if let Some(at) = wording::deleted_at(self.take, ctx.now, ctx.zone) {
            return format!("deleted {at}");
        }
        let name = self.take.file.as_deref().and_then(Path::file_name);
        name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }
}

impl Log {
    fn draw_full(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let (ctx, log) = (canvas.ctx, &state.takes.log);
        let words = PaneBox {
            note: Line::from(self.count(state, &ctx)),
            ..PaneBox::default()
        };
        let (mut drawn, mut inner) = canvas.pane(PaneId::Log, area, words);
        if let Some(typing) = &self.typing {
            let (used, caret) = typing.draw(canvas, inner);
            drawn.caret = caret;
            (inner.y, inner.height) = (inner.y + used, inner.height - used);
        }
        if inner.height == 0 {
            return drawn;
        }
        if log.groups.is_empty() {
            canvas.text(row(inner, 0), Role::Placeholder, nothing(state));
            return drawn;
        }
        let (rows, selected) = page(state, usize::from(inner.height), &ctx);
        let table = table(&rows, usize::from(inner.width), &ctx);
        let lines = rows.iter().map(|shown| match shown {
            Shown::Take(row) => (RowId::Take(row.take.id), line(&table, row, &ctx)),
            Shown::Sweep(row, is_open) => (
                RowId::Sweep(row.sweep.number),
                sweep_rows::line(row, *is_open, None, &ctx),
            ),
        });
        let list = take_rows::draw(canvas, inner, PaneId::Log, (0, selected), lines);
        drawn.join(list);
        drawn
    }

    /// Draws the count and the selected or newest take on one line.
    fn draw_compact(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        let (ctx, log) = (canvas.ctx, &state.takes.log);
        let mut parts = vec![self.count(state, &ctx)];
        let room = usize::from(area.width).saturating_sub(compact::taken(PaneId::Log, &parts));
        parts.push(match log.selection().or(log.rows().next()) {
            Some(ListRow::Take { take, .. }) => in_short(
                &Row::of(take, false, &SweepValues::default(), state, ctx.glyphs),
                room,
                &ctx,
            ),
            Some(ListRow::Sweep { row, .. }) => sweep_rows::words(row, None, &ctx),
            None => vec![ctx.span(Role::Dim, nothing(state))],
        });
        compact::draw(canvas, area, PaneId::Log, parts)
    }

    fn count(&self, state: &State, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
        let log = &state.takes.log;
        let mut spans = vec![ctx.span(Role::Dim, counted(log.count, "take"))];
        let marks = state.takes.marks.len();
        if marks > 0 {
            spans.push(ctx.span(Role::Accent, format!("   {} {marks} marked", ctx.glyphs.mark)));
        }
        if !self.is_typing() && !log.filter.is_empty() {
            let text = fit(&log.filter, 30, ctx.glyphs.ellipsis);
            spans.push(ctx.span(Role::Match, format!("   /{text}")));
        }
        spans
    }
}

fn nothing(state: &State) -> String {
    if state.takes.log.filter.is_empty() {
        state.nothing_yet("No take yet")
    } else {
        "No take matches the filter".to_owned()
    }
}

/// A row as it is drawn.
enum Shown<'a> {
    Take(Row<'a>),
    Sweep(&'a SweepRow, bool),
}

/// The rows of the page with the selected one, and which of them is selected.
fn page<'a>(state: &'a State, height: usize, ctx: &Ctx<'_>) -> (Vec<Shown<'a>>, Option<usize>) {
    let log = &state.takes.log;
    let selected = log.selected_row();
    let first = first_of_page(log.rows().count(), selected.unwrap_or(0), height);
    let values = SweepValues::of(log.rows().filter_map(|row| row.take()));
    let rows = log.rows().skip(first).take(height).map(|row| match row {
        ListRow::Take { take, is_inside } => {
            Shown::Take(Row::of(take, is_inside, &values, state, ctx.glyphs))
        }
        ListRow::Sweep { row, is_open } => Shown::Sweep(row, is_open),
    });
    (rows.collect(), selected.map(|at| at - first))
}

fn revision(take: &Take) -> String {
    take.revision
        .map_or_else(String::new, |version| format!("v{version}"))
}

/// The revision, and the first words that differ from the revision before.
fn differs(take: &Take, state: &State) -> String {
    let words = state.takes.words.get(&take.id);
    let parts = [Some(revision(take)), words.cloned()];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// `14:22 118 s42 480p 10s saved 118s $0.703 *` in at most `room` columns.
fn in_short(row: &Row<'_>, room: usize, ctx: &Ctx<'_>) -> Vec<Span<'static>> {
    let (take, at) = (row.take, row.at(ctx));
    // The time of a failed take means nothing, and it costs nothing.
    let is_whole = row.failure.is_none();
    let cost = take.cost.filter(|_| is_whole && take.backend == Backend::Live);
    let state = Some(take.state_in_words().to_owned());
    let took = row.took_ms.filter(|_| is_whole);
    let took = took.map(|took| format!("{}s", whole_seconds(took)));
    let verdict = Some(ctx.glyphs.verdict(take.verdict).trim().to_owned());
    let parts = [
        (3, Role::Text, Some(at)),
        (0, Role::Text, Some(take.id.to_string())),
        (1, Role::Text, Some(format!("s{}", take.seed.number()))),
        (1, Role::Text, Some(row.value.clone())),
        (2, Role::Text, Some(wording::size(take))),
        (0, state_role(take), state),
        (6, Role::Dim, row.failure.clone()),
        (4, Role::Text, took),
        (5, Role::Money, cost.map(Usd::precise)),
        (0, verdict_role(take.verdict), verdict),
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

/// The first row of the page that shows the selected row. Pages overlap by two rows, so that there are neighbours on both
/// sides; between them nothing scrolls, because on a slow connection a row that stays costs nothing.
fn first_of_page(length: usize, selected: usize, height: usize) -> usize {
    if height < 2 {
        return selected;
    }
    let step = (height - 2).max(1);
    let page = selected.saturating_sub(1) / step;
    (page * step).min(length.saturating_sub(height))
}

/// The columns, named where they are used again.
const TOOK: usize = 7;
const COST: usize = 8;
const DIFFERS: usize = 11;
/// The widest remarks and words, and what they are shortened to first.
const MAX_WORDS: usize = 32;
const FEW_WORDS: usize = 12;

fn table(rows: &[Shown<'_>], room: usize, ctx: &Ctx<'_>) -> Table<13> {
    let takes = || {
        rows.iter().filter_map(|row| match row {
            Shown::Take(row) => Some(row),
            Shown::Sweep(..) => None,
        })
    };
    let widest = |text: &dyn Fn(&Row<'_>) -> String| takes().map(|row| width(&text(row))).max().unwrap_or(0);
    let remarks = |with_revision| widest(&|row| row.remarks(with_revision)).min(MAX_WORDS);
    let differs = widest(&|row| row.differs.clone()).min(MAX_WORDS);
    // The take, its value, its state and its verdict are never dropped. The file and what differs go first, then tags and note
    // with the revision, then the differences in brackets.
    let columns = |remarks| {
        [
            Column::text(widest(&|row| row.lead.to_owned())).hides(),
            Column::text(5).drops(5).gap(1),
            Column::number(widest(&|row| row.take.id.to_string())),
            Column::text(1 + widest(&|row| row.take.seed.number().to_string())).drops(1),
            Column::text(widest(&|row| row.value.clone()))
                .shortens(wording::SHORT_VALUE, 6)
                .hides(),
            Column::text(widest(&|row| wording::size(row.take))).drops(2),
            Column::text(10).shortens(widest(&|row| row.take.state_in_words().to_owned()), 9),
            Column::text(widest(&|row| took(row, true, ctx)))
                .shortens(widest(&|row| took(row, false, ctx)), 7)
                .drops(3),
            Column::text(widest(&|row| cost(row, true, ctx)))
                .shortens(widest(&|row| cost(row, false, ctx)), 8)
                .drops(4)
                .grows(),
            Column::text(1).gap(1),
            Column::text(remarks).shortens(FEW_WORDS, 11).drops(10).hides(),
            Column::text(differs).shortens(FEW_WORDS, 13).drops(12).hides(),
            Column::text(24).drops(14),
        ]
    };
    let table = Table::of(columns(remarks(false)), room);
    match table.widths[DIFFERS] {
        Some(_) => table,
        None => Table::of(columns(remarks(true)), room),
    }
}

fn line(table: &Table<13>, row: &Row<'_>, ctx: &Ctx<'_>) -> Line<'static> {
    let Table { columns, widths } = table;
    let (text, dim) = (ctx.style(Role::Text), ctx.style(Role::Dim));
    let state = row.take.state_in_words().to_owned();
    let verdict = ctx.glyphs.verdict(row.take.verdict).to_owned();
    let lead = if row.lead == ctx.glyphs.mark {
        Role::Accent
    } else {
        Role::Border
    };
    let mut cells: [(String, Style); 13] = [
        (row.lead.to_owned(), ctx.style(lead)),
        (row.at(ctx), dim),
        (row.take.id.to_string(), text),
        (format!("s{}", row.take.seed.number()), text),
        (row.value.clone(), text),
        (wording::size(row.take), dim),
        (state, ctx.style(state_role(row.take))),
        (took(row, table.is_whole(TOOK), ctx), text),
        (cost(row, table.is_whole(COST), ctx), ctx.style(Role::Money)),
        (verdict, ctx.style(verdict_role(row.take.verdict))),
        (row.remarks(table.widths[DIFFERS].is_none()), text),
        (row.differs.clone(), dim),
        (row.file(ctx), dim),
    ];
    let Some(failure) = row.failure.as_ref().filter(|text| !text.is_empty()) else {
        return columns::row(columns, widths, &cells, ctx.glyphs.ellipsis);
    };
    // The failure is shown instead of time and cost, which a failed take does not have.
    let both = |at: usize| widths[at].map_or(0, |width| width + columns[at].gap);
    let mut widths = widths.clone();
    let room = (both(TOOK) + both(COST)).saturating_sub(columns[COST].gap);
    widths[COST] = Some(room).filter(|room| *room > 0);
    widths[TOOK] = None;
    cells[COST] = (fit(failure, room, ctx.glyphs.ellipsis), dim);
    columns::row(columns, &widths, &cells, ctx.glyphs.ellipsis)
}

const fn state_role(take: &Take) -> Role {
    match take.emptied_at {
        Some(_) => Role::Rejected,
        None => Role::of_state(take.state),
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Circled => Role::Circled,
        Verdict::Rejected => Role::Rejected,
        Verdict::None => Role::Text,
    }
}

/// `118s (−9)`.
fn took(row: &Row<'_>, with_difference: bool, ctx: &Ctx<'_>) -> String {
    let Some(took) = row.took_ms.filter(|_| row.failure.is_none()) else {
        return String::new();
    };
    let seconds = format!("{}s", whole_seconds(took));
    let Some(expected) = row.expected_ms.filter(|_| with_difference) else {
        return format!("{seconds:>4}");
    };
    let difference = time::difference(took, expected, ctx.glyphs);
    format!("{seconds:>4} ({difference})")
}

/// `$0.703 (−0.1%)`, or `$0.70 est.`.
fn cost(row: &Row<'_>, with_difference: bool, ctx: &Ctx<'_>) -> String {
    let take = row.take;
    match (take.backend, take.cost) {
        _ if row.failure.is_some() => String::new(),
        (Backend::Sandbox, _) => "free".to_owned(),
        (Backend::Live, Some(cost)) if !with_difference => cost.precise(),
        (Backend::Live, Some(cost)) => match wording::off_by(cost, take.estimate, ctx.glyphs) {
            Some(off) => format!("{} ({off})", cost.precise()),
            None => cost.precise(),
        },
        (Backend::Live, None) if take.state.commits_money() => take.price_in_words(),
        (Backend::Live, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_selected_row_and_a_neighbour_on_each_side() {
        for height in 1..30 {
            for length in 0..100_usize {
                let mut pages = 0;
                let mut last = None;
                for selected in 0..length {
                    let first = first_of_page(length, selected, height);
                    let end = first + height;
                    assert!(
                        (first..end).contains(&selected),
                        "{selected} of {length} in {height}"
                    );
                    let has_neighbours = (selected == 0 || first < selected || height < 3)
                        && (selected + 1 == length || selected + 1 < end || height < 3);
                    assert!(has_neighbours, "{selected} of {length} in {height}");
                    pages += usize::from(last.replace(first) != Some(first));
                }
                assert!(height < 3 || pages <= length / (height - 2) + 1);
            }
        }
    }
}
