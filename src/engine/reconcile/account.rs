//! Whose ledger is reconciled, and when that is due.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Backend, PriceTable};
use crate::segmind::Client;
use crate::store::{Store, StoreError};

use super::import::Importer;

/// A live account is reconciled by itself no more often than this.
const OFTEN_ENOUGH: SignedDuration = SignedDuration::from_hours(20);

/// Our store and the account of one key.
#[derive(Clone)]
pub struct Account {
    pub store: Store,
    pub client: Client,
    pub backend: Backend,
    /// The folder that holds one folder for each reel.
    pub reels: PathBuf,
    /// A request younger than this may not show in the history yet.
    pub certain_after: SignedDuration,
}

impl Account {
    /// Imports generations made elsewhere with this key into a reel.
    pub fn importer(&self, reel_id: String, prices: PriceTable) -> Importer {
        Importer {
            store: self.store.clone(),
            backend: self.backend,
            account: self.client.account().to_owned(),
            reel_id,
            prices,
        }
    }

    /// Whether to reconcile without being asked: a sandbox always, a live account once a day.
    pub fn is_due(&self, now: Timestamp) -> Result<bool, StoreError> {
        if self.backend == Backend::Sandbox {
            return Ok(true);
        }
        let last = self.store.setting(&self.setting())?;
        let last: Option<Timestamp> = last.and_then(|text| text.parse().ok());
        // A time in the future was noted by a clock that has since been set back.
        Ok(last.is_none_or(|last| last > now || now.duration_since(last) >= OFTEN_ENOUGH))
    }

    /// Remembers that a live account was reconciled.
    pub fn note_reconciled(&self, now: Timestamp) -> Result<(), StoreError> {
        match self.backend {
            Backend::Sandbox => Ok(()),
            Backend::Live => self.store.set_setting(&self.setting(), &now.to_string()),
        }
    }

    /// The setting that holds when this account was reconciled last: another key has another history.
    fn setting(&self) -> String {
        format!("books_compared {}", self.client.account())
    }
}
