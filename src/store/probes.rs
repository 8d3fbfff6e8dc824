//! What became of sending the same request with the same seed once more.

use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::model::likeness::Likeness;
use crate::model::{Backend, Lineage, Take, TakeId, TakeState};

use super::takes::read;
use super::{SqlOrRule, Store, StoreError};

/// Two takes of one request that were compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    pub take: TakeId,
    pub other: TakeId,
    /// The model's slug, which may have left the catalogue since.
    pub model: String,
    pub backend: Backend,
    /// When the newer of both takes was made.
    pub made_at: Timestamp,
    /// When they were compared.
    pub at: Timestamp,
    /// Whether both sent the same request with the same seed: what is compared otherwise tells nothing about the model.
    pub is_repeat: bool,
    pub likeness: Likeness,
}

impl Probe {
    /// The take that `take` was compared with; `None` when it is neither of both.
    pub fn other_of(&self, take: TakeId) -> Option<TakeId> {
        match take {
            _ if take == self.take => Some(self.other),
            _ if take == self.other => Some(self.take),
            _ => None,
        }
    }
}

/// The other takes that sent a take's request with its seed, as they were when the user was asked to pay for one more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTwins {
    pub of: TakeId,
    pub twins: Vec<(TakeId, TakeState)>,
}

impl Store {
    /// Keeps a result, instead of an earlier one of the same two takes.
    pub fn keep_probe(&self, probe: &Probe) -> Result<(), StoreError> {
        let text = serde_json::to_string(probe).unwrap_or_default();
        self.set_setting(&key(probe.take, probe.other), &text)
    }

    /// Every result, the newest first.
    pub fn probes(&self) -> Result<Vec<Probe>, StoreError> {
        let mut probes: Vec<Probe> = self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT value FROM settings WHERE key >= ?1 AND key < ?2")?;
            let texts = statement.query_map([PROBE, AFTER_PROBES], |row| row.get::<_, String>(0))?;
            let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
            // One that a later rushes wrote in another way is not read.
            Ok(texts
                .iter()
                .filter_map(|text| serde_json::from_str(text).ok())
                .collect())
        })?;
        probes.sort_by_key(|probe| std::cmp::Reverse((probe.at, probe.other)));
        Ok(probes)
    }

    /// The other takes that sent the request of this one with its seed, the newest first.
    pub fn twins(&self, take: &Take) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| Ok(twins(connection, take)?))
    }
}

fn twins(connection: &Connection, take: &Take) -> rusqlite::Result<Vec<Take>> {
    let params = (
        take.seed.number(),
        take.model.slug(),
        take.backend.word(),
        take.id.0,
    );
    let tail = "WHERE t.seed = ?1 AND +t.model = ?2 AND +t.backend = ?3 AND t.id <> ?4 ORDER BY t.id DESC";
    let mut twins = read::several(connection, tail, params)?;
    twins.retain(|other| are_twins(take, other));
    Ok(twins)
}

/// An error when a twin has come since, or is in another state: what it gave can be had without paying again.
pub fn must_be_all(connection: &Connection, known: &KnownTwins) -> Result<(), SqlOrRule> {
    let take = read::one(connection, known.of)?;
    let is_known = |twin: &Take| known.twins.contains(&(twin.id, twin.state));
    match twins(connection, &take)?.iter().find(|twin| !is_known(twin)) {
        None => Ok(()),
        Some(twin) => Err(StoreError::TwinSince {
            of: known.of,
            twin: twin.id,
        }
        .into()),
    }
}

/// Whether two takes sent the same request with the same seed. The body of a repeat may name a reference by another URL,
/// where it was uploaded again.
pub fn are_twins(one: &Take, other: &Take) -> bool {
    let about = |take: &Take| {
        (
            take.seed,
            take.model,
            take.api_version,
            take.backend,
            take.resolution,
            take.aspect_ratio,
            take.duration,
        )
    };
    let repeats = |one: &Take, other: &Take| {
        one.lineage == Some(Lineage::Repeated)
            && one.parent == Some(other.id)
            && one.prompt() == other.prompt()
    };
    about(one) == about(other) && (one.body == other.body || repeats(one, other) || repeats(other, one))
}

/// The beginning of the settings that keep results, and what comes after all of them.
const PROBE: &str = "probe ";
const AFTER_PROBES: &str = "probe!";

fn key(one: TakeId, other: TakeId) -> String {
    format!("{PROBE}{} {}", one.min(other), one.max(other))
}
