//! The queue and the log: their takes as read from the store, and what is selected.

use std::collections::BTreeMap;

use super::moves::stepped;
use crate::model::{Take, TakeId, TakeState};
use crate::store::{QueueState, Unsettled};

/// Takes read at once around the selected one; more than fit on any screen.
pub const PAGE: u64 = 200;

/// The takes as they were read last.
#[derive(Debug, Default)]
pub struct Takes {
    pub queue: QueueList,
    pub log: LogList,
    /// Whether the queue is stopped or waits.
    pub queue_state: QueueState,
    /// Takes of all reels that are not settled.
    pub unsettled: Unsettled,
    /// For each video being downloaded, the bytes received and the total if known.
    pub arriving: BTreeMap<TakeId, (u64, Option<u64>)>,
    /// Whether the store is being read, and has to be read again afterwards.
    pub(super) is_refreshing: bool,
    pub(super) refresh_again: bool,
}

/// The takes waiting and in flight, all of them.
#[derive(Debug, Clone, Default)]
pub struct QueueList {
    pub takes: Vec<Take>,
    /// The row of the selected take.
    pub at: usize,
}

impl QueueList {
    pub fn selected(&self) -> Option<&Take> {
        self.takes.get(self.at)
    }

    pub fn on_hold(&self) -> usize {
        self.takes.iter().filter(|take| take.on_hold.is_some()).count()
    }

    pub fn count(&self, of: impl Fn(TakeState) -> bool) -> usize {
        self.takes.iter().filter(|take| of(take.state)).count()
    }

    pub fn step(&mut self, by: isize) {
        self.at = stepped(self.at, by, self.takes.len());
    }

    /// Replaces the rows; the same take stays selected.
    pub(super) fn replace(&mut self, takes: Vec<Take>) {
        let kept = self.selected().map(|take| take.id);
        self.takes = takes;
        let same = kept.and_then(|id| self.takes.iter().position(|take| take.id == id));
        self.at = same.unwrap_or(self.at).min(self.takes.len().saturating_sub(1));
    }
}

/// The part of the log around the selected row.
#[derive(Debug, Clone, Default)]
pub struct LogList {
    /// As typed.
    pub filter: String,
    pub filter_error: Option<String>,
    /// How many takes match the filter.
    pub count: u64,
    /// The row of the first take in `takes`.
    pub offset: u64,
    pub takes: Vec<Take>,
    /// The row of the selected take in the whole log.
    pub at: u64,
    /// The take that stays selected while the filter changes, if it matches.
    pub(super) follow: Option<TakeId>,
}

impl LogList {
    /// The selected take, when it is loaded.
    pub fn selected(&self) -> Option<&Take> {
        let row = self.at.checked_sub(self.offset)?;
        self.takes.get(usize::try_from(row).ok()?)
    }

    /// The row of a take that is loaded.
    pub fn row_of(&self, id: TakeId) -> Option<u64> {
        let row = self.takes.iter().position(|take| take.id == id)?;
        Some(self.offset + row as u64)
    }

    /// Where to start reading so that the selected row has neighbours on both sides.
    pub(super) fn wanted_offset(&self) -> u64 {
        self.at.saturating_sub(PAGE / 2)
    }

    /// Replaces the rows. At the top, the newest take stays selected; further down, the same take does.
    pub(super) fn replace(&mut self, offset: u64, count: u64, takes: Vec<Take>) {
        let selected = (self.at > 0)
            .then(|| self.selected().map(|take| take.id))
            .flatten();
        let follow = self.follow.take().or(selected);
        (self.offset, self.count, self.takes) = (offset, count, takes);
        let row = follow.and_then(|id| self.row_of(id));
        self.select(row.unwrap_or(self.at));
    }

    pub(super) fn select(&mut self, at: u64) {
        self.at = at.min(self.count.saturating_sub(1));
    }

    /// Whether the rows around the selected one are loaded.
    pub(super) fn holds_neighbours(&self) -> bool {
        const NEAR: u64 = PAGE / 8;
        let end = self.offset + self.takes.len() as u64;
        let first = self.at.saturating_sub(NEAR);
        let last = (self.at + NEAR).min(self.count);
        self.offset <= first && last <= end
    }
}
