//! Money as it was read last.

use super::facts::Facts;
use crate::model::{Backend, Doubt, Drift, Lessons, MoneySettings, PerCap, Sample, Usd};
use crate::store::{MoneyEvent, Refusal};

/// Prices, limits, and what is spent.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    pub backend: Backend,
    pub settings: MoneySettings,
    /// Spent or committed since midnight.
    pub today: Usd,
    /// What counts against the caps that are set: spent or committed, and what the takes in the queue may cost.
    pub spent: PerCap<Usd>,
    pub queued: PerCap<Usd>,
    /// The caps that the user set for this run of the program.
    pub of_this_run: PerCap<Option<Option<Usd>>>,
    /// What has been billed for takes of this session, once it was read.
    pub billed: Option<Usd>,
    /// The newest changes of caps in this run of the program.
    pub changes: Vec<MoneyEvent>,
    /// Why the next take, over all reels, is not sent, if its price is the reason.
    pub refusal: Option<Refusal>,
    /// What bills have taught about prices.
    pub lessons: Lessons,
    /// Prices from which several bills in a row are off, of which the user was not told yet.
    pub drifts: Vec<Drift>,
    /// How long the newest saved takes of each model needed, newest first.
    pub samples: Vec<Sample>,
}

impl Money {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            backend: facts.backend,
            settings: facts.money.clone(),
            today: Usd::ZERO,
            spent: PerCap::default(),
            queued: PerCap::default(),
            of_this_run: PerCap::default(),
            billed: None,
            changes: Vec::new(),
            refusal: None,
            lessons: Lessons::default(),
            drifts: Vec::new(),
            samples: Vec::new(),
        }
    }

    /// Why the settings about money cannot be read, where takes cost money.
    pub fn doubt(&self) -> Option<&Doubt> {
        let doubt = self.settings.doubt.as_ref();
        doubt.filter(|_| self.backend == Backend::Live)
    }
}
