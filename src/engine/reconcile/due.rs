//! When an account is due to be reconciled without being asked.

use jiff::{SignedDuration, Timestamp};

use crate::engine::setup::Setup;
use crate::model::Backend;
use crate::store::StoreError;

/// A live account is reconciled by itself no more often than this.
const OFTEN_ENOUGH: SignedDuration = SignedDuration::from_hours(20);

/// Whether to reconcile without being asked: a sandbox always, a live account once a day.
pub fn is_due(setup: &Setup, now: Timestamp) -> Result<bool, StoreError> {
    if setup.backend == Backend::Sandbox {
        return Ok(true);
    }
    let last = setup.store.setting(&setting(setup))?;
    let last: Option<Timestamp> = last.and_then(|text| text.parse().ok());
    // A time in the future was noted by a clock that has since been set back.
    Ok(last.is_none_or(|last| last > now || now.duration_since(last) >= OFTEN_ENOUGH))
}

/// Remembers that a live account was reconciled.
pub fn note_reconciled(setup: &Setup, now: Timestamp) -> Result<(), StoreError> {
    match setup.backend {
        Backend::Sandbox => Ok(()),
        Backend::Live => setup.store.set_setting(&setting(setup), &now.to_string()),
    }
}

/// The setting that holds when this account was reconciled last: another key has another history.
fn setting(setup: &Setup) -> String {
    format!("books_compared {}", setup.client.account())
}
