//! Chains: takes of which each begins with the last frame of the one before it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use crate::model::{Seconds, Take, TakeId, TakeState};
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::read;

/// A take of a chain, as a strip shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub id: TakeId,
    pub duration: Seconds,
    pub state: TakeState,
}

/// The chains of takes that belong to one, by the takes' numbers.
pub type Chains = BTreeMap<TakeId, Vec<Link>>;

impl Store {
    /// The takes of the chain that this one belongs to, from its first. Where a take was continued several times, the
    /// circled continuation counts, else the last one. Rejected ones and those that ended without a video do not.
    pub fn chain_of(&self, id: TakeId) -> Result<Vec<Take>, StoreError> {
        self.read(|connection| {
            let links = links(connection, id)?.into_iter();
            links.map(|link| read::one(connection, link.id)).collect()
        })
    }

    /// The chains of those of these takes that belong to one.
    pub fn chains(&self, ids: &[TakeId]) -> Result<Chains, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let ids = serde_json::json!(ids).to_string();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(IN_CHAINS)?;
            let chained = statement.query_map([&ids], |row| row.get(0).map(TakeId))?;
            let mut chains = Chains::new();
            for id in chained {
                let id = id?;
                let links = links(connection, id)?;
                // All its continuations may be rejected, or without a video.
                if links.len() > 1 {
                    chains.insert(id, links);
                }
            }
            Ok(chains)
        })
    }
}

fn links(connection: &Connection, id: TakeId) -> Result<Vec<Link>, SqlOrRule> {
    let mut statement = connection.prepare_cached(&chain())?;
    let links = statement.query_map([id.0], link)?;
    Ok(links.collect::<Result<_, _>>()?)
}

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        id: TakeId(row.get("id")?),
        duration: columns::made(row, "duration", |seconds| Seconds::new(seconds).ok())?,
        state: columns::word(row, "state")?,
    })
}

/// The takes of a list that continue another one, or are continued.
pub const IN_CHAINS: &str = "SELECT id FROM takes WHERE id IN (SELECT value FROM json_each(?1))
     AND (lineage = 'chained'
          OR EXISTS (SELECT 1 FROM takes next WHERE next.parent = takes.id AND next.lineage = 'chained'))";

/// Parents have smaller numbers than what continues them, so both walks end.
pub fn chain() -> String {
    format!(
        "WITH RECURSIVE
         before(id) AS (SELECT ?1 UNION
            SELECT takes.parent FROM before JOIN takes ON takes.id = before.id
            WHERE takes.lineage = 'chained' AND takes.parent < takes.id),
         after(id) AS (SELECT ?1 UNION
            SELECT (SELECT next.id FROM takes next
                    WHERE next.parent = after.id AND next.lineage = 'chained' AND next.id > after.id
                      AND next.verdict <> 'rejected' AND next.state NOT IN ({})
                    ORDER BY next.verdict = 'circled' DESC, next.id DESC LIMIT 1)
            FROM after WHERE after.id IS NOT NULL)
         SELECT takes.id, takes.duration, takes.state FROM takes
         WHERE id IN (SELECT id FROM before UNION SELECT id FROM after) ORDER BY id",
        columns::states(|state| state.settled() && state != TakeState::Saved)
    )
}
