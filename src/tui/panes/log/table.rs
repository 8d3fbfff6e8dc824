//! The columns of the log. Those that tell takes apart are always shown; of the others, those that matter least are dropped
//! first where there is too little room.

use ratatui::style::Style;
use ratatui::text::Line;

use super::page::Shown;
use super::row::Row;
use crate::config::LogColumn;
use crate::store::OrderBy;
use crate::tui::canvas::Ctx;
use crate::tui::panes::wording;
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{Column, Table};
use crate::tui::widgets::text::width;

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lead,
    Number,
    Seed,
    Size,
    State,
    Verdict,
    /// Until when drafts can be finished; only where one can.
    Finish,
    /// A column that the user can choose.
    Chosen(LogColumn),
    /// Why the take failed. It stands where a failed take has no time and no cost, and needs little width of its own.
    Failure,
}

use Kind::{Chosen, Failure, Finish, Lead, Number, Seed, Size, State, Verdict};

/// The columns that are always shown.
const ALWAYS: [Kind; 7] = [Lead, Number, Seed, Size, State, Verdict, Finish];

/// The widest words that differ and the widest note where there is not room for everything, and where there is little room.
const MAX_WORDS: usize = 32;
const FEW_WORDS: usize = 12;
/// The widest name of a file where there is not room for everything.
const FILE: usize = 24;
/// Enough of its beginning to be of use.
const SHORT_FILE: usize = 12;
/// The width of most states, so that the columns stay where they are while takes go on.
const MAX_STATE: usize = 10;
/// What is free for the reason of a failure, at least.
const REASON: usize = 18;
/// What a state is cut to, and at last: enough to tell every one from the others.
const SHORT_STATE: usize = 6;
const SHORTEST_STATE: usize = 4;
/// When the gaps become narrow, in the order in which columns are dropped.
const GAPS: u8 = 11;

/// The columns as they fit.
pub struct Columns {
    kinds: Vec<Kind>,
    table: Table,
}

impl Columns {
    /// The columns of these rows in `room`. The one that the log is ordered by is not dropped.
    pub fn of(chosen: &[LogColumn], order: OrderBy, rows: &[Shown<'_>], room: usize, ctx: &Ctx<'_>) -> Self {
        let is_outcome = |column: &LogColumn| matches!(column, LogColumn::Cost | LogColumn::Time);
        let before = chosen.iter().position(is_outcome).unwrap_or(chosen.len());
        let (before, behind) = chosen.split_at(before);
        let chosen = |part: &[LogColumn]| part.iter().map(|column| Chosen(*column)).collect::<Vec<_>>();
        let kinds = [&ALWAYS[..], &chosen(before), &[Failure], &chosen(behind)].concat();
        let takes: Vec<&Row<'_>> = rows.iter().filter_map(Shown::take).collect();
        let column = |kind: &Kind| {
            let column = kind.column(&takes, ctx);
            if kind.orders() == Some(order) {
                column.stays()
            } else {
                column
            }
        };
        let mut columns: Vec<Column> = kinds.iter().map(column).collect();
        // What time and cost leave free is enough where they are shown.
        let is_free = |kind: &Kind| matches!(kind, Chosen(LogColumn::Cost | LogColumn::Time));
        let free = kinds.iter().zip(&columns).filter(|(kind, _)| is_free(kind));
        let free: usize = free.map(|(_, column)| column.width).sum();
        for (column, _) in columns
            .iter_mut()
            .zip(&kinds)
            .filter(|(_, kind)| **kind == Failure)
        {
            column.width = column.width.min(REASON).saturating_sub(free);
        }
        let table = Table::tightened(columns, room, GAPS);
        Self { kinds, table }
    }

    /// The names of the columns; the one that the log is ordered by stands out.
    pub fn header(&self, order: OrderBy, ctx: &Ctx<'_>) -> Line<'static> {
        let cells: Vec<(String, Style)> = self
            .kinds
            .iter()
            .map(|kind| {
                let role = if kind.orders() == Some(order) {
                    Role::Accent
                } else {
                    Role::Dim
                };
                (kind.heading().to_owned(), ctx.style(role))
            })
            .collect();
        self.table.row(&cells, ctx.glyphs.ellipsis)
    }

    pub fn line(&self, row: &Row<'_>, ctx: &Ctx<'_>) -> Line<'static> {
        let cell = |(at, kind): (usize, &Kind)| {
            let is_whole = self.table.is_whole(at);
            (kind.text(row, is_whole, ctx), ctx.style(kind.role(row, ctx)))
        };
        let cells: Vec<(String, Style)> = self.kinds.iter().enumerate().map(cell).collect();
        self.table.row(&cells, ctx.glyphs.ellipsis)
    }
}

impl Kind {
    const fn heading(self) -> &'static str {
        match self {
            Lead | Verdict | Failure => "",
            Number => "no",
            Seed => "seed",
            Size => "size",
            State => "state",
            Finish => "finish",
            Chosen(LogColumn::Revision) => "rev",
            Chosen(column) => column.word(),
        }
    }

