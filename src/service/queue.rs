//! Changes that the user makes to takes and to the queue. Each wakes the engine, whether or not it runs yet.

use std::path::PathBuf;

use crate::engine::Wake;
use crate::engine::bin;
use crate::engine::sidecars;
use crate::engine::sidecars::orphans::{self, Imported};
use crate::model::text::sentences;
use crate::model::{Backend, Doubt, Spending, Take, TakeId, Verdict};
use crate::store::{Store, StoreError};

use super::problem::{Kind, Problem};

/// A change of one take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Cancel,
    Pause(bool),
    Move(i32),
    Verdict(Verdict),
    Note(String),
    /// The tags instead of those that it has.
    Tags(Vec<String>),
    AddTags(Vec<String>),
    /// A note behind the one that it has.
    AddNote(String),
    /// Its last frame was saved in this file.
    LastFrame(PathBuf),
    NotSent,
    /// Takes on hold go on, this one among them.
    Release(Vec<TakeId>),
    /// Takes on hold are cancelled, this one among them.
    CancelOnHold(Vec<TakeId>),
}

/// A take that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub take: Take,
    /// What did not follow the change, and what to do.
    pub remark: Option<String>,
}

/// The takes of one backend. Every method blocks on the store.
#[derive(Clone)]
pub struct Queue {
    pub store: Store,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    pub backend: Backend,
    /// Shared with the engine, so that both know what the user confirmed.
    pub spending: Spending,
    pub wake: Wake,
}

impl Queue {
    /// Changes a take. What it is then is in its sidecar too, so whatever the user changes of a take goes this way.
    pub fn change(&self, id: TakeId, change: Change) -> Result<Changed, StoreError> {
        let store = &self.store;
        let is_remark = matches!(
            change,
            Change::Verdict(_)
                | Change::Note(_)
                | Change::Tags(_)
                | Change::AddTags(_)
                | Change::AddNote(_)
                | Change::LastFrame(_)
        );
        let mut remark = None;
        let is_not_sent = change == Change::NotSent;
        let changed = match &change {
            Change::Release(ids) | Change::CancelOnHold(ids) => ids.clone(),
            _ => vec![id],
        };
        match change {
            Change::Cancel => drop(store.cancel(id)?),
            Change::NotSent => drop(store.mark_not_sent(id)?),
            Change::Release(ids) => store.release_from_hold(&ids)?,
            Change::CancelOnHold(ids) => store.cancel_on_hold(&ids)?,
            Change::Pause(paused) => store.pause(id, paused)?,
            Change::Move(by) => store.move_in_queue(id, by)?,
            Change::Verdict(verdict) => {
                store.set_verdict(id, verdict)?;
                let moved = bin::settle(store, &self.reels, id);
                remark = moved.err().map(|error| error.in_words(id, verdict));
            }
            Change::Note(note) => store.set_note(id, &note)?,
            Change::Tags(tags) => store.set_tags(id, &tags)?,
            Change::AddTags(mut tags) => {
                tags.extend(store.take(id)?.tags);
                store.set_tags(id, &tags)?;
            }
            Change::AddNote(note) => {
                let before = store.take(id)?.note.filter(|before| !before.trim().is_empty());
                let note = before.map_or_else(|| note.clone(), |before| format!("{before}; {note}"));
                store.set_note(id, &note)?;
            }
            Change::LastFrame(file) => store.set_last_frame_file(id, &file)?,
        }
        if is_not_sent {
            // A worker that still tries to resolve it stops at its next look.
            self.wake.check_unknown();
        } else if !is_remark {
            self.wake.wake();
        }
        sidecars::renew(store, &self.reels, &changed);
        let take = store.take(id)?;
        Ok(Changed { take, remark })
    }

    /// Changes takes one after another; returns how many were changed, and why the first one was not, or not wholly.
    pub fn change_several(&self, ids: &[TakeId], change: &Change) -> (usize, Option<Problem>) {
        let (mut done, mut problem) = (0, None);
        for id in ids {
            match self.change(*id, change.clone()) {
                Ok(changed) => {
                    done += 1;
                    problem = problem.or(changed.remark.map(Problem::because));
                }
                Err(error) => problem = problem.or(Some(error.into())),
            }
        }
        (done, problem)
    }

    /// Lets files and sidecars follow verdicts that the store has already; returns what did not follow, and what to do.
    pub fn follow_verdicts(&self, ids: &[TakeId]) -> Option<String> {
        let mut remark = None;
        for id in ids {
            if let Err(error) = bin::settle(&self.store, &self.reels, *id) {
                let verdict = self.store.take(*id).map(|take| take.verdict);
                remark.get_or_insert_with(|| error.in_words(*id, verdict.unwrap_or_default()));
            }
        }
        sidecars::renew(&self.store, &self.reels, ids);
        remark
    }

    /// Lets a stopped or slowed queue go on.
    pub fn resume(&self) -> Result<(), StoreError> {
        self.store.queue(self.backend).resume()?;
        self.wake.wake();
        Ok(())
    }

    /// Lets a stopped queue go on; a pause that the provider asked for still holds.
    pub fn lift_stop(&self) -> Result<(), StoreError> {
        self.store.queue(self.backend).lift_stop()?;
        self.wake.wake();
        Ok(())
    }

    /// Fails when the queue is stopped until the user's own decision. Any other stop is lifted when the user queues takes:
    /// see [`Self::lift_stop_for_new_takes`].
    ///
    /// # Errors
    /// Why the queue is stopped, and what to do.
    pub fn must_accept_takes(&self) -> Result<(), Problem> {
        match self.store.queue(self.backend).state()?.stopped {
            Some((kind, why)) if kind.needs_resuming() => {
                let why = format!("the queue is stopped ({}): {why}", kind.title());
                let now = sentences(&[kind.advice(), "`rushes resume` starts the queue again."]);
                Err(Problem::new(Kind::of_failure(kind), why, now).so("nothing was sent"))
            }
            _ => Ok(()),
        }
    }

    /// Lets a stopped queue go on, because the user has just queued takes, unless only the user's decision lifts the stop.
    pub fn lift_stop_for_new_takes(&self) -> Result<(), StoreError> {
        self.store.queue(self.backend).lift_stop_for_new_takes()?;
        self.wake.wake();
        Ok(())
    }

    /// Lets every take on hold go on; returns how many there were.
    pub fn release_all(&self) -> Result<usize, StoreError> {
        let on_hold = self.store.queue(self.backend).takes_on_hold()?;
        let on_hold: Vec<TakeId> = on_hold.iter().map(|take| take.id).collect();
        self.store.release_from_hold(&on_hold)?;
        self.wake.wake();
        Ok(on_hold.len())
    }

    /// The user accepts for this session what is wrong with the money settings.
    pub fn accept(&self, doubt: Doubt) {
        self.spending.confirm(doubt);
        self.wake.wake();
    }

    /// Imports the takes that only their sidecars know.
    pub fn import_orphans(&self) -> Result<Imported, StoreError> {
        let imported = orphans::import(&self.store, &self.reels);
        // Some may be there although others failed.
        self.wake.wake();
        imported
    }
}
