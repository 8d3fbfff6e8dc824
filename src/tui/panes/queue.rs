//! Pane 3: takes waiting and in flight, and what they have committed.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::{Ctx, Drawn, PaneId, Target, compact, state_word, wording};
use crate::model::{Backend, Expectation, FailureKind, Take, TakeId, TakeState, Usd};
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{self, Column};
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{draw_line, fit, paint, row, width, window, wrap};
use crate::tui::widgets::time::{self, clock};

/// A take in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    pub id: TakeId,
    pub seed: u32,
    /// `480p 10s`.
    pub size: String,
    pub backend: Backend,
    pub state: TakeState,
    pub paused: bool,
    /// When it was sent.
    pub submitted: Option<Timestamp>,
    /// Held back until then, by the rate limit for example.
    pub not_before: Option<Timestamp>,
    /// What went wrong last, while it is tried again.
    pub trouble: Option<FailureKind>,
    /// Held back because its prompt was refused twice as this.
    pub held: Option<FailureKind>,
    /// Until when the provider keeps a film that is not here yet.
    pub kept_until: Option<Timestamp>,
    /// The ends of the expected time, in milliseconds.
    pub expected: Option<(u64, u64)>,
    pub estimate: Usd,
    /// Bytes of the film that have arrived, and of how many.
    pub arrived: Option<(u64, Option<u64>)>,
}

impl QueueRow {
    /// The row of a take.
    #[must_use]
    pub fn of(take: &Take, expectation: Option<&Expectation>) -> Self {
        Self {
            id: take.id,
            seed: take.seed.number(),
            size: wording::size(take),
            backend: take.backend,
            state: take.state,
            paused: take.paused,
            submitted: take.times.submitted,
            not_before: take.not_before,
            trouble: take.error_kind,
            held: take.held,
            kept_until: take.film_kept_until(),
            expected: expectation.map(|range| (range.p10_ms, range.p90_ms)),
            estimate: take.estimate,
            arrived: None,
        }
    }
}

/// Why nothing more is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    pub kind: FailureKind,
    /// What the provider said.
    pub message: String,
}

impl Stopped {
    /// The kind, what the provider said, and what helps.
    fn words(&self, ctx: &Ctx<'_>) -> String {
        let said = fit(&self.message, 120, ctx.glyphs.ellipsis);
        let said = if said.is_empty() {
            said
        } else {
            format!(" ({said})")
        };
        format!(
            "{} line stopped: {}. {}{said}",
            ctx.glyphs.cross,
            self.kind.title(),
            self.kind.advice()
        )
    }
}

/// The pane for one frame.
#[derive(Debug, Clone, Default)]
pub struct QueuePane {
    /// In flight first, then waiting in line order.
    pub rows: Vec<QueueRow>,
    /// Index into `rows`.
    pub selected: Option<usize>,
    /// Slots used and slots there are.
    pub slots: (u32, u32),
    pub stopped: Option<Stopped>,
    /// The line waits until then.
    pub not_before: Option<Timestamp>,
    /// What to do when there is nothing: names the key.
    pub hint: String,
}

impl QueuePane {
    /// Draws the pane in its box.
    pub fn draw(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let mut drawn = Drawn::default();
        drawn.hit(area, Target::Pane(PaneId::Queue));
        let height = usize::from(area.height.saturating_sub(2));
        let banner = self.banner(usize::from(area.width.saturating_sub(4)), height, ctx);
        let height = height.saturating_sub(banner.len());
        let start = window(self.rows.len(), self.selected, height);
        let pane = PaneBox {
            title: PaneId::Queue.title().to_owned(),
            note: self.note(start, height, ctx),
            foot_note: self.hold(ctx),
            focused: ctx.focused,
            ..PaneBox::default()
        };
        let mut inner = pane.draw(buffer, area, ctx.theme, ctx.glyphs);
        for text in banner {
            let line = Line::from(ctx.span(Role::Error, text));
            draw_line(buffer, row(inner, 0), line, ctx.glyphs.ellipsis);
            inner.y += inner.height.min(1);
            inner.height = inner.height.saturating_sub(1);
        }
        if self.rows.is_empty() {
            let line = Line::from(ctx.span(Role::Placeholder, self.hint.clone()));
            draw_line(buffer, row(inner, 0), line, ctx.glyphs.ellipsis);
            return drawn;
        }
        let table = Table::of(&self.rows, usize::from(inner.width), ctx);
        for (y, take) in self.rows.iter().skip(start).take(height).enumerate() {
            let place = row(inner, y);
            draw_line(buffer, place, table.line(take), ctx.glyphs.ellipsis);
            if self.selected == Some(start + y) {
                paint(buffer, place, ctx.selection());
            }
            drawn.hit(place, Target::Take(PaneId::Queue, take.id));
        }
        drawn
    }

