//! Pane 3: the queue of takes that wait or are in flight, with their progress and cost.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::wording;
use super::{compact, sweep_rows, take_rows};
use crate::model::sweep_values::SweepValues;
use crate::model::text::counted;
use crate::model::{FailureKind, Take, TakeState};
use crate::service::{Change, Problem};
use crate::store::{Member, SweepRow};
use crate::tui::canvas::{Canvas, Ctx, Drawn, Target};
use crate::tui::commands::{judge, make};
use crate::tui::component::{Command, Component, Cx, Declare, Possible};
use crate::tui::effect::{Effect, EngineWork};
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::overlays::confirm::Confirm;
use crate::tui::overlays::on_hold::OnHold;
use crate::tui::overlays::page::show_problem;
use crate::tui::state::{Chosen, ListRow, MOVES, NotSent, RowId, State, Tone, distance, estimated, ids};
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{Column, Table};
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{fit, row, width, window, wrap};
use crate::tui::widgets::time::{self, clock, range};

pub struct Queue;

impl Declare for Queue {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::Cancel, Action::Pause], |_, action, cx| {
            if action == Action::Cancel {
                cancel(cx);
            } else {
                pause(cx);
            }
        })
        .when(|_, _, state| {
            let acted = state.acted_on()?;
            match acted.chosen {
                Chosen::Take(_) => state.the_take().and_then(is_waiting),
                _ if acted.waiting().is_empty() => Err(format!(
                    "no take of {} is waiting: only waiting ones can be paused or cancelled",
                    acted.name()
                )),
                _ => Ok(()),
            }
        })
        .anywhere(),
        Command::on(&[Action::MoveUp, Action::MoveDown], |_, action, cx| {
            let by = if action == Action::MoveUp { -1 } else { 1 };
            cx.change_take(|_| Change::Move(by));
        })
        .when(|_, _, state| state.the_take().and_then(can_move))
        .anywhere(),
        Command::on(&[Action::CheckAgain], |_, _, cx| {
            cx.tell(Tone::Plain, "Looking into the provider's history");
            cx.run(Effect::Engine(EngineWork::CheckAgain));
        })
        .when(|_, _, state| match state.takes.queue.count(is_unknown) {
            0 => Err("no take has an unknown outcome".to_owned()),
            _ => Ok(()),
        })
        .anywhere(),
        Command::on(&[Action::MarkNotSent], |_, _, cx| ask_not_sent(cx))
            .when(|_, _, state| {
                let take = state.the_take()?;
                match take.state {
                    TakeState::Unknown => Ok(()),
                    is => Err(format!("the outcome of take {} is known: it is {is}", take.id)),
                }
            })
            .anywhere(),
        Command::on(&[Action::DecideOnHold], |_, _, cx| {
            if let Some(on_hold) = OnHold::first_of(&cx.takes.queue.takes) {
                cx.open(on_hold);
            }
        })
        .when(|_, _, state| match state.takes.queue.on_hold() {
            0 => Err("no take is on hold".to_owned()),
            _ => Ok(()),
        })
        .anywhere(),
        Command::on(&[Action::ResumeQueue], |_, _, cx| {
            match cx.doubt_that_blocks().cloned() {
                Some(doubt) if cx.takes.queue_state.stopped.is_none() => make::ask_to_accept(cx, doubt),
                _ => cx.run(Effect::ResumeQueue),
            }
        })
        .when(|_, _, state| {
            if state.takes.queue_state.stopped.is_none() && state.doubt_that_blocks().is_none() {
                return Err("the queue is not stopped".to_owned());
            }
            Ok(())
        })
        .anywhere(),
        Command::on(MOVES, |_, action, cx| {
            let by = distance(action, cx.pane_rows());
            cx.step_in_queue(by);
        }),
    ];
}

fn is_unknown(state: TakeState) -> bool {
    state == TakeState::Unknown
}

fn is_waiting(take: &Take) -> Possible {
    let id = take.id;
    match take.state {
        TakeState::Waiting => Ok(()),
        state if state.settled() => Err(format!(
            "take {id} is {state}: only a waiting take can be paused, moved or cancelled"
        )),
        state => Err(format!(
            "take {id} is {state}: the provider cannot cancel it, so it continues and may be billed"
        )),
    }
}

