//! Sweeps: takes that were made by one action and differ in one named thing.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::take::TakeRecord;
use crate::model::{Seed, TakeState, Usd};

use super::queue::admit::NewSweep;
use super::takes::sidecar::Rebuild;
use super::{SqlOrRule, Store, StoreError, columns};

/// A sweep, without its takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sweep {
    pub number: i64,
    /// The reel's name.
    pub reel: String,
    /// What its takes differ in: `seed`, a parameter, or a variable of the prompt.
    pub varies: String,
    /// The earlier sweep whose seeds were used again with a changed form.
    pub pair: Option<i64>,
    pub created_at: Timestamp,
}

/// How far the takes of a sweep are. Takes that a later one repeats count once, as the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    pub takes: u32,
    pub saved: u32,
    /// Failed, refused, expired or never sent.
    pub failed: u32,
    pub cancelled: u32,
    pub circled: u32,
    pub rejected: u32,
    /// Bills, and estimates of what was sent and is not billed yet.
    pub cost: Usd,
    /// Whether a part of the cost is an estimate.
    pub is_estimate: bool,
}

/// A sweep as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRow {
    pub sweep: Sweep,
    pub progress: Progress,
}

const SWEEP: &str = "SELECT id, (SELECT name FROM reels WHERE id = reel_id) AS reel, varies, pair, created_at
     FROM sweeps";

impl Store {
    /// The sweep of that number.
    pub fn sweep(&self, number: i64) -> Result<Option<Sweep>, StoreError> {
        self.read(|connection| Ok(one(connection, number)?))
    }

    /// Sweeps of a reel, or of all reels, newest first, at most `limit` from `offset` on.
    pub fn sweeps(
        &self,
        reel_id: Option<&str>,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<SweepRow>, StoreError> {
        self.read(|connection| {
            let sweeps: Vec<Sweep> = connection
                .prepare_cached(&format!(
                    "{SWEEP} WHERE ?1 IS NULL OR reel_id = ?1 ORDER BY last_take DESC LIMIT ?3 OFFSET ?2"
                ))?
                .query_map((reel_id, columns::count(offset), columns::count(limit)), read)?
                .collect::<Result<_, _>>()?;
            let rows = sweeps.into_iter().map(|sweep| {
                let progress = progress(connection, sweep.number)?;
                Ok(SweepRow { sweep, progress })
            });
            rows.collect()
        })
    }

    /// A sweep with its progress.
    ///
    /// # Errors
    /// [`StoreError::NoSuchSweep`].
    pub fn sweep_row(&self, number: i64) -> Result<SweepRow, StoreError> {
        self.read(|connection| {
            let sweep = one(connection, number)?.ok_or(StoreError::NoSuchSweep(number))?;
            let progress = progress(connection, number)?;
            Ok(SweepRow { sweep, progress })
        })
    }

    /// The seeds of a sweep in the order of its takes, each once; only those of circled takes if so wished.
    ///
    /// # Errors
    /// [`StoreError::NoSuchSweep`]; [`StoreError::NothingCircled`].
    pub fn seeds_of_sweep(&self, number: i64, only_circled: bool) -> Result<Vec<Seed>, StoreError> {
        self.read(|connection| {
            let found: Vec<(Seed, bool)> = connection
                .prepare_cached(
                    "SELECT seed, verdict = 'circled' AS circled FROM takes WHERE sweep = ?1 ORDER BY id",
                )?
                .query_map([number], |row| {
                    let seed = columns::made(row, "seed", |seed| Seed::new(seed).ok())?;
                    Ok((seed, row.get("circled")?))
                })?
                .collect::<Result<_, _>>()?;
            if found.is_empty() {
                return Err(StoreError::NoSuchSweep(number).into());
            }
            let mut seeds = Vec::new();
            for (seed, is_circled) in found {
                if (is_circled || !only_circled) && !seeds.contains(&seed) {
                    seeds.push(seed);
                }
            }
            if seeds.is_empty() {
                return Err(StoreError::NothingCircled(number).into());
            }
            Ok(seeds)
        })
    }
}

fn one(connection: &Connection, number: i64) -> rusqlite::Result<Option<Sweep>> {
    connection
        .prepare_cached(&format!("{SWEEP} WHERE id = ?1"))?
        .query_row([number], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Sweep> {
    Ok(Sweep {
        number: row.get("id")?,
        reel: row.get("reel")?,
        varies: row.get("varies")?,
        pair: row.get("pair")?,
        created_at: columns::time(row, "created_at")?,
    })
}

/// How far the takes of a sweep are.
pub fn progress(connection: &Connection, number: i64) -> Result<Progress, SqlOrRule> {
    let mut statement = connection.prepare_cached(
        "SELECT state, verdict, cost, estimate, backend,
            EXISTS (SELECT 1 FROM takes again WHERE again.parent = takes.id AND again.repeat_no > 0) AS is_repeated
         FROM takes WHERE sweep = ?1",
    )?;
    let mut rows = statement.query([number])?;
    let mut progress = Progress::default();
    while let Some(row) = rows.next()? {
        let state: TakeState = columns::word(row, "state")?;
        let cost = columns::usd_if_any(row, "cost")?;
        let is_live = row.get::<_, String>("backend")? == "live";
        if let Some(cost) = cost.filter(|_| is_live) {
            progress.cost = progress.cost + cost;
        } else if is_live && state.commits_money() {
            progress.cost = progress.cost + columns::usd(row, "estimate")?;
            progress.is_estimate = true;
        }
        if row.get("is_repeated")? {
            continue;
        }
        progress.takes += 1;
        let counted = match state {
            TakeState::Saved => Some(&mut progress.saved),
            TakeState::Cancelled => Some(&mut progress.cancelled),
            state if state.settled() => Some(&mut progress.failed),
            _ => None,
        };
        if let Some(counted) = counted {
            *counted += 1;
        }
        match row.get_ref("verdict")?.as_str().unwrap_or_default() {
            "circled" => progress.circled += 1,
            "rejected" => progress.rejected += 1,
            _ => {}
        }
    }
    Ok(progress)
}

pub const NEXT_NUMBER: &str = "SELECT 1 + max(
        coalesce((SELECT max(id) FROM sweeps), 0),
        coalesce((SELECT max(sweep) FROM takes WHERE sweep IS NOT NULL), 0))";

/// The number of the next sweep. A number of a take whose sweep was lost is not given out again.
pub fn next_number(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(NEXT_NUMBER)?
        .query_row([], |row| row.get(0))
}

pub fn insert(
    connection: &Connection,
    number: i64,
    reel_id: &str,
    new: &NewSweep,
    last_take: crate::model::TakeId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO sweeps (id, reel_id, created_at, varies, pair, last_take) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            number,
            reel_id,
            now.as_millisecond(),
            &new.varies,
            new.pair,
            last_take.0,
        ))?;
    Ok(())
}

/// Restores the sweep of a take that comes from its sidecar.
pub fn restore(
    connection: &Connection,
    reel_id: &str,
    number: i64,
    rebuild: &Rebuild,
    take: &TakeRecord,
) -> rusqlite::Result<()> {
    let varies = rebuild.varies.as_deref().unwrap_or("seed");
    connection
        .prepare_cached(
            "INSERT INTO sweeps (id, reel_id, created_at, varies, pair, last_take) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET last_take = max(last_take, excluded.last_take),
                created_at = min(created_at, excluded.created_at)",
        )?
        .execute((
            number,
            reel_id,
            take.created_at.as_millisecond(),
            varies,
            rebuild.pair,
            take.id.0,
        ))?;
    Ok(())
}
