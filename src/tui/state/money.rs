//! Money as it was read last.

use super::facts::Facts;
use crate::model::{Backend, Doubt, Lessons, MoneySettings, Sample, Usd};
use crate::store::Refusal;

/// Prices, limits, and what is spent.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    pub backend: Backend,
    pub settings: MoneySettings,
    /// Spent or committed since midnight.
    pub today: Usd,
    /// What the takes in the queue may cost.
    pub promised: Usd,
    /// Why the next take, over all reels, is not sent, if its price is the reason.
    pub refusal: Option<Refusal>,
    /// What bills have taught about prices.
    pub lessons: Lessons,
    /// How long the newest saved takes of each model needed, newest first.
    pub samples: Vec<Sample>,
}

impl Money {
    pub(super) fn of(facts: &Facts) -> Self {
        Self {
            backend: facts.backend,
            settings: facts.money.clone(),
            today: Usd::ZERO,
            promised: Usd::ZERO,
            refusal: None,
            lessons: Lessons::default(),
            samples: Vec::new(),
        }
    }

    /// Why the settings about money cannot be read, where takes cost money.
    pub fn doubt(&self) -> Option<&Doubt> {
        let doubt = self.settings.doubt.as_ref();
        doubt.filter(|_| self.backend == Backend::Live)
    }
}
