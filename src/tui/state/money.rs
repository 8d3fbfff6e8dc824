//! Prices, the day's cap, and the takes that go on when the workbench is left.

use super::{Facts, Leaving, State, Tone};
use crate::engine::admit::{Order, Plan};
use crate::model::{Doubt, Expectation, Form, MoneySettings, Take, Usd};
use crate::store::{Cap, QueueState, Unsettled};

/// Money as it was read last.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    pub settings: MoneySettings,
    /// Spent or committed since midnight.
    pub today: Usd,
    /// What the takes in the queue may cost.
    pub promised: Usd,
    /// The most that the next take in the queue may cost, over all reels.
    pub next: Option<Usd>,
    /// The expected time of a take like the form.
    pub expectation: Expectation,
}

impl Money {
    pub(super) fn of(facts: &Facts, form: &Form) -> Self {
        Self {
            settings: facts.money.clone(),
            today: Usd::ZERO,
            promised: Usd::ZERO,
            next: None,
            expectation: (facts.published)(form.model, form.resolution),
        }
    }
}

/// How many takes another process has to continue: sent and unknown ones, and waiting ones unless the queue is stopped.
pub const fn going_on(left: &Unsettled, queue: &QueueState) -> usize {
    let ready = if queue.stopped.is_none() { left.ready } else { 0 };
    left.sent + left.unknown + ready
}

impl State {
    /// Why the settings about money cannot be read, where takes cost money.
    pub fn doubt(&self) -> Option<&Doubt> {
        self.money.settings.doubt.as_ref().filter(|_| self.is_live())
    }

    /// The same while takes wait because of it.
    pub fn doubt_that_holds(&self) -> Option<&Doubt> {
        self.doubt().filter(|_| self.money.next.is_some())
    }

    /// The cap of the day; none on the sandbox, or when the cap cannot be read.
    pub fn cap(&self) -> Option<Cap> {
        if !self.is_live() || self.doubt().is_some_and(|doubt| doubt.hides_the_cap) {
            return None;
        }
        Cap::of_day(&self.money.settings, self.now, self.facts.zone.clone())
    }

    /// The takes of an order, and their prices.
    pub fn plan(&self, order: &Order) -> Plan {
        let clip_ms = |clip: &str| self.form.files.get(clip)?.as_ref().ok()?.longest_ms;
        order.plan(&self.money.settings.prices, clip_ms)
    }

    /// How many takes of a plan the cap leaves room for.
    pub fn fits(&self, plan: &Plan) -> u32 {
        let committed = self.money.today + self.money.promised;
        self.cap().map_or(plan.takes(), |cap| plan.fits(&cap, committed))
    }

    /// The expected time of a take: the form's when the take is like it, else the published one.
    pub fn expected(&self, take: &Take) -> Expectation {
        let form = &self.form.current;
        if (take.model, take.resolution, take.duration) == (form.model, form.resolution, form.duration) {
            return self.money.expectation.clone();
        }
        (self.facts.published)(take.model, take.resolution)
    }

    /// Takes of any reel that go on when the workbench is left.
    pub fn goes_on(&self) -> usize {
        let unsettled = &self.takes.unsettled;
        unsettled.sent + unsettled.unknown + self.to_be_sent()
    }

    /// Waiting takes that are sent today without the user doing anything.
    fn to_be_sent(&self) -> usize {
        if self.takes.queue_state.stopped.is_some() || self.cap_holds() || self.doubt_that_holds().is_some() {
            0
        } else {
            self.takes.unsettled.ready
        }
    }

    /// Whether the next take would exceed the day's cap.
    pub fn cap_holds(&self) -> bool {
        let next = self.cap().zip(self.money.next);
        next.is_some_and(|(cap, next)| !cap.allows(self.money.today, next))
    }

    pub fn quit_when_done(&mut self) {
        self.quits_when_done = true;
        self.tell(Tone::Plain, "Will quit when all takes have finished");
        self.quit_if_done();
    }

    /// The workbench stays open after all.
    pub fn stay_open(&mut self) {
        if std::mem::take(&mut self.quits_when_done) {
            self.tell(Tone::Plain, "Will stay open when all takes have finished");
        }
    }

    /// Quits if the user asked for that, types nothing, and no take is in flight or about to be sent. Unknown outcomes,
    /// which may take long to resolve, are left to the background.
    pub fn quit_if_done(&mut self) {
        let is_done = self.takes.unsettled.sent + self.to_be_sent() == 0;
        if self.quits_when_done && is_done && !self.is_typing {
            self.leaving = Some(Leaving::Quit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FailureKind;

    #[test]
    fn what_waits_goes_on_unless_the_queue_is_stopped() {
        let left = Unsettled {
            sent: 1,
            unknown: 2,
            ready: 4,
            on_hold: 8,
        };
        let stopped = QueueState {
            stopped: Some((FailureKind::Credits, "402".to_owned())),
            ..QueueState::default()
        };
        assert_eq!(going_on(&left, &QueueState::default()), 7);
        assert_eq!(going_on(&left, &stopped), 3);
    }
}
