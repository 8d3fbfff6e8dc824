//! Unfolds and folds sweeps, and marks takes.

use super::State;
use super::acted_on::member;
use super::rows::{ListRow, RowId};
use crate::model::TakeId;

impl State {
    /// The sweep that the selection can fold: the one whose row is selected, or that of the selected take.
    pub fn foldable(&self) -> Option<i64> {
        match self.selection()? {
            ListRow::Sweep { row, is_open } => is_open.then_some(row.sweep.number),
            ListRow::Take { take, is_inside } => take.sweep.filter(|_| is_inside),
        }
    }

    /// The sweep that the selection can unfold.
    pub fn unfoldable(&self) -> Option<i64> {
        match self.selection()? {
            ListRow::Sweep { row, is_open: false } => Some(row.sweep.number),
            _ => None,
        }
    }

    /// Shows the takes of a sweep under its row.
    pub fn unfold(&mut self, number: i64) {
        let takes = &mut self.takes;
        let selected = takes.queue_row().map(|row| row.id());
        takes.open.insert(number);
        if let Some(id) = selected {
            takes.queue.select(id, &takes.open);
        }
        if takes
            .log
            .selected_sweep()
            .is_some_and(|row| row.sweep.number == number)
        {
            takes.log.stay();
        }
        self.refresh();
    }

    /// Hides the takes of a sweep; where one of them was selected, the sweep is then.
    pub fn fold(&mut self, number: i64) {
        let takes = &mut self.takes;
        let selected = takes.queue_row().map(|row| match row {
            ListRow::Take {
                take,
                is_inside: true,
            } if take.sweep == Some(number) => RowId::Sweep(number),
            row => row.id(),
        });
        takes.open.remove(&number);
        if let Some(id) = selected {
            takes.queue.select(id, &takes.open);
        }
        takes.log.fold(number);
        self.refresh();
    }

    /// Takes were made in this session: their sweep is unfolded, so that they are seen.
    pub fn unfold_made(&mut self, ids: &[TakeId]) {
        self.takes.made.extend(ids.last());
        self.takes.is_chosen = false;
    }

    /// Selects a take in the log, and unfolds its sweep.
    pub fn show_in_log(&mut self, id: TakeId, sweep: Option<i64>) {
        self.takes.open.extend(sweep);
        self.takes.is_chosen = true;
        self.takes.log.select(RowId::Take(id));
        self.takes.log.follow = Some(RowId::Take(id));
        self.refresh();
    }

    /// Marks the selected take, or all takes of the selected sweep; removes the marks when all have one.
    pub fn mark(&mut self) -> Result<(), String> {
        let chosen = match self.selected_sweep() {
            Some(row) => row
                .members
                .iter()
                .filter(|member| !member.is_repeated)
                .copied()
                .collect(),
            None => vec![member(self.the_take()?)],
        };
        let marks = &mut self.takes.marks;
        if chosen.iter().all(|member| marks.contains_key(&member.id)) {
            for member in &chosen {
                marks.remove(&member.id);
            }
        } else {
            marks.extend(chosen.into_iter().map(|member| (member.id, member)));
        }
        Ok(())
    }
}
