//! The log: groups of takes around the selected row, as they were read last.

use std::collections::BTreeSet;

use super::listing::Listing;
use super::rows::{ListRow, RowId};
use crate::model::Take;
use crate::store::{Group, OrderBy, SweepRow};

/// Groups read at once around the selected one; more than fit on any screen.
pub const PAGE: u64 = 200;

/// The part of the log around the selected row. A group is a take, or a sweep with the takes that are unfolded.
#[derive(Debug, Clone, Default)]
pub struct LogList {
    pub listing: Listing,
    /// What the groups were read for.
    read_for: Listing,
    /// How many takes match the filter.
    pub count: u64,
    /// How many groups there are.
    pub group_count: u64,
    /// The place of the first group in `groups`.
    pub offset: u64,
    pub groups: Vec<Group>,
    /// The place of the selected group in the whole log.
    pub at: u64,
    /// The selected row of this group.
    row: usize,
    /// The user has folded or unfolded the selected sweep, so that it stays selected even at the top.
    stays: bool,
    /// The row that was selected before there was a filter, unless another one was selected since.
    unfiltered: Option<RowId>,
    /// The row that stays selected while the filter changes, or is selected once it is read.
    pub(super) follow: Option<RowId>,
    /// How far to step once what is listed has been read: the rows of another listing say nothing of where that leads.
    steps: i64,
}

impl LogList {
    /// Shows these takes, and no sweep.
    pub fn show(&mut self, takes: Vec<Take>) {
        self.groups = takes
            .into_iter()
            .map(|take| Group {
                sweep: None,
                takes: vec![take],
            })
            .collect();
        self.count = self.groups.len() as u64;
        self.group_count = self.count;
    }

