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
    /// One that can be chosen.
    Chosen(LogColumn),
}

use Kind::{Chosen, Lead, Number, Seed, Size, State, Verdict};

/// The columns that are always shown.
const ALWAYS: [Kind; 6] = [Lead, Number, Seed, Size, State, Verdict];

/// The widest words that differ and the widest note where there is not room for everything, and where there is little room.
const MAX_WORDS: usize = 32;
const FEW_WORDS: usize = 12;
/// What a state is shortened to at last: enough to tell every one from the others.
const SHORT_STATE: usize = 6;
/// The gaps become narrower before what matters more than this is dropped.
const WIDE_GAPS: u8 = 11;

/// The columns as they fit.
pub struct Columns {
    kinds: Vec<Kind>,
    table: Table,
}

impl Columns {
    /// The columns of these rows in `room`.
    pub fn of(chosen: &[LogColumn], rows: &[Shown<'_>], room: usize, ctx: &Ctx<'_>) -> Self {
        let kinds: Vec<Kind> = ALWAYS
            .into_iter()
            .chain(chosen.iter().map(|column| Chosen(*column)))
            .collect();
        let columns: Vec<Column> = kinds.iter().map(|kind| kind.column(rows, ctx)).collect();
        let table = Table::tightened(columns, room, WIDE_GAPS);
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
        let mut cells: Vec<(String, Style)> = self.kinds.iter().enumerate().map(cell).collect();
        if let Some(failure) = &row.failure {
            // In the place of what a failed take does not have.
            let is_free = |at: &usize| self.table.is_shown(*at) && cells[*at].0.is_empty();
            if let Some(at) = (ALWAYS.len()..cells.len()).find(is_free) {
                cells[at] = (failure.clone(), ctx.style(Role::Dim));
            }
        }
        self.table.row(&cells, ctx.glyphs.ellipsis)
    }
}

impl Kind {
    const fn heading(self) -> &'static str {
        match self {
            Lead | Verdict => "",
            Number => "no",
            Seed => "seed",
            Size => "size",
            State => "state",
            Chosen(column) => column.heading(),
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
            Chosen(LogColumn::Value) => row.value.clone(),
            Chosen(LogColumn::Cost) => row.cost(is_whole, ctx),
            Chosen(LogColumn::Time) => row.took(is_whole, ctx),
            Chosen(LogColumn::Note) => row.remarks.clone(),
            Chosen(LogColumn::Revision) => row.revision(),
            Chosen(LogColumn::Words) => row.words.clone(),
            Chosen(LogColumn::Sweep) => row.sweep(),
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
    fn column(self, rows: &[Shown<'_>], ctx: &Ctx<'_>) -> Column {
        let widest = |is_whole: bool| {
            let takes = rows.iter().filter_map(Shown::take);
            let widths = takes.map(|row| width(&self.text(row, is_whole, ctx)));
            match widths.max().unwrap_or(0) {
                0 => 0,
                widest => widest.max(self.heading().len()),
            }
        };
        let (whole, short) = (widest(true), widest(false));
        match self {
            Lead => Column::text(whole).hides(),
            Number => Column::number(whole).gap(1),
            Seed | Size => Column::text(whole),
            State => Column::text(whole.max(10))
                .shortens(whole, 16)
                .cuts(SHORT_STATE, 7),
            Verdict => Column::text(1).gap(1),
            Chosen(column) => {
                let base = Column::text(whole).hides();
                match column {
                    LogColumn::Value => base.cuts(wording::SHORT_VALUE, 9).drops(4),
                    LogColumn::Cost => base.shortens(short, 17).drops(5),
                    LogColumn::Time => base.shortens(short, 18).drops(6),
                    LogColumn::Note => base.cuts(MAX_WORDS, 22).cuts(FEW_WORDS, 12).drops(8),
                    LogColumn::Words => base.cuts(MAX_WORDS, 22).cuts(FEW_WORDS, 13).drops(10),
                    LogColumn::Revision => base.drops(14),
                    LogColumn::Sweep => Column::number(whole).hides().drops(15),
                    LogColumn::Model => base.drops(16),
                    LogColumn::Sent => base.drops(19),
                    LogColumn::File => base.cuts(FILE, 21).drops(20),
                }
            }
        }
    }
}

/// The widest name of a file where there is not room for everything.
const FILE: usize = 24;
