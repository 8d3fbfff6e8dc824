//! What became of sending the same request with the same seed once more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::likeness::Likeness;
use crate::model::{Backend, Lineage, Take, TakeId};

use super::takes::read;
use super::{Store, StoreError};

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
        let params = (
            take.seed.number(),
            take.model.slug(),
            take.backend.word(),
            take.id.0,
        );
        let tail =
            "WHERE t.seed = ?1 AND +t.model = ?2 AND +t.backend = ?3 AND t.id <> ?4 ORDER BY t.id DESC";
        let mut twins = self.read(|connection| Ok(read::several(connection, tail, params)?))?;
        twins.retain(|other| are_twins(take, other));
        Ok(twins)
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
        one.lineage == Some(Lineage::Repeated) && one.parent == Some(other.id) && prompt(one) == prompt(other)
    };
    about(one) == about(other) && (one.body == other.body || repeats(one, other) || repeats(other, one))
}

fn prompt(take: &Take) -> Option<&str> {
    take.body.get("prompt")?.as_str()
}

/// The beginning of the settings that keep results, and what comes after all of them.
const PROBE: &str = "probe ";
const AFTER_PROBES: &str = "probe!";

fn key(one: TakeId, other: TakeId) -> String {
    format!("{PROBE}{} {}", one.min(other), one.max(other))
}
