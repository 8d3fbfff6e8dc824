//! Everything that is known of one take, as `rushes show --json` prints it and as the file beside its video keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::take::{ProviderTimes, TakeRecord};
use crate::model::{Form, TakeId};
use crate::store::{Reel, Store, StoreError};

use super::events::TakeEvent;
use super::exchanges::Exchange;

/// The version of the files' format; this program does not read later ones.
pub const FORMAT: u32 = 1;

/// A take with everything that happened to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dossier {
    #[serde(flatten)]
    pub take: TakeRecord,
    /// Oldest first.
    pub events: Vec<TakeEvent>,
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
    /// Whether this program knows its format.
    pub const fn can_be_read(&self) -> bool {
        self.rebuild.format <= FORMAT
    }
}

/// What no command prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rebuild {
    /// The format of the file.
    #[serde(rename = "form")]
    pub format: u32,
    pub reel: Reel,
    #[serde(rename = "draft_version")]
    pub revision: Option<i64>,
    #[serde(rename = "draft")]
    pub form: Option<Form>,
    pub sweep: Option<i64>,
    /// What the sweep varies; sidecars of earlier releases do not name it.
    #[serde(default)]
    pub varies: Option<String>,
    #[serde(default)]
    pub pair: Option<i64>,
    #[serde(default)]
    pub variant: Option<String>,
    pub output_url: Option<String>,
    #[serde(default)]
    pub emptied_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "ProviderTimes::is_unknown")]
    pub provider_times: ProviderTimes,
}

impl Store {
    /// The take with its events and exchanges.
    pub fn dossier(&self, id: TakeId) -> Result<Dossier, StoreError> {
        Ok(Dossier {
            take: TakeRecord::from(&self.take(id)?),
            events: self.events(id)?,
            exchanges: self.exchanges(id)?,
        })
    }

    /// The take as its sidecar keeps it.
    pub fn sidecar(&self, id: TakeId) -> Result<Sidecar, StoreError> {
        let (take, reel) = (self.take(id)?, self.reel_of(id)?);
        let form = match take.revision {
            Some(revision) => self.forms(&reel.id).revision(revision)?,
            None => None,
        };
        let sweep = match take.sweep {
            Some(number) => self.sweep(number)?,
            None => None,
        };
        Ok(Sidecar {
            rebuild: Rebuild {
                format: FORMAT,
                reel,
                revision: take.revision,
                form,
                sweep: take.sweep,
                varies: sweep.as_ref().map(|sweep| sweep.varies.clone()),
                pair: sweep.and_then(|sweep| sweep.pair),
                variant: take.variant.clone(),
                output_url: take.output_url.clone(),
                emptied_at: take.emptied_at,
                provider_times: take.provider_times,
            },
            dossier: Dossier {
                take: TakeRecord::from(&take),
                events: self.events(id)?,
                exchanges: self.exchanges(id)?,
            },
        })
    }
}
