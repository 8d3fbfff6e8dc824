//! The queue and the log: what is selected, and which page of the store is held.

use std::collections::BTreeMap;

use super::{Money, State, Tone};
use crate::model::{Take, TakeId, TakeState};
use crate::service::Problem;
use crate::store::{QueueState, Unsettled};
use crate::tui::effect::{Effect, Snapshot, View};

/// Takes read at once around the selected one; more than any screen is high.
pub const PAGE: u64 = 200;

/// The takes as they were read last.
#[derive(Debug, Default)]
pub struct Takes {
    pub queue: QueueList,
    pub log: LogList,
    /// Whether the queue goes on.
    pub line: QueueState,
    /// Takes of all reels that are not done.
    pub unsettled: Unsettled,
    /// Bytes of videos that are being downloaded, and of how many.
    pub arriving: BTreeMap<TakeId, (u64, Option<u64>)>,
    refresh: Refresh,
}

/// The takes waiting and in flight, all of them.
#[derive(Debug, Clone, Default)]
pub struct QueueList {
    pub takes: Vec<Take>,
    /// Row of the selected take.
    pub at: usize,
}

impl QueueList {
    pub fn selected(&self) -> Option<&Take> {
        self.takes.get(self.at)
    }

    /// Takes that are on hold.
    pub fn on_hold(&self) -> usize {
        self.takes.iter().filter(|take| take.held.is_some()).count()
    }

    pub fn count(&self, of: impl Fn(TakeState) -> bool) -> usize {
        self.takes.iter().filter(|take| of(take.state)).count()
    }

    pub fn step(&mut self, by: isize) {
        let last = self.takes.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
    }

    /// Puts new rows in, the same take staying selected.
    fn replace(&mut self, takes: Vec<Take>) {
        let kept = self.selected().map(|take| take.id);
        self.takes = takes;
        let same = kept.and_then(|id| self.takes.iter().position(|take| take.id == id));
        self.at = same.unwrap_or(self.at).min(self.takes.len().saturating_sub(1));
    }
}

/// The window of the log around the selected row.
#[derive(Debug, Clone, Default)]
pub struct LogList {
    /// As typed.
    pub filter: String,
    /// What is wrong with it.
    pub filter_error: Option<String>,
    /// How many takes match the filter.
    pub count: u64,
    /// Row of the first take held.
    pub offset: u64,
    pub takes: Vec<Take>,
    /// Row of the selected take, counted over all pages.
    pub at: u64,
}

impl LogList {
    /// The selected take, when its page is held.
    pub fn selected(&self) -> Option<&Take> {
        let row = self.at.checked_sub(self.offset)?;
        self.takes.get(usize::try_from(row).ok()?)
    }

    /// The row of a take on the page that is held.
    pub fn row_of(&self, id: TakeId) -> Option<u64> {
        let row = self.takes.iter().position(|take| take.id == id)?;
        Some(self.offset + row as u64)
    }

    /// Where to begin reading so that the selected row has neighbours on both sides.
    fn wanted_offset(&self) -> u64 {
        self.at.saturating_sub(PAGE / 2)
    }

    /// Whether the rows around the selected one are held, as far as there are any.
    fn holds_neighbours(&self) -> bool {
        const NEAR: u64 = PAGE / 8;
        let end = self.offset + self.takes.len() as u64;
        let first = self.at.saturating_sub(NEAR);
        let last = (self.at + NEAR).min(self.count);
        self.offset <= first && last <= end
    }
}

/// Whether the store is being read, and whether that has to be done again.
#[derive(Debug, Clone, Copy, Default)]
struct Refresh {
    is_running: bool,
    again: bool,
}

impl State {
    /// Has what is on screen read anew; once at a time, and once more if asked meanwhile.
    pub fn refresh(&mut self) {
        if self.takes.refresh.is_running {
            self.takes.refresh.again = true;
            return;
        }
        self.takes.refresh.is_running = true;
        let view = View {
            filter: self.takes.log.filter.clone(),
            offset: self.takes.log.wanted_offset(),
            limit: PAGE,
            midnight: self.midnight(),
            like: self.form.probe(),
            saves: self.form.saves(),
            queued: self.takes.queue.takes.iter().map(|take| take.id).collect(),
            all_saved: self.form.is_saved(),
        };
        self.run(Effect::Refresh(Box::new(view)));
    }

    /// Moves the log's selection and has the rows there read when they are not held.
    pub fn select_in_log(&mut self, at: u64) {
        let log = &mut self.takes.log;
        log.at = at.min(log.count.saturating_sub(1));
        if !log.holds_neighbours() {
            self.refresh();
        }
    }

    /// Filters the log, from its top.
    pub fn set_filter(&mut self, filter: &str) {
        if self.takes.log.filter == filter {
            return;
        }
        filter.clone_into(&mut self.takes.log.filter);
        self.takes.log.at = 0;
        self.refresh();
    }

    /// The store was read; the error says why it could not be.
    pub fn take_snapshot(&mut self, answer: Result<Box<Snapshot>, Problem>) -> Result<(), Problem> {
        self.takes.refresh.is_running = false;
        let read = match answer {
            Ok(snapshot) if snapshot.view.filter == self.takes.log.filter => {
                let on_hold_before = self.takes.queue.on_hold();
                let elsewhere = snapshot.form.clone();
                let is_comparable = snapshot.view.all_saved && snapshot.view.saves == self.form.saves();
                let ended = snapshot.ended.clone();
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
        // At the top the newest stays selected; further down the same take does, and new ones move it along.
        let follow = (log.at > 0).then(|| log.selected().map(|take| take.id)).flatten();
        log.filter_error = snapshot.filter_error;
        log.count = snapshot.count;
        log.offset = snapshot.view.offset;
        log.takes = snapshot.takes;
        let row = follow.and_then(|id| log.row_of(id)).unwrap_or(log.at);
        log.at = row.min(log.count.saturating_sub(1));
        if !log.holds_neighbours() && log.wanted_offset() != log.offset {
            self.takes.refresh.again = true;
        }
        self.takes.line = snapshot.line;
        self.takes.unsettled = snapshot.unsettled;
        self.money = Money {
            settings: snapshot.money,
            today: snapshot.today,
            promised: snapshot.promised,
            next: snapshot.next,
            balance: self.money.balance,
            expectation: snapshot.expectation,
        };
        self.form.version = snapshot.draft_version;
        self.form.versioned = snapshot.versioned;
    }

    /// A change of a take is in the store, or why not.
    pub fn marked(&mut self, answer: Result<Box<Take>, Problem>) {
        if let Err(error) = answer {
            self.tell(Tone::Error, error.to_string());
        }
        self.refresh();
    }
}
