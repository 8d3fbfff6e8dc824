//! The rows of the log, and which of them are on the screen.

use super::row::Row;
use crate::model::sweep_values::SweepValues;
use crate::store::SweepRow;
use crate::tui::canvas::Ctx;
use crate::tui::state::{ListRow, State};

/// A row as it is drawn.
pub enum Shown<'a> {
    Take(Row<'a>),
    Sweep(&'a SweepRow, bool),
}

impl<'a> Shown<'a> {
    pub fn take(&self) -> Option<&Row<'a>> {
        match self {
            Self::Take(row) => Some(row),
            Self::Sweep(..) => None,
        }
    }
}

/// The rows that are loaded: more than are on the screen, so that the columns stay where they are from page to page.
pub fn rows<'a>(state: &'a State, ctx: &Ctx<'_>) -> Vec<Shown<'a>> {
    let log = &state.takes.log;
    let values = SweepValues::of(log.rows().filter_map(|row| row.take()));
    let rows = log.rows().map(|row| match row {
        ListRow::Take { take, is_inside } => {
            Shown::Take(Row::of(take, is_inside, &values, state, ctx.glyphs))
        }
        ListRow::Sweep { row, is_open } => Shown::Sweep(row, is_open),
    });
    rows.collect()
}

/// The first row of the page that shows the selected row. Pages overlap by two rows, so that there are neighbours on both
/// sides; between them nothing scrolls, because on a slow connection a row that stays costs nothing.
pub fn first_of_page(length: usize, selected: usize, height: usize) -> usize {
    if height < 2 {
        return selected;
    }
    let step = (height - 2).max(1);
    let page = selected.saturating_sub(1) / step;
    (page * step).min(length.saturating_sub(height))
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