/// Whether a take can be moved in the queue.
fn can_move(take: &Take) -> Possible {
    match take.state {
        TakeState::Waiting => Ok(()),
        state => Err(format!(
            "take {} is {state}: only a waiting take can be moved",
            take.id
        )),
    }
}

/// Cancels what waits of the takes that are acted on; asks first when there are several.
fn cancel(cx: &mut Cx) {
    let Ok(acted) = cx.acted_on() else { return };
    let waiting = acted.waiting();
    let takes = ids(&waiting);
    if let Chosen::Take(id) = acted.chosen {
        return cx.run(Effect::Change(id, Change::Cancel));
    }
    let mut details = Vec::new();
    let sent = acted.those(|member| member.state.in_flight() || member.state == TakeState::Rendered);
    if !sent.is_empty() {
        let number = counted(sent.len() as u64, "take");
        details.push(format!(
            "{number} at the provider cannot be cancelled, and may be billed."
        ));
    }
    let mut question = format!(
        "Cancel {} of {}",
        counted(takes.len() as u64, "waiting take"),
        acted.name()
    );
    if cx.is_live() {
        question += &format!(", about {} that would be spent", estimated(&waiting));
    }
    let chosen = acted.chosen;
    cx.open(Confirm::new(question + "?", details, "cancel them", move |cx| {
        judge::change(cx, chosen, &takes, Change::Cancel, "cancelled");
    }));
}

/// Pauses what waits of the takes that are acted on; when all of it is paused, lets it go on.
fn pause(cx: &mut Cx) {
    let Ok(acted) = cx.acted_on() else { return };
    let going: Vec<Member> = acted
        .waiting()
        .into_iter()
        .filter(|member| !member.is_paused)
        .collect();
    let (takes, pauses) = if going.is_empty() {
        (acted.waiting(), false)
    } else {
        (going, true)
    };
    let what = if pauses { "paused" } else { "to be sent again" };
    judge::change(cx, acted.chosen, &ids(&takes), Change::Pause(pauses), what);
}

fn ask_not_sent(cx: &mut Cx) {
    let Ok(id) = cx.the_take().map(|take| take.id) else {
        return;
    };
    cx.open(Confirm::new(
        format!("Mark take {id} as never sent?"),
        vec!["Do this when you know that it was not received. If the history shows it after all, reconciling brings back its \
              video and its bill.".to_owned()],
        "mark as not sent",
        move |cx| cx.run(Effect::Change(id, Change::NotSent)),
    ));
}

pub fn resumed(cx: &mut Cx, result: Result<(), Problem>) {
    match result {
        Ok(()) => {
            cx.tell(Tone::Good, "The queue was resumed");
            cx.refresh();
        }
        Err(error) => show_problem(cx, "The queue could not be resumed", &error),
    }
}

impl Component for Queue {
    fn context(&self) -> Context {
        Context::Queue
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::ResumeQueue,
            Action::DecideOnHold,
            Action::MarkNotSent,
            Action::Pause,
            Action::Cancel,
            Action::MoveUp,
            Action::MoveDown,
            Action::Open,
            Action::Generate,
        ]
    }

    fn select(&mut self, target: Target, cx: &mut Cx) {
        if let Some(row) = target.row() {
            cx.select_in_queue(row);
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
        if area.height == 1 {
            draw_compact(canvas, area, state)
        } else {
            draw(canvas, area, state)
        }
    }
}

/// Columns of a progress bar.
const BAR: usize = 10;

/// A take in the queue.
struct Row<'a> {
    take: &'a Take,
    /// Bytes of the video that were received, and the total if known.
    arrived: Option<(u64, Option<u64>)>,
    /// It is marked, or stands under its sweep.
    lead: &'static str,
    value: String,
}

