//! Applies what was read from the store to the state.

use super::{State, Tone};
use crate::service::Problem;
use crate::store::Reel;
use crate::tui::effect::Snapshot;
use crate::tui::keymap::{Action, PaneId};

impl State {
    /// Applies what was read from the store.
    pub fn take_snapshot(&mut self, result: Result<Box<Snapshot>, Problem>) -> Result<(), Problem> {
        self.takes.is_refreshing = false;
        let read = match result {
            Ok(mut snapshot) if snapshot.view.listing == self.takes.log.listing => {
                let on_hold_before = self.takes.queue.on_hold();
                let elsewhere = snapshot.form.take();
                let is_comparable = snapshot.view.all_saved && snapshot.view.saves == self.form.saves();
                let ended = std::mem::take(&mut snapshot.ended);
                if let Some(reel) = snapshot.reel.take() {
                    self.reel_in_store(reel);
                }
                self.apply(*snapshot);
                self.tell_of_ended(&ended);
                if let Some(form) = elsewhere {
                    self.form_in_store(form, is_comparable);
                }
                self.tell_of_hold(on_hold_before);
                self.tell_of_drift();
                Ok(())
            }
            Ok(_) => {
                self.takes.refresh_again = true;
                Ok(())
            }
            Err(error) => Err(error),
        };
        if std::mem::take(&mut self.takes.refresh_again) {
            self.refresh();
        }
        self.quit_if_done();
        read
    }

    /// Another process may have renamed or archived the reel.
    fn reel_in_store(&mut self, reel: Reel) {
        if reel.archived_at.is_some() && self.facts.reel.archived_at.is_none() {
            let key = self.by_key(Action::Reels);
            let text = format!(
                "Reel {:?} was archived by another rushes. Nothing of it is lost, and no new take of it is sent{key}",
                reel.name
            );
            self.news.tell_until_seen(Tone::Warning, text);
        }
        self.facts.reel = reel;
    }

    fn apply(&mut self, snapshot: Snapshot) {
        // Who looks at a take must not have another one under the next key.
        let follows = !matches!(self.focus, PaneId::Log | PaneId::Monitor);
        let takes = &mut self.takes;
        let (queue, log) = (&mut takes.queue, &mut takes.log);
        let before = takes.open.clone();
        takes.open.extend(snapshot.opened);
        takes.made.retain(|id| !snapshot.view.made.contains(id));
        for member in snapshot.marked {
            takes.marks.entry(member.id).and_modify(|marked| *marked = member);
        }
        takes.words = snapshot.words;
        queue.replace((snapshot.queue, snapshot.sweeps), &before, &takes.open);
        takes
            .arriving
            .retain(|id, _| queue.takes.iter().any(|take| take.id == *id));
        let counts = (snapshot.count, snapshot.group_count);
        let view = (&snapshot.view.listing, snapshot.view.offset);
        log.replace(view, counts, snapshot.groups, &takes.open, follows);
        if !log.holds_neighbours() && log.wanted_offset() != log.offset {
            takes.refresh_again = true;
        }
        takes.queue_state = snapshot.queue_state;
        takes.unsettled = snapshot.unsettled;
        self.probes = snapshot.probes;
        self.money = snapshot.money;
        if let Some(balance) = &mut self.balance {
            balance.billed(self.money.billed);
        }
        self.form.revision = snapshot.revision;
        self.form.revised = snapshot.revised;
        self.children = snapshot.children;
        self.chains = snapshot.chains;
        self.form.set_snippets(snapshot.snippets);
    }
}
