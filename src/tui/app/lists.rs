//! The queue and the log: what is selected, and which page of the store is held.

use crate::model::{Take, TakeId};
use crate::service::Problem;
use crate::tui::effect::{Effect, Snapshot, View};

use super::App;

/// Takes read at once around the selected one; more than any screen is high.
pub const PAGE: u64 = 200;

/// The takes waiting and in flight, all of them.
#[derive(Debug, Clone, Default)]
pub struct QueueList {
    pub takes: Vec<Take>,
    /// Row of the selected take.
    pub at: usize,
}

impl QueueList {
    /// The selected take.
    #[must_use]
    pub fn selected(&self) -> Option<&Take> {
        self.takes.get(self.at)
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
    /// How many takes the filter lets through.
    pub count: u64,
    /// Row of the first take held.
    pub offset: u64,
    pub takes: Vec<Take>,
    /// Row of the selected take, counted over all pages.
    pub at: u64,
}

impl LogList {
    /// The selected take, when its page is held.
    #[must_use]
    pub fn selected(&self) -> Option<&Take> {
        let row = self.at.checked_sub(self.offset)?;
        self.takes.get(usize::try_from(row).ok()?)
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

/// Whether the store is being read, and whether that will have to be done again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Refresh {
    running: bool,
    again: bool,
}

impl App {
    /// Has what is on screen read anew; once at a time, and once more if asked meanwhile.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        if self.refresh.running {
            self.refresh.again = true;
            return Vec::new();
        }
        self.refresh.running = true;
        vec![Effect::Refresh(Box::new(self.view()))]
    }

    fn view(&self) -> View {
        View {
            filter: self.log.filter.clone(),
            offset: self.log.wanted_offset(),
            limit: PAGE,
            midnight: self.midnight(),
            like: self.probe(),
            saves: self.saves,
            queued: self.queue.takes.iter().map(|take| take.id).collect(),
            all_saved: self.confirmed == self.saves,
        }
    }

    /// The store was read.
    pub(super) fn take_snapshot(&mut self, answer: Result<Box<Snapshot>, Problem>) -> Vec<Effect> {
        self.refresh.running = false;
        let mut effects = Vec::new();
        match answer {
            Ok(snapshot) if snapshot.view.filter == self.log.filter => {
                let held_before = self.held();
                let draft = snapshot.draft.clone().filter(|draft| *draft != self.saved);
                let is_comparable = snapshot.view.all_saved && snapshot.view.saves == self.saves;
                let ended = snapshot.ended.clone();
                self.apply(*snapshot);
                effects = self.tell_of_ended(&ended);
                match draft {
                    Some(draft) if is_comparable => effects.extend(self.draft_from_elsewhere(draft)),
                    Some(_) => self.recheck = true,
                    None => {}
                }
                effects.extend(self.tell_of_held(held_before));
            }
            Ok(_) => self.refresh.again = true,
            Err(error) => self.trouble("The store could not be read", &error),
        }
        if std::mem::take(&mut self.refresh.again) {
            effects.extend(self.refresh());
        }
        self.quit_if_done();
        effects
    }

    fn apply(&mut self, snapshot: Snapshot) {
        self.queue.replace(snapshot.queue);
        self.arriving
            .retain(|id, _| self.queue.takes.iter().any(|take| take.id == *id));
        // At the top the newest stays selected; further down the same take does, new ones moving it along.
        let follow = (self.log.at > 0)
            .then(|| self.log.selected().map(|take| take.id))
            .flatten();
        self.log.filter_error = snapshot.filter_error;
        self.log.count = snapshot.count;
        self.log.offset = snapshot.view.offset;
        self.log.takes = snapshot.takes;
        if let Some(row) = follow.and_then(|id| self.row_of(id)) {
            self.log.at = row;
        }
        self.log.at = self.log.at.min(self.log.count.saturating_sub(1));
        self.line = snapshot.line;
        self.unsettled = snapshot.unsettled;
        self.today = snapshot.today;
        self.promised = snapshot.promised;
        self.money = snapshot.money;
        self.ask_anew();
        self.next = snapshot.next;
        self.draft_version = snapshot.draft_version;
        self.versioned = snapshot.versioned;
        self.expectation = snapshot.expectation;
        if !self.log.holds_neighbours() && self.log.wanted_offset() != self.log.offset {
            self.refresh.again = true;
        }
    }

    /// The row of a take on the page that is held.
    pub(super) fn row_of(&self, id: TakeId) -> Option<u64> {
        let row = self.log.takes.iter().position(|take| take.id == id)?;
        Some(self.log.offset + row as u64)
    }

    /// Moves the log's selection and has the rows there read when they are not held.
    pub(super) fn select_in_log(&mut self, at: u64) -> Vec<Effect> {
        self.log.at = at.min(self.log.count.saturating_sub(1));
        if self.log.holds_neighbours() {
            return Vec::new();
        }
        self.refresh()
    }
}
