//! A take that was given up comes back: the only way out of a settled state, and never towards another submit.

use crate::model::{Take, TakeId, TakeState};

use super::step::{Facts, go_from};
use super::{Store, StoreError, repeat, take};

/// What came of taking a take up.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenUp {
    pub take: Take,
    /// Its automatic repeat that had been sent by then: both may be billed.
    pub repeat_sent: Option<TakeId>,
}

impl Store {
    /// The provider's books show the film of a take that was given up: it is rendered after all, so that a paid
    /// film comes home. Nobody holds it then; whoever looks next fetches it. A repeat of it that still waits is
    /// cancelled with it, so that it is not paid twice.
    ///
    /// # Errors
    /// [`StoreError::IllegalTransition`] when the take is not one that may be taken up;
    /// [`StoreError::NoSuchTake`]; when the store cannot be written.
    pub fn take_up(&self, id: TakeId, detail: &str, facts: &Facts) -> Result<TakenUp, StoreError> {
        self.write(|transaction, now| {
            let to = (TakeState::Rendered, detail);
            go_from(transaction, id, TakeState::may_be_taken_up, to, facts, now)?;
            let repeat_sent = repeat::call_off(transaction, id, now)?;
            let take = take::one(transaction, id)?;
            Ok(TakenUp { take, repeat_sent })
        })
    }
}
