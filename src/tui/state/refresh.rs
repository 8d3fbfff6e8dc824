//! Requests what is on screen from the store.

use super::log_list::PAGE;
use super::rows::RowId;
use super::{State, Tone};
use crate::model::text::counted;
use crate::model::{Take, TakeId, TakeState, Verdict};
use crate::service::{Change, Changed, Problem};
use crate::store::OrderBy;
use crate::tui::effect::{Effect, StoreView};

impl State {
    /// Reads what is on screen again; requests that come meanwhile are served by one more reading.
    pub fn refresh(&mut self) {
        if self.takes.is_refreshing {
            self.takes.refresh_again = true;
            return;
        }
        self.takes.is_refreshing = true;
        let view = StoreView {
            listing: self.takes.log.listing.clone(),
            offset: self.takes.log.wanted_offset(),
            follow: self.takes.log.wanted_row(),
            limit: PAGE,
            midnight: self.midnight(),
            zone: self.facts.zone.clone(),
            saves: self.form.saves(),
            open: self.takes.open.clone(),
            made: self.takes.made.clone(),
            marked: self.takes.marks.keys().copied().collect(),
            queued: self.takes.queue.takes.iter().map(|take| take.id).collect(),
            all_saved: self.form.is_saved(),
        };
        self.run(Effect::Refresh(Box::new(view)));
    }

    /// Moves the queue's selection.
    pub fn step_in_queue(&mut self, by: isize) {
        self.moved();
        self.takes.queue.step(by, &self.takes.open);
    }

    /// Moves the log's selection and reads the rows around it when they are not loaded.
    pub fn step_in_log(&mut self, by: i64) {
        self.moved();
        let log = &mut self.takes.log;
        log.step(by);
        if !log.holds_neighbours() {
            self.refresh();
        }
    }

    /// Selects a row of the queue.
    pub fn select_in_queue(&mut self, id: RowId) {
        let takes = &mut self.takes;
        takes.is_chosen = true;
        takes.queue.select(id, &takes.open);
    }

    /// Selects a row of the log.
    pub fn select_in_log(&mut self, id: RowId) {
        self.takes.is_chosen = true;
        self.takes.log.select(id);
    }

    /// Filters the log. The take that was selected before stays selected if it matches, else the first one that does is.
    pub fn set_filter(&mut self, filter: &str) {
        if self.takes.log.listing.filter == filter {
            return;
        }
        self.takes.log.filter_by(filter);
        self.refresh();
    }

    /// Orders the log. The selected take stays selected, and its sweep is unfolded if takes stand under their sweeps.
    pub fn order_log(&mut self, order: OrderBy) {
        let takes = &mut self.takes;
        if takes.log.listing.order != order {
            takes.log.order_by(order);
            if takes.log.listing.is_folded() {
                takes
                    .open
                    .extend(takes.log.selected().and_then(|take| take.sweep));
            }
            self.refresh();
        }
    }

    /// Shows every take again. The selected take stays selected; when nothing matched, the one from before the filter is.
    pub fn leave_filter(&mut self) {
        self.takes.log.accept_selection();
        self.set_filter("");
    }

    /// Several takes were changed in the store; `problem` says why one of them was not.
    pub fn takes_changed(&mut self, done: usize, what: &str, problem: Option<&Problem>) {
        match problem {
            Some(problem) => self.tell(Tone::Error, problem.to_string()),
            None => self.tell(Tone::Good, format!("{} {what}", counted(done as u64, "take"))),
        }
        self.refresh();
    }

    /// A take was changed in the store, or could not be.
    pub fn take_changed(&mut self, change: &Change, result: Result<Box<Changed>, Problem>) {
        match result {
            Ok(changed) => {
                if let Some(remark) = changed.remark {
                    self.tell(Tone::Warning, remark);
                } else if let Some(text) = self.changed_in_words(change, changed.take.id) {
                    self.tell(Tone::Good, text);
                }
            }
            Err(error) => self.tell(Tone::Error, error.to_string()),
        }
        self.refresh();
    }

    /// What came of a change that shows on the take's row only, if at all.
    fn changed_in_words(&self, change: &Change, id: TakeId) -> Option<String> {
        match change {
            Change::Cancel => Some(format!("Take {id} is cancelled")),
            // The row may be gone already, where the filter asks for another verdict.
            Change::Verdict(verdict) if !self.takes.log.listing.is_whole() => Some(match verdict {
                Verdict::None => format!("Take {id} has no verdict"),
                verdict => format!("Take {id} is {verdict}"),
            }),
            Change::Pause(true) => Some(format!("Take {id} is paused")),
            Change::Pause(false) => Some(format!("Take {id} waits to be sent again")),
            Change::NotSent => Some(format!("Take {id} is marked as never sent")),
            Change::Move(by) => {
                let waits = |take: &&Take| take.state == TakeState::Waiting;
                let mut waiting = self.takes.queue.takes.iter().filter(waits);
                // The list was read before the take was moved.
                let (end, place, way) = if *by < 0 {
                    (waiting.next(), "first", "up")
                } else {
                    (waiting.next_back(), "last", "down")
                };
                Some(match end {
                    Some(take) if take.id == id => format!("Take {id} is already the {place} that waits"),
                    _ => format!("Take {id} was moved {way}"),
                })
            }
            _ => None,
        }
    }
}