    /// Why nothing more is sent, on one line, or on more of them where the takes leave room.
    fn banner(&self, columns: usize, height: usize, ctx: &Ctx<'_>) -> Vec<String> {
        const MAX_LINES: usize = 4;
        let free = height.saturating_sub(self.rows.len());
        let words = self.stopped.iter().map(|stopped| stopped.words(ctx));
        words
            .flat_map(|text| wrap(&text, columns, free.clamp(1, MAX_LINES), ctx.glyphs.ellipsis))
            .collect()
    }

    /// Draws the pane on one line.
    pub fn draw_line(&self, buffer: &mut Buffer, area: Rect, ctx: &Ctx<'_>) -> Drawn {
        let count = |wanted: fn(TakeState) -> bool| self.rows.iter().filter(|row| wanted(row.state)).count();
        let mut parts = Vec::new();
        if let Some(stopped) = &self.stopped {
            let text = format!("{} line stopped: {}", ctx.glyphs.cross, stopped.kind.title());
            parts.push(vec![ctx.span(Role::Error, text)]);
        }
        let unknown = count(|state| state == TakeState::Unknown);
        if unknown > 0 {
            parts.push(vec![ctx.span(Role::Unknown, format!("? {unknown} unknown"))]);
        }
        if self.rows.is_empty() {
            parts.push(vec![ctx.span(Role::Dim, self.hint.clone())]);
        } else {
            let flying = count(TakeState::in_flight);
            let waiting = count(|state| state == TakeState::Waiting);
            parts.push(vec![ctx.span(Role::Processing, format!("{flying} in flight"))]);
            parts.push(vec![ctx.span(Role::Waiting, format!("{waiting} waiting"))]);
        }
        compact::draw(buffer, area, PaneId::Queue, parts, ctx)
    }

    /// `↓3   4 of 4 slots`.
    fn note(&self, start: usize, height: usize, ctx: &Ctx<'_>) -> Line<'static> {
        let mut words = Vec::new();
        if start > 0 {
            words.push(ctx.glyphs.above(start));
        }
        let below = self.rows.len().saturating_sub(start + height);
        if below > 0 {
            words.push(ctx.glyphs.below(below));
        }
        words.push(format!("{} of {} slots", self.slots.0, self.slots.1));
        Line::from(ctx.span(Role::Dim, words.join("  ")))
    }

    fn hold(&self, ctx: &Ctx<'_>) -> Line<'static> {
        let until = self.not_before.filter(|until| *until > ctx.now);
        until.map_or_else(Line::default, |until| {
            let left = clock(time::between(ctx.now, until));
            Line::from(ctx.span(Role::Warn, format!("{} goes on in {left}", ctx.glyphs.warn)))
        })
    }
}

/// The columns that all rows share.
struct Table<'a> {
    columns: [Column; 7],
    widths: Vec<Option<usize>>,
    ctx: &'a Ctx<'a>,
}

/// Columns of a bar of progress.
const BAR: usize = 10;

impl<'a> Table<'a> {
    fn of(rows: &[QueueRow], room: usize, ctx: &'a Ctx<'a>) -> Self {
        let widest =
            |text: fn(&QueueRow) -> String| rows.iter().map(|row| text(row).len()).max().unwrap_or(0);
        // Columns, not bytes: a range has a dash.
        let words = |with_range: bool| {
            let words = rows.iter().map(|row| width(&what(row, with_range, ctx)));
            words.max().unwrap_or(0)
        };
        let columns = [
            Column::text(1),
            Column::number(widest(|row| row.id.to_string())).gap(1),
            Column::text(5 + widest(|row| row.seed.to_string())).drops(1),
            Column::text(widest(|row| row.size.clone())).drops(2),
            Column::text(words(true)).shortens(words(false), 4).grows(),
            Column::text(BAR).drops(5),
            Column::number(widest(committed)).drops(3),
        ];
        Self {
            columns,
            widths: columns::widths(&columns, room),
            ctx,
        }
    }