    const fn orders(self) -> Option<OrderBy> {
        match self {
            Number => Some(OrderBy::Number),
            Seed => Some(OrderBy::Seed),
            Verdict => Some(OrderBy::Verdict),
            Chosen(LogColumn::Cost) => Some(OrderBy::Cost),
            Chosen(LogColumn::Time) => Some(OrderBy::Time),
            _ => None,
        }
    }

    /// Without `is_whole`, without the difference from what was expected.
    fn text(self, row: &Row<'_>, is_whole: bool, ctx: &Ctx<'_>) -> String {
        match self {
            Lead => row.lead.to_owned(),
            Number => row.take.id.to_string(),
            Seed => row.seed(),
            Size => wording::size(row.take),
            State => row.take.state_in_words().to_owned(),
            Verdict => ctx.glyphs.verdict(row.take.verdict).to_owned(),
            Finish => row.finish.clone(),
            Failure => row.failure.clone().unwrap_or_default(),
            Chosen(LogColumn::Value) => row.value.clone(),
            Chosen(LogColumn::Cost) => row.cost(is_whole, ctx),
            Chosen(LogColumn::Time) => row.took(is_whole, ctx),
            Chosen(LogColumn::Note) => row.remarks.clone(),
            Chosen(LogColumn::Revision) => row.revision(),
            Chosen(LogColumn::Words) => row.words.clone(),
            Chosen(LogColumn::Sweep) => row.sweep.map_or_else(String::new, |number| number.to_string()),
            Chosen(LogColumn::Model) => row.take.model.slug().to_owned(),
            Chosen(LogColumn::Sent) => row.at(ctx),
            Chosen(LogColumn::File) => row.file(ctx),
        }
    }

    fn role(self, row: &Row<'_>, ctx: &Ctx<'_>) -> Role {
        match self {
            Lead if row.lead == ctx.glyphs.mark => Role::Accent,
            Lead => Role::Border,
            State => row.state_role(),
            Verdict => row.verdict_role(),
            Chosen(LogColumn::Cost) => Role::Money,
            Size
            | Failure
            | Chosen(
                LogColumn::Revision
                | LogColumn::Words
                | LogColumn::Sweep
                | LogColumn::Model
                | LogColumn::Sent
                | LogColumn::File,
            ) => Role::Dim,
            _ => Role::Text,
        }
    }

    /// How wide it is for these rows, and what it gives up in which order.
    fn column(self, rows: &[&Row<'_>], ctx: &Ctx<'_>) -> Column {
        let widest = |is_whole: bool| {
            let widths = rows.iter().map(|row| width(&self.text(row, is_whole, ctx)));
            match widths.max().unwrap_or(0) {
                0 => 0,
                widest => widest.max(self.heading().len()),
            }
        };
        let whole = widest(true);
        match self {
            Lead => Column::text(whole).hides(),
            Number => Column::number(whole).gap(1),
            Seed | Size => Column::text(whole),
            State => Column::text(whole.max(MAX_STATE))
                .shortens(whole, 16)
                .cuts(SHORT_STATE, 7)
                .cuts(SHORTEST_STATE, 1),
            Verdict => Column::text(1).gap(1),
            Finish => Column::text(whole).hides(),
            Failure if whole == 0 => Column::text(0).hides(),
            Failure => Column::text(whole).drops(2),
            Chosen(column) => {
                let base = Column::text(whole).hides();
                match column {
                    LogColumn::Value => base.cuts(wording::SHORT_VALUE, 9).drops(4),
                    LogColumn::Cost => base.shortens(widest(false), 17).drops(5),
                    LogColumn::Time => base.shortens(widest(false), 18).drops(6),
                    LogColumn::Note => base.cuts(MAX_WORDS, 22).cuts(FEW_WORDS, 12).drops(8),
                    LogColumn::Words => base.cuts(MAX_WORDS, 22).cuts(FEW_WORDS, 13).drops(10),
                    LogColumn::Revision => base.drops(14),
                    LogColumn::Sweep => Column::number(whole).hides().drops(15),
                    LogColumn::Model => base.drops(16),
                    LogColumn::Sent => base.drops(19),
                    LogColumn::File => base.cuts(FILE, 22).cuts(SHORT_FILE, 21).drops(20),
                }
            }
        }
    }
}