/// A row as it is drawn.
enum Shown<'a> {
    Take(Row<'a>),
    Sweep(&'a SweepRow, bool),
}

impl<'a> Shown<'a> {
    fn all(state: &'a State, ctx: &Ctx<'_>) -> Vec<Self> {
        let values = SweepValues::of(state.takes.queue.takes.iter());
        let row = |row: ListRow<'a>| match row {
            ListRow::Sweep { row, is_open } => Self::Sweep(row, is_open),
            ListRow::Take { take, is_inside } => Self::Take(Row {
                take,
                arrived: state.takes.arriving.get(&take.id).copied(),
                lead: if state.takes.marks.contains_key(&take.id) {
                    ctx.glyphs.mark
                } else if is_inside {
                    ctx.glyphs.vertical
                } else {
                    ""
                },
                value: values.of_take(take),
            }),
        };
        state.takes.queue_rows().into_iter().map(row).collect()
    }

    const fn take(&self) -> Option<&Row<'a>> {
        match self {
            Self::Take(row) => Some(row),
            Self::Sweep(..) => None,
        }
    }
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    let ctx = canvas.ctx;
    let rows = Shown::all(state, &ctx);
    let selected = Some(state.takes.queue.at).filter(|_| !rows.is_empty());
    let height = usize::from(area.height.saturating_sub(2));
    let banner = banner(state, usize::from(area.width.saturating_sub(4)), height, &ctx);
    let height = height.saturating_sub(banner.len());
    let start = window(rows.len(), last_wanted(state, height), height);
    let words = PaneBox {
        note: note(state, start, (rows.len(), height), &ctx),
        foot_note: goes_on_in(state, &ctx),
        ..PaneBox::default()
    };
    let (mut drawn, mut inner) = canvas.pane(PaneId::Queue, area, words);
    for text in banner {
        canvas.text(row(inner, 0), Role::Error, text);
        inner.y += inner.height.min(1);
        inner.height = inner.height.saturating_sub(1);
    }
    if rows.is_empty() {
        canvas.text(row(inner, 0), Role::Placeholder, nothing(state));
        return drawn;
    }
    let table = table(&rows, usize::from(inner.width), &ctx);
    let lines = rows.iter().map(|shown| match shown {
        Shown::Take(row) => (RowId::Take(row.take.id), line(&table, row, &ctx)),
        Shown::Sweep(row, is_open) => (
            RowId::Sweep(row.sweep.number),
            sweep_rows::line(row, *is_open, wording::done(state, row, &ctx).as_deref(), &ctx),
        ),
    });
    let list = take_rows::draw(canvas, inner, PaneId::Queue, (start, selected), lines);
    drawn.join(list);
    drawn
}

/// The last row that is shown in any case: the selected one, or of an unfolded sweep the first takes under it.
fn last_wanted(state: &State, height: usize) -> Option<usize> {
    const FIRST_TAKES: usize = 3;
    let at = state.takes.queue.at;
    let rows = state.takes.queue_rows();
    let takes = match rows.get(at)? {
        ListRow::Sweep { is_open: true, .. } => {
            let inside = |row: &&ListRow<'_>| matches!(row, ListRow::Take { is_inside: true, .. });
            rows[at + 1..].iter().take_while(inside).count()
        }
        _ => 0,
    };
    Some(at + takes.min(FIRST_TAKES).min(height.saturating_sub(1)))
}

fn draw_compact(canvas: &mut Canvas<'_>, area: Rect, state: &State) -> Drawn {
    let ctx = canvas.ctx;
    let (queue, mut parts) = (&state.takes.queue, Vec::new());
    let not_sent = state.why_not_sent().map(|why| match why {
        NotSent::Stopped(..) => format!("✗ stopped: {}", why.title()),
        NotSent::Doubt(_) | NotSent::Price(_) => format!("✗ not sent: {}", why.title()),
    });
    parts.extend(not_sent.map(|text| vec![ctx.span(Role::Error, text)]));
    let unknown = queue.count(is_unknown);
    if unknown > 0 {
        parts.push(vec![ctx.span(Role::Unknown, format!("? {unknown} unknown"))]);
    }
    if queue.takes.is_empty() {
        parts.push(vec![ctx.span(Role::Dim, nothing(state))]);
    } else {
        let flying = queue.count(TakeState::in_flight);
        parts.push(vec![ctx.span(Role::Processing, format!("{flying} in flight"))]);
        let waiting = queue.waiting_in_words().into_iter();
        parts.extend(waiting.map(|words| vec![ctx.span(Role::Waiting, words)]));
    }
    compact::draw(canvas, area, PaneId::Queue, parts)
}

