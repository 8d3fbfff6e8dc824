//! Sweeps: takes that were made by one action and differ in one named thing.

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use crate::model::take::{TakeRecord, commits_money};
use crate::model::{Backend, Seed, TakeId, TakeState, Usd, Verdict};

use super::takes::sidecar::Rebuild;
use super::{Filter, SqlOrRule, Store, StoreError, columns};

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

/// What is known of a sweep when its takes are admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSweep {
    /// What its takes differ in: `seed`, a parameter, or a variable of the prompt.
    pub varies: String,
    /// The earlier sweep whose seeds are used again.
    pub pair: Option<i64>,
}

impl Default for NewSweep {
    fn default() -> Self {
        Self {
            varies: "seed".to_owned(),
            pair: None,
        }
    }
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

/// What is known of a take where a sweep is shown as one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub id: TakeId,
    pub state: TakeState,
    pub verdict: Verdict,
    pub backend: Backend,
    pub estimate: Usd,
    pub cost: Option<Usd>,
    pub is_paused: bool,
    /// A later take of the sweep repeats it.
    pub is_repeated: bool,
}

impl Progress {
    /// How far these takes are.
    pub fn of(members: &[Member]) -> Self {
        let mut progress = Self::default();
        for member in members {
            let is_live = member.backend == Backend::Live;
            if let Some(cost) = member.cost.filter(|_| is_live) {
                progress.cost = progress.cost + cost;
            } else if is_live && commits_money(member.state, member.cost) {
                progress.cost = progress.cost + member.estimate;
                progress.is_estimate = true;
            }
            if !member.is_repeated {
                progress.count(member);
            }
        }
        progress
    }

    fn count(&mut self, member: &Member) {
        self.takes += 1;
        match member.state {
            TakeState::Saved => self.saved += 1,
            TakeState::Cancelled => self.cancelled += 1,
            state if state.settled() => self.failed += 1,
            _ => {}
        }
        match member.verdict {
            Verdict::Circled => self.circled += 1,
            Verdict::Rejected => self.rejected += 1,
            Verdict::None => {}
        }
    }
}

/// A sweep as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SweepRow {
    pub sweep: Sweep,
    pub progress: Progress,
    /// All of its takes, in the order in which they were made.
    pub members: Vec<Member>,
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
        let tail = "WHERE ?1 IS NULL OR reel_id = ?1 ORDER BY last_take DESC LIMIT ?3 OFFSET ?2";
        self.read(|connection| {
            let params = (reel_id, columns::count(offset), columns::count(limit));
            several(connection, tail, params)
        })
    }

    /// The sweeps with a take that `filter` lets through, newest first, at most `limit` from `offset` on.
    pub fn sweeps_with(&self, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<SweepRow>, StoreError> {
        let found = filter.to_sql(self.clock.now());
        let mut params = found.params;
        params.extend([columns::count(limit), columns::count(offset)].map(Value::from));
        let tail = format!(
            "WHERE id IN (SELECT sweep {}) ORDER BY last_take DESC LIMIT ? OFFSET ?",
            found.sql
        );
        self.read(|connection| several(connection, &tail, rusqlite::params_from_iter(params.iter())))
    }

    /// What lists show of these takes.
    pub fn members(&self, ids: &[TakeId]) -> Result<Vec<Member>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = serde_json::json!(ids).to_string();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(OF_THESE)?;
            Ok(statement.query_map([&ids], member)?.collect::<Result<_, _>>()?)
        })
    }

    /// A sweep with its progress.
    ///
    /// # Errors
    /// [`StoreError::NoSuchSweep`].
    pub fn sweep_row(&self, number: i64) -> Result<SweepRow, StoreError> {
        self.read(|connection| row(connection, number))
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

fn several(connection: &Connection, tail: &str, params: impl Params) -> Result<Vec<SweepRow>, SqlOrRule> {
    let sweeps: Vec<Sweep> = connection
        .prepare_cached(&format!("{SWEEP} {tail}"))?
        .query_map(params, read)?
        .collect::<Result<_, _>>()?;
    sweeps
        .into_iter()
        .map(|sweep| with_takes(connection, sweep))
        .collect()
}

/// The sweep of that number with its takes.
pub fn row(connection: &Connection, number: i64) -> Result<SweepRow, SqlOrRule> {
    let sweep = one(connection, number)?.ok_or(StoreError::NoSuchSweep(number))?;
    with_takes(connection, sweep)
}

fn with_takes(connection: &Connection, sweep: Sweep) -> Result<SweepRow, SqlOrRule> {
    let members: Vec<Member> = connection
        .prepare_cached(MEMBERS)?
        .query_map([sweep.number], member)?
        .collect::<Result<_, _>>()?;
    Ok(SweepRow {
        sweep,
        progress: Progress::of(&members),
        members,
    })
}

/// What lists show of the takes of a sweep.
pub const MEMBERS: &str = "SELECT id, state, verdict, cost, estimate, backend, paused,
        EXISTS (SELECT 1 FROM takes again WHERE again.parent = takes.id AND again.repeat_no > 0) AS is_repeated
     FROM takes WHERE sweep = ?1 ORDER BY id";

const OF_THESE: &str = "SELECT id, state, verdict, cost, estimate, backend, paused, 0 AS is_repeated
     FROM takes WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id";

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        id: TakeId(row.get("id")?),
        state: columns::word(row, "state")?,
        verdict: columns::word(row, "verdict")?,
        backend: columns::word(row, "backend")?,
        estimate: columns::usd(row, "estimate")?,
        cost: columns::usd_if_any(row, "cost")?,
        is_paused: row.get("paused")?,
        is_repeated: row.get("is_repeated")?,
    })
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
    last_take: TakeId,
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

/// The number here of a sweep of another home that is `number` there: its own if that sweep is here already, else a new one.
pub fn number_here(
    connection: &Connection,
    reel_id: &str,
    number: i64,
    created_at: Timestamp,
) -> rusqlite::Result<i64> {
    let known: Option<(String, i64)> = connection
        .prepare_cached("SELECT reel_id, created_at FROM sweeps WHERE id = ?1")?
        .query_row([number], |row| Ok((row.get("reel_id")?, row.get("created_at")?)))
        .optional()?;
    match known {
        Some(known) if known == (reel_id.to_owned(), created_at.as_millisecond()) => Ok(number),
        None if (1..=TakeId::MAX.0).contains(&number) => Ok(number),
        _ => next_number(connection),
    }
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

/// Restores sweeps that were lost although their takes are there, so that the log shows these takes.
pub fn restore_missing(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO sweeps (id, reel_id, created_at, varies, last_take)
         SELECT sweep, min(reel_id),
             coalesce((SELECT min(at) FROM events WHERE take_id = min(takes.id)), 0), 'seed',
             max(iif(repeat_no = 0, id, 0))
         FROM takes WHERE sweep IS NOT NULL AND sweep NOT IN (SELECT id FROM sweeps) GROUP BY sweep",
        [],
    )?;
    Ok(())
}