    fn line(&self, row: &QueueRow) -> Line<'static> {
        let ctx = self.ctx;
        let style = if row.paused {
            ctx.style(Role::Dim)
        } else {
            ctx.style(Role::of_state(row.state))
        };
        let text = ctx.style(Role::Text);
        let seed_width = self.columns[2].width - 5;
        let is_whole = self.widths[4].is_some_and(|width| width >= self.columns[4].width);
        let cells: [(String, Style); 7] = [
            (ctx.glyphs.state(row.state).to_owned(), style),
            (row.id.to_string(), text),
            (format!("seed {:>seed_width$}", row.seed), text),
            (row.size.clone(), ctx.style(Role::Dim)),
            (what(row, is_whole, ctx), style),
            (bar(row, ctx), ctx.style(Role::Gauge)),
            (committed(row), ctx.style(Role::Money)),
        ];
        columns::row(&self.columns, &self.widths, &cells, ctx.glyphs.ellipsis)
    }
}

/// The state, and how long it has taken; of how long it should only when asked for.
fn what(row: &QueueRow, with_range: bool, ctx: &Ctx<'_>) -> String {
    let word = state_word(row.state);
    let elapsed = row.submitted.map(|then| time::between(then, ctx.now));
    match (row.state, elapsed) {
        (TakeState::Unknown, _) => "unknown: asking the history".to_owned(),
        (TakeState::Waiting, _) if row.paused => "held back".to_owned(),
        (TakeState::Waiting, _) => {
            if let Some(kind) = row.held {
                return format!("held: {} refused twice", kind.title());
            }
            let why = row
                .trouble
                .map_or_else(String::new, |kind| format!(" ({})", kind.title()));
            match row.not_before.filter(|until| *until > ctx.now) {
                Some(until) => format!("{word}, goes on in {}{why}", clock(time::between(ctx.now, until))),
                None => format!("{word}{why}"),
            }
        }
        (TakeState::Rendered, _) => match (row.arrived, row.trouble) {
            (Some((have, Some(all))), None) => {
                format!("fetching {} of {}", wording::bytes(have), wording::bytes(all))
            }
            (Some((have, None)), None) => format!("fetching {}", wording::bytes(have)),
            (_, Some(kind)) => format!("{}, {}", kind.title(), kept(row, ctx)),
            (None, None) => format!("fetching, {}", kept(row, ctx)),
        },
        (_, Some(elapsed)) => match row.expected.filter(|_| with_range) {
            Some(ends) => format!(
                "{word:<10}  {} of {}",
                clock(elapsed),
                wording::wait(ends, ctx.glyphs)
            ),
            None => format!("{word:<10}  {}", clock(elapsed)),
        },
        (_, None) => word.to_owned(),
    }
}

/// How long the provider still keeps a film that is not here yet.
fn kept(row: &QueueRow, ctx: &Ctx<'_>) -> String {
    row.kept_until.map_or_else(String::new, |until| {
        format!("file kept {}", wording::days(time::between(ctx.now, until)))
    })
}

/// Elapsed against the late end of what is expected.
fn bar(row: &QueueRow, ctx: &Ctx<'_>) -> String {
    let part = match (row.state, row.submitted, row.expected, row.arrived) {
        (TakeState::Rendered, _, _, Some((have, Some(all)))) if all > 0 => (have, all),
        (state, Some(then), Some((_, late)), _) if state.in_flight() && late > 0 => {
            (time::between(then, ctx.now), late)
        }
        _ => return String::new(),
    };
    let full = u128::from(part.0.min(part.1)) * BAR as u128 / u128::from(part.1);
    let full = usize::try_from(full).unwrap_or(BAR);
    ctx.glyphs.bar_full.repeat(full) + &ctx.glyphs.bar_rest.repeat(BAR - full)
}

/// What the take costs or may cost; a waiting one has committed nothing.
fn committed(row: &QueueRow) -> String {
    match row.state {
        TakeState::Unknown => format!("{}?", wording::amount(row.backend, row.estimate)),
        state if state.commits_money() => {
            // A column for the question mark, so that the amounts line up.
            format!("{} ", wording::amount(row.backend, row.estimate))
        }
        _ => String::new(),
    }
}
