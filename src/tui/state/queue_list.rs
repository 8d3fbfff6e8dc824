//! The queue's takes as they were read last. Neighbours of one sweep are folded under a row of it.

use std::collections::{BTreeMap, BTreeSet};

use super::moves::stepped;
use super::rows::{ListRow, RowId};
use crate::model::{Take, TakeState};
use crate::store::SweepRow;

/// The takes waiting and in flight, all of them.
#[derive(Debug, Clone, Default)]
pub struct QueueList {
    pub takes: Vec<Take>,
    /// The sweeps of these takes.
    pub sweeps: BTreeMap<i64, SweepRow>,
    /// The selected row.
    pub at: usize,
}

impl QueueList {
    /// The rows, with the takes of the sweeps in `open` under their sweep. Takes of one sweep that others stand between
    /// have a row of their sweep each, so that the order is the one in which takes are sent.
    pub fn rows(&self, open: &BTreeSet<i64>) -> Vec<ListRow<'_>> {
        let mut rows = Vec::new();
        for run in self
            .takes
            .chunk_by(|one, next| one.sweep.is_some() && one.sweep == next.sweep)
        {
            let sweep = run.first().and_then(|take| self.sweeps.get(&take.sweep?));
            let sweep = sweep.filter(|_| run.len() > 1);
            let is_open = sweep.is_none_or(|row| open.contains(&row.sweep.number));
            rows.extend(sweep.map(|row| ListRow::Sweep { row, is_open }));
            let is_inside = sweep.is_some();
            let takes = run.iter().filter(|_| is_open);
            rows.extend(takes.map(|take| ListRow::Take { take, is_inside }));
        }
        rows
    }

    /// `3 waiting`, `1 paused`, `2 on hold`: the waiting takes by what keeps them. How many are ready is always told.
    pub fn waiting_in_words(&self) -> Vec<String> {
        let waiting = || self.takes.iter().filter(|take| take.state == TakeState::Waiting);
        let count = |words: &str| waiting().filter(|take| take.state_in_words() == words).count();
        let all = ["waiting", "paused", "on hold"].map(|words| (count(words), words));
        let told = all
            .into_iter()
            .filter(|(count, words)| *count > 0 || *words == "waiting");
        told.map(|(count, words)| format!("{count} {words}")).collect()
    }

    pub fn on_hold(&self) -> usize {
        self.takes.iter().filter(|take| take.on_hold.is_some()).count()
    }

    pub fn count(&self, of: impl Fn(TakeState) -> bool) -> usize {
        self.takes.iter().filter(|take| of(take.state)).count()
    }

    pub fn step(&mut self, by: isize, open: &BTreeSet<i64>) {
        self.at = stepped(self.at, by, self.rows(open).len());
    }

    /// Replaces the takes; the same row stays selected. In an empty list the first take is selected, and so it is in a
    /// sweep that was not unfolded `before`.
    pub(super) fn replace(
        &mut self,
        (takes, sweeps): (Vec<Take>, BTreeMap<i64, SweepRow>),
        before: &BTreeSet<i64>,
        open: &BTreeSet<i64>,
    ) {
        let old = self.rows(before);
        let was_empty = old.is_empty();
        let kept = old
            .get(self.at)
            .map(|row| (row.id(), row.take().and_then(|take| take.sweep)));
        (self.takes, self.sweeps) = (takes, sweeps);
        let rows = self.rows(open);
        let place = |id: RowId| rows.iter().position(|row| row.id() == id);
        let first = rows.iter().take(2).position(|row| row.take().is_some());
        let folded = |sweep: &i64| !open.contains(sweep);
        let same =
            kept.and_then(|(id, sweep)| place(id).or_else(|| place(RowId::Sweep(sweep.filter(folded)?))));
        let unfolded = |at: &usize| {
            let sweep = rows.get(*at).and_then(ListRow::sweep);
            sweep.is_some_and(|row| open.contains(&row.sweep.number) && !before.contains(&row.sweep.number))
        };
        let same = if was_empty {
            first
        } else {
            same.map(|at| at + usize::from(unfolded(&at)))
        };
        self.at = same.unwrap_or(self.at).min(rows.len().saturating_sub(1));
    }

    pub fn select(&mut self, id: RowId, open: &BTreeSet<i64>) {
        let row = self.rows(open).iter().position(|row| row.id() == id);
        self.at = row.unwrap_or(self.at);
    }
}
