//! The pane: its commands, and how it is drawn.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::page::{Shown, first_of_page, rows};
use super::row::Row;
use super::short::in_short;
use super::table::Columns;
use crate::model::sweep_values::SweepValues;
use crate::model::text::counted;
use crate::store::OrderBy;
use crate::tui::canvas::{Canvas, Ctx, Drawn, Target};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::overlays::menu::{Choice, Menu};
use crate::tui::panes::filter_field::FilterField;
use crate::tui::panes::{compact, sweep_rows, take_rows};
use crate::tui::state::{ListRow, MOVES, RowId, State, distance};
use crate::tui::theme::Role;
use crate::tui::widgets::field::{TextField, Typed};
use crate::tui::widgets::frame::PaneBox;
use crate::tui::widgets::text::{fit, row};

/// From this many rows on, the columns have headings.
const MIN_FOR_HEADER: u16 = 6;

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
            log.typing = Some(FilterField::new(&cx.takes.log.listing.filter));
        })
        .anywhere(),
        Command::on(&[Action::Order], |_, _, cx| choose_order(cx)).anywhere(),
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
    // Pages overlap by two rows, and one row has the headings.
    let rows = cx.pane_rows().saturating_sub(2);
    let by = i64::try_from(distance(action, rows)).unwrap_or_default();
    cx.step_in_log(by);
}

/// Which end of an order comes first.
const fn first(order: OrderBy) -> &'static str {
    match order {
        OrderBy::Number => "newest first",
        OrderBy::Cost => "most expensive first",
        OrderBy::Time => "longest first",
        OrderBy::Seed => "lowest first",
        OrderBy::Verdict => "circled first",
    }
}

/// Asks for the order of the log.
fn choose_order(cx: &mut Cx) {
    let choices = OrderBy::ALL.into_iter().map(|order| {
        Choice::new(first(order), move |cx| {
            cx.focus(PaneId::Log);
            cx.order_log(order);
        })
        .lead(order.word())
    });
    let now = cx.takes.log.listing.order;
    let at = OrderBy::ALL.iter().position(|order| *order == now);
    cx.open(Menu::new("Order of the log", choices.collect()).at(at.unwrap_or(0)));
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
            Action::Order,
            Action::Columns,
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
        let mut list = inner;
        if inner.height >= MIN_FOR_HEADER {
            (list.y, list.height) = (list.y + 1, list.height - 1);
        }
        let (rows, selected) = (rows(state, &ctx), log.selected_row());
        let order = log.listing.order;
        let columns = Columns::of(&state.log_columns, order, &rows, usize::from(inner.width), &ctx);
        let first = first_of_page(rows.len(), selected.unwrap_or(0), usize::from(list.height));
        let page = rows.iter().skip(first).take(usize::from(list.height));
        // Rows of sweeps have no columns.
        if list.y > inner.y && page.clone().any(|row| matches!(row, Shown::Take(_))) {
            canvas.line(row(inner, 0), columns.header(order, &ctx));
        }
        let lines = page.map(|shown| match shown {
            Shown::Take(row) => (RowId::Take(row.take.id), columns.line(row, &ctx)),
            Shown::Sweep(row, is_open) => (
                RowId::Sweep(row.sweep.number),
                sweep_rows::line(row, *is_open, None, &ctx),
            ),
        });
        drawn.join(take_rows::draw(
            canvas,
            list,
            PaneId::Log,
            (0, selected.map(|at| at - first)),
            lines,
        ));
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
        let listing = &log.listing;
        if !self.is_typing() && !listing.filter.is_empty() {
            let text = fit(&listing.filter, 30, ctx.glyphs.ellipsis);
            spans.push(ctx.span(Role::Match, format!("   /{text}")));
        }
        if listing.order != OrderBy::Number {
            spans.push(ctx.span(Role::Match, format!("   by {}", listing.order)));
        }
        spans
    }
}

fn nothing(state: &State) -> String {
    if state.takes.log.listing.filter.is_empty() {
        state.nothing_yet("No take yet")
    } else {
        "No take matches the filter".to_owned()
    }
}
