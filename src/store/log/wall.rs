//! Reads the takes of a wall page by page: in their natural order, or by verdict, and finds places among them.

use rusqlite::OptionalExtension;
use rusqlite::types::Value;

use crate::model::{Take, TakeId};
use crate::store::takes::read;
use crate::store::{Store, StoreError, columns};

use super::filter::{Filter, Where};

/// In which order takes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The newest first; else the oldest.
    pub newest_first: bool,
    /// Before that: circled ones first, then those without a verdict, then rejected ones.
    pub by_verdict: bool,
}

/// How many takes a filter lets through, and how many of them are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub takes: u64,
    pub saved: u64,
    pub circled: u64,
    pub rejected: u64,
}

/// The rank of a verdict.
const RANK: &str = "CASE verdict WHEN 'circled' THEN 0 WHEN 'none' THEN 1 ELSE 2 END";

impl Order {
    /// What stands behind `ORDER BY`.
    fn terms(self) -> String {
        let way = if self.newest_first { "DESC" } else { "ASC" };
        if self.by_verdict {
            format!("{RANK}, id {way}")
        } else {
            format!("id {way}")
        }
    }

    /// Whether a row stands before the take whose number is the question mark.
    fn is_before(self) -> String {
        let key = if self.newest_first { "-id" } else { "id" };
        match (self.by_verdict, self.newest_first) {
            (true, _) => format!("({RANK}, {key}) < (SELECT {RANK}, {key} FROM takes WHERE id = ?)"),
            (false, true) => "id > ?".to_owned(),
            (false, false) => "id < ?".to_owned(),
        }
    }
}

impl Store {
    /// The takes that `filter` lets through in this order, from `offset` on, at most `limit`.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn takes_in(
        &self,
        filter: &Filter,
        order: Order,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        params.extend([columns::count(limit).into(), columns::count(offset).into()]);
        let order = order.terms();
        let tail = format!(
            "WHERE id IN (SELECT id FROM takes {sql} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}"
        );
        self.read(|connection| {
            Ok(read::several(
                connection,
                &tail,
                rusqlite::params_from_iter(params.iter()),
            )?)
        })
    }

    /// How many takes stand before this one; `None` if `filter` does not let it through.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn place_in(&self, filter: &Filter, order: Order, id: TakeId) -> Result<Option<u64>, StoreError> {
        let among = |condition: String| -> (String, Vec<Value>) {
            let Where { sql, mut params } = filter.to_sql();
            let word = if sql.is_empty() { "WHERE" } else { "AND" };
            params.push(id.0.into());
            (
                format!("SELECT count(*) FROM takes {sql} {word} {condition}"),
                params,
            )
        };
        let is_in = among("id = ?".to_owned());
        let before = among(order.is_before());
        self.read(|connection| {
            let count = |(sql, params): &(String, Vec<Value>)| {
                connection
                    .prepare_cached(sql)?
                    .query_row(rusqlite::params_from_iter(params.iter()), |row| {
                        row.get::<_, i64>(0)
                    })
            };
            if count(&is_in)? == 0 {
                return Ok(None);
            }
            Ok(Some(count(&before)?.unsigned_abs()))
        })
    }

    /// The next saved take without a verdict behind `after` in the natural order, and behind the last the first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn unjudged_after(
        &self,
        filter: &Filter,
        order: Order,
        after: TakeId,
    ) -> Result<Option<TakeId>, StoreError> {
        let Where { sql, params } = filter.to_sql();
        let word = if sql.is_empty() { "WHERE" } else { "AND" };
        let (is_behind, way) = if order.newest_first {
            ("id < ?", "DESC")
        } else {
            ("id > ?", "ASC")
        };
        let find = |condition: &str, id: TakeId| {
            let sql = format!(
                "SELECT id FROM takes {sql} {word} +state = 'saved' AND +verdict = 'none' AND {condition}
                 ORDER BY id {way} LIMIT 1"
            );
            let mut params = params.clone();
            params.push(id.0.into());
            (sql, params)
        };
        let (behind, first) = (find(is_behind, after), find("id <> ?", after));
        self.read(|connection| {
            for (sql, params) in [&behind, &first] {
                let found: Option<i64> = connection
                    .prepare_cached(sql)?
                    .query_row(rusqlite::params_from_iter(params.iter()), |row| row.get(0))
                    .optional()?;
                if found.is_some() {
                    return Ok(found.map(TakeId));
                }
            }
            Ok(None)
        })
    }

    /// Counts the takes that `filter` lets through.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn tally(&self, filter: &Filter) -> Result<Tally, StoreError> {
        let Where { sql, params } = filter.to_sql();
        self.read(|connection| {
            let counted = |condition: &str| format!("coalesce(sum({condition}), 0)");
            let sql = format!(
                "SELECT count(*), {}, {}, {} FROM takes {sql}",
                counted("state = 'saved'"),
                counted("verdict = 'circled'"),
                counted("verdict = 'rejected'")
            );
            let count = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<u64> {
                Ok(row.get::<_, i64>(at)?.unsigned_abs())
            };
            Ok(connection.prepare_cached(&sql)?.query_row(
                rusqlite::params_from_iter(params.iter()),
                |row| {
                    Ok(Tally {
                        takes: count(row, 0)?,
                        saved: count(row, 1)?,
                        circled: count(row, 2)?,
                        rejected: count(row, 3)?,
                    })
                },
            )?)
        })
    }
}
