//! The queue and the log: their takes as read from the store, and what is unfolded and marked.

use std::collections::{BTreeMap, BTreeSet};

use super::log_list::LogList;
use super::queue_list::QueueList;
use super::rows::ListRow;
use super::rows::RowId;
use crate::model::{Take, TakeId};
use crate::store::{Group, Member, QueueState, Unsettled};

/// The takes as they were read last.
#[derive(Debug, Default)]
pub struct Takes {
    pub queue: QueueList,
    pub log: LogList,
    /// The sweeps that are unfolded.
    pub open: BTreeSet<i64>,
    /// Takes of this session whose sweeps are to be unfolded.
    pub(super) made: Vec<TakeId>,
    /// The marked takes, by number.
    pub marks: BTreeMap<TakeId, Member>,
    /// For takes in the log, the first words that their prompt does not share with the revision before.
    pub words: BTreeMap<TakeId, String>,
    /// Whether the queue is stopped or waits.
    pub queue_state: QueueState,
    /// Takes of all reels that are not settled.
    pub unsettled: Unsettled,
    /// For each video being downloaded, the bytes received and the total if known.
    pub arriving: BTreeMap<TakeId, (u64, Option<u64>)>,
    /// What an overlay has commands act on instead of the selection.
    pub aim: Aim,
    /// The user has selected a take since takes were made, so that the Monitor shows no other one.
    pub(super) is_chosen: bool,
    /// While the selection moves.
    pub(super) moving: Option<Moving>,
    /// Whether the next take without a verdict is being looked for.
    pub seeks: bool,
    /// Whether the store is being read, and has to be read again afterwards.
    pub(super) is_refreshing: bool,
    pub(super) refresh_again: bool,
}

/// The take that commands act on.
#[derive(Debug, Clone, Default)]
pub enum Aim {
    /// What is selected in the pane that has the keys, or marked.
    #[default]
    Selection,
    /// This one, to which the topmost overlay points.
    Take(Box<Take>),
    /// The take to which the topmost overlay points is still being read.
    Reading,
}

/// The Monitor waits for a selection that moves.
#[derive(Debug, Clone, Copy)]
pub struct Moving {
    /// The row that was selected before, which the Monitor still shows.
    pub from: Option<RowId>,
    /// How often it has moved since.
    pub moves: u64,
}

impl Takes {
    /// Whether the selection is on its way to a take that is not loaded yet, as after a new filter: a key for the selected one
    /// would hit another.
    pub fn is_moving(&self) -> bool {
        let selected = self.log.selection().map(|row| row.id());
        let follows = self.log.follow.is_some_and(|wanted| selected != Some(wanted));
        self.seeks || follows || self.log.is_behind() || self.is_unfolding()
    }

    /// Whether the takes of a sweep that was unfolded are still being read: a row that is selected meanwhile is not the one
    /// that the user meant.
    fn is_unfolding(&self) -> bool {
        let is_awaited = |group: &Group| {
            let sweep = group.sweep.as_ref();
            group.takes.is_empty() && sweep.is_some_and(|row| self.open.contains(&row.sweep.number))
        };
        self.is_refreshing && self.log.groups.iter().any(is_awaited)
    }

    pub fn queue_rows(&self) -> Vec<ListRow<'_>> {
        self.queue.rows(&self.open)
    }

    /// The selected row of the queue.
    pub fn queue_row(&self) -> Option<ListRow<'_>> {
        self.queue_rows().get(self.queue.at).copied()
    }
}