fn nothing(state: &State) -> String {
    state.nothing_yet("No take is waiting or in flight")
}

/// `↓3   4 of 4 slots`.
fn note(state: &State, start: usize, (rows, height): (usize, usize), ctx: &Ctx<'_>) -> Line<'static> {
    let queue = &state.takes.queue;
    let below = rows.saturating_sub(start + height);
    let mut words = ctx.glyphs.beyond(start, below);
    if !words.is_empty() {
        words += "  ";
    }
    let in_flight = queue.count(TakeState::in_flight);
    words += &format!("{in_flight} of {} slots", state.facts.in_flight);
    Line::from(ctx.span(Role::Dim, words))
}

/// How long the whole queue waits.
fn goes_on_in(state: &State, ctx: &Ctx<'_>) -> Line<'static> {
    let until = state.takes.queue_state.not_before;
    let until = until.filter(|until| *until > ctx.now);
    until.map_or_else(Line::default, |until| {
        let left = clock(time::between(ctx.now, until));
        Line::from(ctx.span(Role::Warn, format!("{} continues in {left}", ctx.glyphs.warn)))
    })
}

/// Why nothing is sent, on one line, or on more where the takes leave room.
fn banner(state: &State, columns: usize, height: usize, ctx: &Ctx<'_>) -> Vec<String> {
    const MAX_LINES: usize = 4;
    let free = height.saturating_sub(state.takes.queue_rows().len());
    let words = state.why_not_sent().map(|why| match why {
        NotSent::Stopped(kind, message) => stopped_words(kind, message, ctx),
        NotSent::Doubt(_) | NotSent::Price(_) => format!("✗ {}", why.in_words(state)),
    });
    words.map_or_else(Vec::new, |text| {
        wrap(&text, columns, free.clamp(1, MAX_LINES), ctx.glyphs.ellipsis)
    })
}

/// The kind of failure that stopped the queue, what helps, and what the provider said.
fn stopped_words(kind: FailureKind, message: &str, ctx: &Ctx<'_>) -> String {
    let mut words = format!("✗ Queue stopped: {}. {}", kind.title(), kind.advice());
    let said = fit(message, 120, ctx.glyphs.ellipsis);
    if !said.is_empty() {
        words += &format!(" ({said})");
    }
    words
}

/// The columns of the seed and of the state.
const SEED: usize = 3;
const WHAT: usize = 6;

fn table(rows: &[Shown<'_>], room: usize, ctx: &Ctx<'_>) -> Table {
    let takes = || rows.iter().filter_map(Shown::take);
    let widest = |text: &dyn Fn(&Row<'_>) -> String| takes().map(|row| width(&text(row))).max().unwrap_or(0);
    let words = |with_range: bool| widest(&|row| what(row, with_range, ctx));
    let columns = [
        Column::text(widest(&|row| row.lead.to_owned())).hides(),
        Column::text(1).gap(1),
        Column::number(widest(&|row| row.take.id.to_string())).gap(1),
        Column::text(5 + widest(&|row| row.take.seed.number().to_string())).drops(1),
        Column::text(widest(&|row| row.value.clone()))
            .shortens(wording::SHORT_VALUE, 6)
            .hides(),
        Column::text(widest(&|row| wording::size(row.take))).drops(2),
        Column::text(words(true)).shortens(words(false), 4).grows(),
        Column::text(BAR).drops(5),
        Column::number(widest(&committed)).drops(3),
    ];
    Table::of(columns, room)
}

fn line(table: &Table, row: &Row<'_>, ctx: &Ctx<'_>) -> Line<'static> {
    let style = if row.take.paused {
        ctx.style(Role::Dim)
    } else {
        ctx.style(Role::of_state(row.take.state))
    };
    let text = ctx.style(Role::Text);
    let seed_width = table.columns[SEED].width.saturating_sub(5);
    let is_whole = table.is_whole(WHAT);
    let lead = if row.lead == ctx.glyphs.mark {
        Role::Accent
    } else {
        Role::Border
    };
    let cells: [(String, Style); 9] = [
        (row.lead.to_owned(), ctx.style(lead)),
        (ctx.glyphs.state(row.take.state).to_owned(), style),
        (row.take.id.to_string(), text),
        (format!("seed {:>seed_width$}", row.take.seed.number()), text),
        (row.value.clone(), text),
        (wording::size(row.take), ctx.style(Role::Dim)),
        (what(row, is_whole, ctx), style),
        (bar(row, ctx), ctx.style(Role::Gauge)),
        (committed(row), ctx.style(Role::Money)),
    ];
    table.row(&cells, ctx.glyphs.ellipsis)
}

/// The state with the elapsed time, and with the expected time if `with_range`.
fn what(row: &Row<'_>, with_range: bool, ctx: &Ctx<'_>) -> String {
    let take = row.take;
    let word = take.state_in_words();
    let elapsed = take.times.submitted.map(|then| time::between(then, ctx.now));
    match (take.state, elapsed) {
        (TakeState::Unknown, _) => "unknown: checking the history".to_owned(),
        (TakeState::Waiting, _) if take.paused => "paused".to_owned(),
        (TakeState::Waiting, _) => {
            if let Some(kind) = take.on_hold {
                return format!("on hold: {} refused twice", kind.title());
            }
            let why = take
                .error_kind
                .map_or_else(String::new, |kind| format!(" ({})", kind.title()));
            match take.not_before.filter(|until| *until > ctx.now) {
                Some(until) => format!(
                    "{word}, continues in {}{why}",
                    clock(time::between(ctx.now, until))
                ),
                None => format!("{word}{why}"),
            }
        }
        (TakeState::Rendered, _) => match (row.arrived, take.error_kind) {
            (Some((have, Some(all))), None) => {
                format!("downloading {} of {}", wording::bytes(have), wording::bytes(all))
            }
            (Some((have, None)), None) => format!("downloading {}", wording::bytes(have)),
            (_, Some(kind)) => format!("{}, {}", kind.title(), kept(take, ctx)),
            (None, None) => format!("downloading, {}", kept(take, ctx)),
        },
        (_, Some(elapsed)) => format!("{word:<10}  {}", elapsed_of(take, elapsed, with_range, ctx)),
        (_, None) => word.to_owned(),
    }
}

/// `1:12 of 1:35–2:50`, and `late` once it has needed longer than nine in ten.
fn elapsed_of(take: &Take, elapsed: u64, with_range: bool, ctx: &Ctx<'_>) -> String {
    let Some(wait) = &take.wait else {
        return clock(elapsed);
    };
    let late = if elapsed > wait.p90_ms { ", late" } else { "" };
    if with_range {
        let range = range(wait.p50_ms, wait.p90_ms, ctx.glyphs);
        return format!("{} of {range}{late}", clock(elapsed));
    }
    format!("{}{late}", clock(elapsed))
}

/// How long the provider still keeps a video that is not downloaded yet.
fn kept(take: &Take, ctx: &Ctx<'_>) -> String {
    take.video_kept_until().map_or_else(String::new, |until| {
        format!("file kept {}", wording::days(time::between(ctx.now, until)))
    })
}

/// The progress of the download, or of the elapsed time against the late end of the expected time.
fn bar(row: &Row<'_>, ctx: &Ctx<'_>) -> String {
    let take = row.take;
    let part = match (take.state, take.times.submitted, row.arrived) {
        (TakeState::Rendered, _, Some((have, Some(all)))) if all > 0 => (have, all),
        (state, Some(then), _) if state.in_flight() => {
            let wait = take.wait.as_ref().filter(|wait| wait.p90_ms > 0);
            let Some(wait) = wait else { return String::new() };
            (time::between(then, ctx.now), wait.p90_ms)
        }
        _ => return String::new(),
    };
    let full = u128::from(part.0.min(part.1)) * BAR as u128 / u128::from(part.1);
    let full = usize::try_from(full).unwrap_or(BAR);
    ctx.glyphs.bar_full.repeat(full) + &ctx.glyphs.bar_rest.repeat(BAR - full)
}

/// What the take costs or may cost; empty while it waits.
fn committed(row: &Row<'_>) -> String {
    match row.take.state {
        TakeState::Unknown => format!("{}?", wording::may_cost(row.take)),
        state if state.commits_money() => {
            // A column for the question mark, so that the amounts line up.
            format!("{} ", wording::may_cost(row.take))
        }
        _ => String::new(),
    }
}
