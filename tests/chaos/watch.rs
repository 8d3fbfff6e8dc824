//! Reads the store from outside, without writing: who works on what at this moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rushes::model::TakeId;
use rusqlite::{Connection, OpenFlags};

use crate::waiting::until;

/// A disk that is full for a while, or a database that is just being made, is looked at again for so long.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Watch {
    database: PathBuf,
    /// The takes that were there before the round, as SQL lists them.
    primed: String,
    connection: Option<Connection>,
}

impl Watch {
    /// Of a round before which these takes were there.
    pub fn new(database: &Path, primed: &[TakeId]) -> Self {
        let primed: Vec<String> = primed.iter().map(ToString::to_string).collect();
        Self {
            database: database.to_owned(),
            primed: primed.join(","),
            connection: None,
        }
    }

    fn open(&mut self) -> rusqlite::Result<&Connection> {
        let connection = if let Some(open) = self.connection.take() {
            open
        } else {
            let new = Connection::open_with_flags(&self.database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            new.busy_timeout(Duration::from_secs(5))?;
            new
        };
        Ok(self.connection.insert(connection))
    }

    fn try_rows<T>(
        &mut self,
        sql: &str,
        read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.open()?.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| read(row))?;
        rows.collect()
    }

    /// Nothing until the first client has made the store.
    fn rows<T>(&mut self, sql: &str, read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        if !self.database.exists() {
            return Vec::new();
        }
        let found = until(PATIENCE, || {
            let found = self.try_rows(sql, &read);
            if found.is_err() {
                self.connection = None;
            }
            found
        });
        found.unwrap_or_else(|error| panic!("the store cannot be read: {error}: {sql}"))
    }

    /// How many takes are in each state.
    pub fn states(&mut self) -> BTreeMap<String, u64> {
        let sql = format!(
            "SELECT state, count(*) FROM takes WHERE id NOT IN ({}) GROUP BY state",
            self.primed
        );
        self.rows(&sql, |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })
        .into_iter()
        .collect()
    }

    /// How many takes are in the queue.
    pub fn waiting(&mut self) -> u64 {
        self.states().get("waiting").copied().unwrap_or(0)
    }

    /// Waiting takes that a user paused.
    pub fn paused(&mut self) -> Vec<i64> {
        self.rows("SELECT id FROM takes WHERE paused AND state = 'waiting'", |row| {
            row.get(0)
        })
    }

    /// The saved drafts that the provider may finish.
    pub fn drafts(&mut self) -> Vec<i64> {
        self.rows(
            "SELECT id FROM takes WHERE draft_id IS NOT NULL AND state = 'saved'",
            |row| row.get(0),
        )
    }

    /// Those of them that have days left at `now`, and no final.
    pub fn unfinished_drafts(&mut self, now: Timestamp) -> Vec<i64> {
        let sql = format!(
            "SELECT id FROM takes AS draft WHERE draft_expires > {} AND state = 'saved' AND NOT EXISTS
                 (SELECT 1 FROM takes WHERE finishes = draft.draft_id)",
            now.as_millisecond()
        );
        self.rows(&sql, |row| row.get(0))
    }

    /// How many drafts that can be finished are on their way.
    pub fn unsettled_drafts(&mut self) -> u64 {
        let sql = "SELECT count(*) FROM takes WHERE model LIKE '%draft%' AND finishes IS NULL
             AND state IN ('waiting', 'submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered')";
        let counted = self.rows(sql, |row| row.get::<_, i64>(0));
        counted.first().map_or(0, |count| count.unsigned_abs())
    }

    /// How many takes have steps into `state` after one into UNKNOWN: how unclear outcomes were resolved.
    pub fn cleared_up(&mut self) -> BTreeMap<String, u64> {
        self.rows(
            "SELECT to_state, count(*) FROM events WHERE from_state = 'unknown' GROUP BY to_state",
            |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())),
        )
        .into_iter()
        .collect()
    }

    pub fn steps_into(&mut self, state: &str) -> u64 {
        let sql = format!(
            "SELECT count(*) FROM events WHERE to_state = '{state}' AND take_id NOT IN ({})",
            self.primed
        );
        self.rows(&sql, |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))
            .first()
            .copied()
            .unwrap_or(0)
    }

    /// Takes that were sent more often than they entered the queue: each was put there by a proof that nothing was bought.
    pub fn sent_too_often(&mut self) -> Vec<i64> {
        self.rows(
            "SELECT take_id FROM events GROUP BY take_id
             HAVING sum(to_state = 'submitting') > sum(to_state = 'waiting')",
            |row| row.get(0),
        )
    }

    /// The number of the newest event.
    pub fn last_event(&mut self) -> i64 {
        let newest = self.rows("SELECT coalesce(max(id), 0) FROM events", |row| row.get(0));
        newest.first().copied().unwrap_or(0)
    }

    /// When each take was last sent, in the order in which they were: the event's number, its time, and the take.
    pub fn last_sent(&mut self) -> Vec<(i64, Timestamp, TakeId)> {
        self.rows(
            "SELECT max(id), at, take_id FROM events WHERE to_state = 'submitting' GROUP BY take_id ORDER BY max(id)",
            |row| {
                let at = Timestamp::from_millisecond(row.get(1)?).unwrap();
                Ok((row.get(0)?, at, TakeId(row.get(2)?)))
            },
        )
    }

    /// Why the queue is stopped, if it is for a bill above its reserve.
    pub fn stopped_by_a_bill(&mut self) -> Option<String> {
        let sql = "SELECT stopped_detail FROM lines WHERE stopped_kind = 'bill_above_reserve'";
        self.rows(sql, |row| row.get(0)).pop()
    }

    /// The processes that have leases, and the state of one take of each.
    pub fn owned(&mut self) -> Vec<(u32, String)> {
        self.rows(
            "SELECT owner, state FROM takes WHERE owner IS NOT NULL AND lease_until IS NOT NULL",
            |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
        )
        .into_iter()
        .filter_map(|(owner, state)| Some((owner.split_once('-')?.0.parse().ok()?, state)))
        .collect()
    }

    /// The events of the takes with this body's prompt and seed, for the report of a failure.
    pub fn ways(&mut self, prompt: &str, seed: i64) -> String {
        let rows = self.rows(
            "SELECT t.prompt, t.seed, e.take_id, e.at, coalesce(e.from_state, ''), e.to_state, e.detail,
                    coalesce(e.owner, '')
             FROM events e JOIN takes t ON t.id = e.take_id ORDER BY e.id",
            |row| {
                let line = format!(
                    "  take {} {} {} → {} [{}] {}",
                    row.get::<_, i64>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, String>(4)?,
                    row.get::<_, String>(5)?,
                    row.get::<_, String>(7)?,
                    row.get::<_, String>(6)?,
                );
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, line))
            },
        );
        rows.into_iter()
            .filter(|(of, with, _)| of == prompt && *with == seed)
            .map(|(_, _, line)| line)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
