//! Money as it was read last.

use super::facts::Facts;
use crate::model::{Backend, Doubt, Expectation, Form, MoneySettings, Usd};
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
    /// The expected time of a take like the form.
    pub expectation: Expectation,
}

impl Money {
    pub(super) fn of(facts: &Facts, form: &Form) -> Self {
        Self {
            backend: facts.backend,
            settings: facts.money.clone(),
            today: Usd::ZERO,
            promised: Usd::ZERO,
            refusal: None,
            expectation: (facts.published)(form.model, form.resolution),
        }
    }
    /// Why the settings about money cannot be read, where takes cost money.
    pub fn doubt(&self) -> Option<&Doubt> {
        let doubt = self.settings.doubt.as_ref();
        doubt.filter(|_| self.backend == Backend::Live)
    }
}
