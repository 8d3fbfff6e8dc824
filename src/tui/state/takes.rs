//! The queue and the log: their takes as read from the store, and what is selected.

use std::collections::BTreeMap;

use super::{State, Tone, stepped};
use crate::model::{Seed, Take, TakeId, TakeState};
use crate::service::Problem;
use crate::store::{QueueState, Unsettled};
use crate::tui::effect::{Effect, Snapshot, StoreView};

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
    refresh: Refresh,
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
    fn replace(&mut self, takes: Vec<Take>) {
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
    follow: Option<TakeId>,
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
    fn wanted_offset(&self) -> u64 {
        self.at.saturating_sub(PAGE / 2)
    }

    /// Whether the rows around the selected one are loaded.
    fn holds_neighbours(&self) -> bool {
        const NEAR: u64 = PAGE / 8;
        let end = self.offset + self.takes.len() as u64;
        let first = self.at.saturating_sub(NEAR);
        let last = (self.at + NEAR).min(self.count);
        self.offset <= first && last <= end
    }
}

/// Whether the store is being read, and has to be read again afterwards.
#[derive(Debug, Clone, Copy, Default)]
struct Refresh {
    is_running: bool,
    again: bool,
}

impl State {
    /// Reads what is on screen again; requests that come meanwhile are served by one more reading.
    pub fn refresh(&mut self) {
        if self.takes.refresh.is_running {
            self.takes.refresh.again = true;
            return;
        }
        self.takes.refresh.is_running = true;
        let view = StoreView {
            filter: self.takes.log.filter.clone(),
            offset: self.takes.log.wanted_offset(),
            follow: self.takes.log.follow,
            limit: PAGE,
            midnight: self.midnight(),
            like: self.form.current.request(Seed::default()),
            saves: self.form.saves(),
            queued: self.takes.queue.takes.iter().map(|take| take.id).collect(),
            all_saved: self.form.is_saved(),
        };
        self.run(Effect::Refresh(Box::new(view)));
    }

    /// Moves the log's selection and reads the rows around it when they are not loaded.
    pub fn select_in_log(&mut self, at: u64) {
        let log = &mut self.takes.log;
        log.at = at.min(log.count.saturating_sub(1));
        if !log.holds_neighbours() {
            self.refresh();
        }
    }

    /// Filters the log. The selected take stays selected if it matches, else the first one that does is.
    pub fn set_filter(&mut self, filter: &str) {
        if self.takes.log.filter == filter {
            return;
        }
        let log = &mut self.takes.log;
        filter.clone_into(&mut log.filter);
        log.follow = log.selected().map(|take| take.id).or(log.follow);
        log.at = 0;
        self.refresh();
    }

    /// Applies what was read from the store.
    pub fn take_snapshot(&mut self, result: Result<Box<Snapshot>, Problem>) -> Result<(), Problem> {
        self.takes.refresh.is_running = false;
        let read = match result {
            Ok(mut snapshot) if snapshot.view.filter == self.takes.log.filter => {
                let on_hold_before = self.takes.queue.on_hold();
                let elsewhere = snapshot.form.take();
                let is_comparable = snapshot.view.all_saved && snapshot.view.saves == self.form.saves();
                let ended = std::mem::take(&mut snapshot.ended);
                self.apply(*snapshot);
                self.tell_of_ended(&ended);
                if let Some(form) = elsewhere {
                    self.form_in_store(form, is_comparable);
                }
                self.tell_of_hold(on_hold_before);
                Ok(())
            }
            Ok(_) => {
                self.takes.refresh.again = true;
                Ok(())
            }
            Err(error) => Err(error),
        };
        if std::mem::take(&mut self.takes.refresh.again) {
            self.refresh();
        }
        self.quit_if_done();
        read
    }

    fn apply(&mut self, snapshot: Snapshot) {
        let Takes {
            queue, log, arriving, ..
        } = &mut self.takes;
        queue.replace(snapshot.queue);
        arriving.retain(|id, _| queue.takes.iter().any(|take| take.id == *id));
        // At the top, the newest take stays selected; further down, the same take does.
        let selected = (log.at > 0).then(|| log.selected().map(|take| take.id)).flatten();
        let follow = log.follow.take().or(selected);
        log.filter_error = snapshot.filter_error;
        log.count = snapshot.count;
        log.offset = snapshot.view.offset;
        log.takes = snapshot.takes;
        let row = follow.and_then(|id| log.row_of(id)).unwrap_or(log.at);
        log.at = row.min(log.count.saturating_sub(1));
        if !log.holds_neighbours() && log.wanted_offset() != log.offset {
            self.takes.refresh.again = true;
        }
        self.takes.queue_state = snapshot.queue_state;
        self.takes.unsettled = snapshot.unsettled;
        self.money = snapshot.money;
        self.form.revision = snapshot.revision;
        self.form.revised = snapshot.revised;
    }

    /// A take was changed in the store, or could not be.
    pub fn take_changed(&mut self, result: Result<Box<Take>, Problem>) {
        if let Err(error) = result {
            self.tell(Tone::Error, error.to_string());
        }
        self.refresh();
    }
}
