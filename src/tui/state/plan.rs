//! What takes would cost and how long they take, and whether the cap of the day allows them.

use jiff::{SignedDuration, Timestamp};

use super::State;
use crate::engine::admit::{Order, Plan};
use crate::engine::references::{FileFacts, Local};
use crate::model::{Complaint, Expectation, Form, Take};
use crate::service::Problem;
use crate::store::Cap;

/// Stands for the list of seeds where they do not matter.
const ONE_SEED: &str = "0";

impl State {
    /// The cap of the day; none on the sandbox, or when the cap cannot be read.
    pub fn cap(&self) -> Option<Cap> {
        let is_hidden = self.money.doubt().is_some_and(|doubt| doubt.hides_the_cap);
        if !self.is_live() || is_hidden {
            return None;
        }
        Cap::of_day(&self.money.settings, self.now, self.facts.zone.clone())
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
        order.plan(&self.money.settings.prices, clip_ms)
    }

    /// How many takes of a plan the cap leaves room for.
    pub fn fits(&self, plan: &Plan) -> u32 {
        let committed = self.money.today + self.money.promised;
        self.cap().map_or(plan.takes(), |cap| plan.fits(&cap, committed))
    }

    /// When the first and the last take of an order are saved, after those in the queue and if all are slow.
    pub fn done_by(&self, order: &Order) -> (Timestamp, Timestamp) {
        let expected = order
            .variants
            .iter()
            .map(|variant| self.expected_of(&variant.form));
        let slowest = expected.max_by_key(|expected| expected.p90_ms);
        let slowest = slowest.unwrap_or_else(|| self.money.expectation.clone());
        let queued = u32::try_from(self.takes.queue.takes.len()).unwrap_or(u32::MAX);
        let by = |takes: u32| {
            let all = slowest.of_rounds(queued.saturating_add(takes), self.facts.in_flight);
            let wait = SignedDuration::from_millis(i64::try_from(all.p90_ms).unwrap_or(i64::MAX));
            self.now.checked_add(wait).unwrap_or(Timestamp::MAX)
        };
        let takes = u32::try_from(order.takes().count()).unwrap_or(u32::MAX);
        (by(1), by(takes))
    }

    /// The expected time of a take of this form.
    pub fn expected_of(&self, other: &Form) -> Expectation {
        let form = &self.form.current;
        if (other.model, other.resolution, other.duration) == (form.model, form.resolution, form.duration) {
            return self.money.expectation.clone();
        }
        (self.facts.published)(other.model, other.resolution)
    }

    /// The expected time of a take: the form's when the take is like it, else the published one.
    pub fn expected(&self, take: &Take) -> Expectation {
        let form = &self.form.current;
        if (take.model, take.resolution, take.duration) == (form.model, form.resolution, form.duration) {
            return self.money.expectation.clone();
        }
        (self.facts.published)(take.model, take.resolution)
    }
}
