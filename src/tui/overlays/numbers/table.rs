//! The groups as rows of columns.

use ratatui::text::Line;

use crate::model::Backend;
use crate::service::numbers::{self, DROPS, HEADINGS};
use crate::store::{By, Section, Sums};
use crate::tui::canvas::Ctx;
use crate::tui::theme::Role;
use crate::tui::widgets::columns::{Column, Table};
use crate::tui::widgets::text::width;

/// The columns: the name of the group, and one for each of [`HEADINGS`].
const COLUMNS: usize = HEADINGS.len() + 1;

/// A row before its columns have widths.
enum Row {
    /// What the rows below are about.
    Title(&'static str),
    Cells(Role, [String; COLUMNS]),
    Blank,
}

/// The headings, and the rows below them.
pub struct Lines {
    pub headings: Line<'static>,
    pub rows: Vec<Line<'static>>,
}

/// The groups of all sections in `room` columns. The sections have titles when there are several.
pub fn lines(sections: &[&Section], by: By, room: usize, ctx: &Ctx<'_>) -> Lines {
    let mut rows = Vec::new();
    for section in sections {
        if sections.len() > 1 {
            if !rows.is_empty() {
                rows.push(Row::Blank);
            }
            rows.push(Row::Title(match section.backend {
                Backend::Live => "live",
                Backend::Sandbox => "sandbox",
            }));
        }
        let cells = |role, name: String, sums: &Sums| {
            let mut cells = std::iter::once(name).chain(numbers::row(section.backend, sums));
            Row::Cells(role, std::array::from_fn(|_| cells.next().unwrap_or_default()))
        };
        let groups = &section.groups;
        rows.extend(
            groups
                .groups
                .iter()
                .map(|group| cells(Role::Text, numbers::name(&group.key), &group.sums)),
        );
        if groups.others > 0 {
            rows.push(cells(
                Role::Dim,
                numbers::others(groups.others),
                &groups.of_others,
            ));
        }
    }
    let mut headings = std::iter::once(by.word()).chain(HEADINGS).map(str::to_owned);
    let headings: [String; COLUMNS] = std::array::from_fn(|_| headings.next().unwrap_or_default());
    let table = table(&headings, &rows, room);
    let line = |role: Role, cells: &[String; COLUMNS]| {
        let style = ctx.style(role);
        let cells: Vec<_> = cells.iter().map(|cell| (ctx.glyphs.spell(cell), style)).collect();
        table.row(&cells, ctx.glyphs.ellipsis)
    };
    Lines {
        headings: line(Role::Label, &headings),
        rows: rows
            .iter()
            .map(|row| match row {
                Row::Blank => Line::default(),
                Row::Title(title) => Line::from(ctx.span(Role::Heading, *title)),
                Row::Cells(role, cells) => line(*role, cells),
            })
            .collect(),
    }
}

/// Columns as wide as their widest cell. A column without a value in any row is left out.
fn table(headings: &[String; COLUMNS], rows: &[Row], room: usize) -> Table {
    let cells = || {
        rows.iter().filter_map(|row| match row {
            Row::Cells(_, cells) => Some(cells),
            Row::Title(_) | Row::Blank => None,
        })
    };
    let widest = |at: usize| {
        let is_used = at < COLUMNS - 2 || cells().any(|cells| cells[at] != "-");
        let widest = cells().map(|cells| width(&cells[at])).max().unwrap_or(0);
        if is_used {
            widest.max(width(&headings[at]))
        } else {
            0
        }
    };
    let columns: [Column; COLUMNS] = std::array::from_fn(|at| match at.checked_sub(1) {
        None => Column::text(widest(at)),
        Some(number) => Column::number(widest(at)).drops(DROPS[number]).hides(),
    });
    Table::of(columns, room)
}
