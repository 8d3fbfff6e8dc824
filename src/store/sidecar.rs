//! Everything that is known of one take, as `rushes show --json` prints it and as the file beside its film keeps
//! it. Knows no files: whoever writes them is handed the words.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use crate::model::take::TakeRecord;
use crate::model::{Draft, TakeId};

use super::{Event, Exchange, Reel, Store, StoreError};

/// The form of the files; a later one is not read by this program.
pub(super) const FORM: u32 = 1;

/// A take with its whole exchange.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dossier {
    #[serde(flatten)]
    pub take: TakeRecord,
    /// Oldest first.
    pub events: Vec<Event>,
    /// Oldest first.
    pub exchanges: Vec<Exchange>,
}

/// A dossier, and what else a store needs to have the take again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sidecar {
    #[serde(flatten)]
    pub dossier: Dossier,
    pub rebuild: Rebuild,
}

impl Sidecar {
    /// Whether this program knows its form.
    #[must_use]
    pub const fn can_be_read(&self) -> bool {
        self.rebuild.form <= FORM
    }
}

/// What no command prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rebuild {
    pub form: u32,
    pub reel: ReelRecord,
    pub draft_version: Option<i64>,
    pub draft: Option<Draft>,
    pub sweep: Option<i64>,
    pub output_url: Option<String>,
}

/// The take's reel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReelRecord {
    pub id: String,
    pub name: String,
    pub folder: String,
    pub created_at: Timestamp,
}

impl Store {
    /// The take with its events and exchanges.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be read.
    pub fn dossier(&self, id: TakeId) -> Result<Dossier, StoreError> {
        Ok(Dossier {
            take: TakeRecord::from(&self.take(id)?),
            events: self.events(id)?,
            exchanges: self.exchanges(id)?,
        })
    }

    /// The take as its sidecar keeps it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchTake`]; when the store cannot be read.
    pub fn sidecar(&self, id: TakeId) -> Result<Sidecar, StoreError> {
        let take = self.take(id)?;
        let reel = self.reel_of(id)?;
        let draft = match take.draft_version {
            Some(version) => self.draft_version(&reel.id, version)?,
            None => None,
        };
        Ok(Sidecar {
            rebuild: Rebuild {
                form: FORM,
                draft_version: take.draft_version,
                draft,
                sweep: take.sweep,
                output_url: take.output_url.clone(),
                reel: ReelRecord {
                    id: reel.id,
                    name: reel.name,
                    folder: reel.folder,
                    created_at: reel.created_at,
                },
            },
            dossier: Dossier {
                take: TakeRecord::from(&take),
                events: self.events(id)?,
                exchanges: self.exchanges(id)?,
            },
        })
    }

    fn reel_of(&self, id: TakeId) -> Result<Reel, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached("SELECT * FROM reels WHERE id = (SELECT reel_id FROM takes WHERE id = ?1)")?
                .query_row([id.0], super::reel::read)
                .optional()?
                .ok_or_else(|| StoreError::NoSuchTake(id).into())
        })
    }
}
