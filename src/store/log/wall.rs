//! Reads the takes of a wall page by page: in their natural order, or by verdict, and finds places among them.

use rusqlite::OptionalExtension;

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
    /// What stands behind `ORDER BY` of rows of the log.
    fn terms(self) -> String {
        let way = if self.newest_first { "DESC" } else { "ASC" };
        if self.by_verdict {
            format!("{RANK}, take_id {way}")
        } else {
            format!("take_id {way}")
        }
    }

    /// Whether a row stands before the take whose number is the question mark.
    fn is_before(self) -> String {
        let (key, id) = if self.newest_first {
            ("-take_id", "-id")
        } else {
            ("take_id", "id")
        };
        match (self.by_verdict, self.newest_first) {
            (true, _) => format!("({RANK}, {key}) < (SELECT {RANK}, {id} FROM takes WHERE id = ?)"),
            (false, true) => "take_id > ?".to_owned(),
            (false, false) => "take_id < ?".to_owned(),
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
        let Where { sql, mut params } = self.condition(filter);
        params.extend([columns::count(limit).into(), columns::count(offset).into()]);
        let order = order.terms();
        let tail = format!(
            "WHERE t.id IN (SELECT take_id {sql} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {}",
            order.replace("verdict", "t.verdict").replace("take_id", "t.id")
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
        let among = |condition: &str| self.condition(filter).and(condition, [id.0.into()]);
        let (is_in, before) = (among("take_id = ?"), among(&order.is_before()));
        self.read(|connection| {
            let count = |Where { sql, params }: &Where| {
                connection
                    .prepare_cached(&format!("SELECT count(*) {sql}"))?
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
        let unjudged = "state = 'saved' AND verdict = 'none'";
        let (is_behind, way) = if order.newest_first {
            ("take_id < ?", "DESC")
        } else {
            ("take_id > ?", "ASC")
        };
        let find = |condition: &str| {
            let condition = format!("{unjudged} AND {condition}");
            self.condition(filter).and(&condition, [after.0.into()])
        };
        let (behind, first) = (find(is_behind), find("take_id <> ?"));
        self.read(|connection| {
            for Where { sql, params } in [&behind, &first] {
                let found: Option<i64> = connection
                    .prepare_cached(&format!("SELECT take_id {sql} ORDER BY take_id {way} LIMIT 1"))?
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
        let Where { sql, params } = self.condition(filter);
        self.read(|connection| {
            let counted = |condition: &str| format!("coalesce(sum({condition}), 0)");
            let sql = format!(
                "SELECT count(*), {}, {}, {} {sql}",
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
