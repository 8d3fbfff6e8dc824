//! When a failed take is repeated automatically.

use crate::model::{FailureKind, Take, TakeState, Usd};

/// Only what the provider accepted, failed for a fault of its own, and did not bill.
pub fn may_be_repeated(take: &Take) -> bool {
    take.repeats > 0
        && take.state == TakeState::Failed
        && take.cost == Some(Usd::ZERO)
        && matches!(
            take.error_kind,
            Some(FailureKind::ProviderFault | FailureKind::Stale)
        )
}
