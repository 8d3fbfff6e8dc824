//! What takes would cost and how long they take, and whether the caps allow them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{Money, State};
use crate::engine::admit::{Order, Plan};
use crate::engine::references::{FileFacts, Local};
use crate::model::expect::finish_ms;
use crate::model::{Complaint, Expectation, Form, Take, TakeState, WaitClass};
use crate::service::Problem;
use crate::store::Allowance;

/// Stands for the list of seeds where they do not matter.
const ONE_SEED: &str = "0";

impl State {
    /// What the caps leave; there are none on the sandbox, or when they cannot be read.
    pub fn allowance(&self) -> Allowance {
        let is_hidden = self.money.doubt().is_some_and(|doubt| doubt.hides_the_cap);
        if !self.is_live() || is_hidden {
            return Allowance::default();
        }
        let Money {
            settings,
            spent,
            queued,
            ..
        } = &self.money;
        Allowance::of(&settings.caps, spent, queued)
    }

    /// The day where the user is.
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.facts.zone.clone()).date()
    }

    /// The order for the takes of the form.
    pub fn order(&self) -> Result<Order, Problem> {
        let form = self.form.current.clone();
        self.facts.terms().of_form(form, &self.form.snippets, None)
    }

    /// The form as it would be sent, once for each choice of its variables; `None` when they cannot be expanded.
    pub fn variants(&self) -> Option<Vec<Form>> {
        let form = Form {
            seeds: ONE_SEED.to_owned(),
            ..self.form.current.clone()
        };
        let order = self.facts.terms().of_form(form, &self.form.snippets, None).ok()?;
        Some(order.variants.into_iter().map(|variant| variant.form).collect())
    }

    /// The takes of an order, and their prices.
    pub fn plan(&self, order: &Order) -> Plan {
        // A video is as long wherever it is named.
        let clip_ms = |clip: &str| {
            let mut files = self.form.files.iter();
            let seen = |(local, seen): (&Local, &Result<FileFacts, Complaint>)| {
                let is_it = local.reference == clip;
                seen.as_ref().ok().filter(|_| is_it)?.longest_ms
            };
            files.find_map(seen)
        };
        order.plan(&self.money.settings.prices, &self.money.lessons, clip_ms)
    }

    /// How many takes of a plan the caps leave room for.
    pub fn fits(&self, plan: &Plan) -> u32 {
        plan.fits(&self.allowance())
    }

    /// When the takes of these forms are saved, in their order, after those in the queue and if all are slow.
    pub fn finish<'f>(&self, forms: impl IntoIterator<Item = &'f Form>) -> Vec<Timestamp> {
        let more: Vec<u64> = forms
            .into_iter()
            .map(|form| self.expected_of(form).p90_ms)
            .collect();
        let mut done = self.finish_of_queue_and(&more);
        done.split_off(done.len().saturating_sub(more.len()))
    }

    /// When the unsettled takes of this sweep are saved if all are slow: the first, and the last.
    pub fn sweep_finish(&self, sweep: i64) -> Option<(Timestamp, Timestamp)> {
        let running = self.running().map(|(take, left)| (take, self.in_ms(left)));
        let waiting = self.ready().zip(self.finish_of_queue_and(&[]));
        let of_sweep = |(take, _): &(&Take, Timestamp)| take.sweep == Some(sweep);
        let times: Vec<_> = running
            .chain(waiting)
            .filter(of_sweep)
            .map(|(_, at)| at)
            .collect();
        times.iter().min().copied().zip(times.iter().max().copied())
    }

    /// When the takes that wait in the queue are saved, and then those that need as many milliseconds as `more` says.
    fn finish_of_queue_and(&self, more: &[u64]) -> Vec<Timestamp> {
        let running: Vec<u64> = self.running().map(|(_, left)| left).collect();
        let ready = self
            .ready()
            .map(|take| self.expected_like(&take.wait_class()).p90_ms);
        let done = finish_ms(self.facts.in_flight, &running, ready.chain(more.iter().copied()));
        done.into_iter().map(|ms| self.in_ms(ms)).collect()
    }

    fn of_this_backend(&self) -> impl Iterator<Item = &Take> {
        let takes = self.takes.queue.takes.iter();
        takes.filter(|take| take.backend == self.facts.backend)
    }

    /// The takes at the provider, and how many milliseconds each still needs if it is slow.
    fn running(&self) -> impl Iterator<Item = (&Take, u64)> {
        let running = self
            .of_this_backend()
            .filter(|take| take.state != TakeState::Waiting);
        running.map(|take| {
            let elapsed = take.times.submitted.map_or(0, |sent| ms_between(sent, self.now));
            let needs = take.wait.as_ref().map_or(0, |wait| wait.p90_ms);
            (take, needs.saturating_sub(elapsed))
        })
    }

    /// The waiting takes that are sent without the user doing anything.
    fn ready(&self) -> impl Iterator<Item = &Take> {
        let waits = |take: &&Take| take.state == TakeState::Waiting && !take.paused && take.on_hold.is_none();
        self.of_this_backend().filter(waits)
    }

    fn in_ms(&self, millis: u64) -> Timestamp {
        let wait = SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
        self.now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// The expected time of a take of this form.
    pub fn expected_of(&self, form: &Form) -> Expectation {
        self.expected_like(&form.into())
    }

    fn expected_like(&self, class: &WaitClass) -> Expectation {
        let own = Expectation::of_samples(&self.money.samples, class);
        own.unwrap_or_else(|| (self.facts.published)(class.model, class.resolution))
    }
}

fn ms_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millisecond() - from.as_millisecond()).unwrap_or(0)
}