    /// The rows that are loaded.
    pub fn rows(&self) -> impl Iterator<Item = ListRow<'_>> {
        self.groups.iter().flat_map(rows)
    }

    /// Where the selected row is among those that are loaded.
    pub fn selected_row(&self) -> Option<usize> {
        let place = self.place()?;
        let group = self.groups.get(place)?;
        let above: usize = self.groups.iter().take(place).map(length).sum();
        Some(above + self.row.min(length(group).saturating_sub(1)))
    }

    /// The selected row, when it is loaded.
    pub fn selection(&self) -> Option<ListRow<'_>> {
        let group = self.groups.get(self.place()?)?;
        rows(group).nth(self.row.min(length(group).saturating_sub(1)))
    }

    /// The selected take.
    pub fn selected(&self) -> Option<&Take> {
        self.selection()?.take()
    }

    /// The sweep whose row is selected.
    pub fn selected_sweep(&self) -> Option<&SweepRow> {
        self.selection()?.sweep()
    }

    fn place(&self) -> Option<usize> {
        usize::try_from(self.at.checked_sub(self.offset)?).ok()
    }

    /// The group and the row in it of a row that is loaded; of a take that is folded away, the row of its sweep.
    fn find(&self, id: RowId) -> Option<(u64, usize)> {
        let mut folded = None;
        for (at, group) in (self.offset..).zip(&self.groups) {
            if let Some(row) = rows(group).position(|row| row.id() == id) {
                return Some((at, row));
            }
            let holds = |row: &SweepRow| row.members.iter().any(|member| RowId::Take(member.id) == id);
            if group.sweep.as_ref().is_some_and(holds) {
                folded = Some((at, 0));
            }
        }
        folded
    }

    /// The row that the page is to be read around. In the order of the numbers a row keeps its place among those that are
    /// loaded; in another order it may go anywhere.
    pub(super) fn wanted_row(&self) -> Option<RowId> {
        let selected = || self.selection().map(|row| row.id());
        match self.listing.order {
            OrderBy::Number => self.follow,
            _ => self.follow.or_else(selected),
        }
    }

    /// Where to start reading so that the selected row has neighbours on both sides.
    pub(super) fn wanted_offset(&self) -> u64 {
        self.at.saturating_sub(PAGE / 2)
    }

    /// Replaces the groups. The same row stays selected; at the top the newest take does, if the log `follows` it.
    pub(super) fn replace(
        &mut self,
        (listing, offset): (&Listing, u64),
        (count, group_count): (u64, u64),
        groups: Vec<Group>,
        open: &BTreeSet<i64>,
        follows: bool,
    ) {
        let is_top = self.at == 0 && self.row == self.groups.first().map_or(0, first_take);
        let is_by_number = listing.order == OrderBy::Number;
        let is_newest = !self.stays && is_top && (follows && is_by_number || self.groups.is_empty());
        let selected = self.selection().filter(|_| !is_newest).map(|row| row.id());
        let wanted = self.follow.take();
        listing.clone_into(&mut self.read_for);
        let follow = wanted.or(selected);
        (self.offset, self.count, self.group_count, self.groups) = (offset, count, group_count, groups);
        match follow.and_then(|id| self.find(id)) {
            Some((at, row)) => (self.at, self.row) = (at, row),
            None if is_newest && offset == 0 => {
                (self.at, self.row) = (0, self.groups.first().map_or(0, first_take));
            }
            None => self.at = self.at.min(group_count.saturating_sub(1)),
        }
        // Its sweep is being unfolded, and the next reading has the take itself.
        let is_unfolded_next = |id: &RowId| match (id, self.selection().map(|row| row.id())) {
            (RowId::Take(_), Some(RowId::Sweep(number))) => open.contains(&number),
            _ => false,
        };
        self.follow = wanted.filter(is_unfolded_next);
        let steps = std::mem::take(&mut self.steps);
        if steps != 0 {
            self.step(steps);
        }
    }

    /// Whether the groups are still those of an earlier filter or order.
    pub fn is_behind(&self) -> bool {
        self.listing != self.read_for
    }

    /// Changes the filter; what matches it is read next. What a filter selects while it is typed is not what the user
    /// selected.
    pub(super) fn filter_by(&mut self, filter: &str) {
        if self.listing.filter.is_empty() {
            self.unfiltered = None;
        }
        let selected = self.wanted();
        let kept = self.unfiltered.or(selected);
        filter.clone_into(&mut self.listing.filter);
        (self.unfiltered, self.follow) = (kept, kept);
        self.go_to_top();
    }

    /// Changes the order; the same row stays selected.
    pub(super) fn order_by(&mut self, order: OrderBy) {
        self.follow = self.wanted();
        self.listing.order = order;
        if self.follow.is_none() {
            self.go_to_top();
        }
    }

    /// The row that the user means: the selected one, or while another listing is read, the one that will be.
    fn wanted(&self) -> Option<RowId> {
        let selected = self.selection().map(|row| row.id());
        if self.is_behind() {
            self.follow.or(selected)
        } else {
            selected.or(self.follow)
        }
    }

    /// Takes what is selected under the filter, if anything is, for what the user selected.
    pub(super) fn accept_selection(&mut self) {
        let selected = self.selection().map(|row| row.id());
        self.unfiltered = selected.or(self.unfiltered);
    }

    /// Selects a row that is loaded.
    pub(super) fn select(&mut self, id: RowId) {
        self.unfiltered = None;
        if let Some(found) = self.find(id) {
            self.stays = false;
            (self.at, self.row) = found;
        }
    }

    /// Selects the row `by` rows further on. Groups that are not loaded count as one row.
    pub(super) fn step(&mut self, by: i64) {
        if self.is_behind() {
            self.steps = self.steps.saturating_add(by);
            return;
        }
        (self.stays, self.follow, self.unfiltered) = (false, None, None);
        let loaded: usize = self.groups.iter().map(length).sum();
        let last = self.group_count.saturating_sub(1);
        let Some(here) = self.selected_row() else {
            (self.at, self.row) = (self.at.saturating_add_signed(by).min(last), 0);
            return;
        };
        let target = i64::try_from(here).unwrap_or_default().saturating_add(by);
        let end = i64::try_from(loaded).unwrap_or(i64::MAX) - 1;
        let mut left = usize::try_from(target.clamp(0, end)).unwrap_or_default();
        for (at, group) in (self.offset..).zip(&self.groups) {
            if left < length(group) {
                (self.at, self.row) = (at, left);
                break;
            }
            left -= length(group);
        }
        // What is beyond the loaded rows is read next.
        let beyond = target.saturating_sub(target.clamp(0, end));
        let at = self.at.saturating_add_signed(beyond).min(last);
        if at != self.at {
            (self.at, self.row) = (at, if beyond > 0 { usize::MAX } else { 0 });
        }
    }

    /// Selects the newest row.
    pub(super) fn go_to_top(&mut self) {
        (self.at, self.row, self.stays) = (0, 0, false);
    }

    /// Keeps the selected sweep selected while its takes are read.
    pub(super) fn stay(&mut self) {
        self.stays = true;
    }

    /// Folds a sweep that is loaded; its row is selected if it or one of its takes was.
    pub(super) fn fold(&mut self, number: i64) {
        self.follow = None;
        let place = self.place();
        for (at, group) in self.groups.iter_mut().enumerate() {
            if group.sweep.as_ref().is_some_and(|row| row.sweep.number == number) {
                group.takes.clear();
                if place == Some(at) {
                    (self.row, self.stays) = (0, true);
                }
            }
        }
    }

    /// Whether the rows around the selected one are loaded.
    pub(super) fn holds_neighbours(&self) -> bool {
        const NEAR: u64 = PAGE / 8;
        let end = self.offset + self.groups.len() as u64;
        let first = self.at.saturating_sub(NEAR);
        let last = (self.at + NEAR).min(self.group_count);
        self.offset <= first && last <= end
    }
}

fn rows(group: &Group) -> impl Iterator<Item = ListRow<'_>> {
    let is_inside = group.sweep.is_some();
    let is_open = !group.takes.is_empty();
    let sweep = group.sweep.iter().map(move |row| ListRow::Sweep { row, is_open });
    sweep.chain(
        group
            .takes
            .iter()
            .map(move |take| ListRow::Take { take, is_inside }),
    )
}

fn length(group: &Group) -> usize {
    usize::from(group.sweep.is_some()) + group.takes.len()
}

/// The row of the newest take, or of the sweep that is folded.
fn first_take(group: &Group) -> usize {
    usize::from(group.sweep.is_some() && !group.takes.is_empty())
}

#[cfg(test)]
#[path = "log_list_tests.rs"]
mod tests;
