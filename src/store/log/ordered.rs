//! Reads takes in any order page by page, and finds places among them.

use rusqlite::{OptionalExtension, params_from_iter};

use crate::model::{Take, TakeId};
use crate::store::{Store, StoreError, columns};

use super::filter::{Filter, Where};
use super::order::{Order, OrderBy};
use super::pages;

/// How many takes a filter lets through, and how many of them are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub takes: u64,
    pub saved: u64,
    pub circled: u64,
    pub rejected: u64,
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
        let Where { sql, mut params } = self.rows(filter, order);
        params.extend([columns::count(limit).into(), columns::count(offset).into()]);
        let sql = format!("{} LIMIT ? OFFSET ?", pages::numbers_sql(&sql, order));
        self.read(|connection| {
            let ids: Vec<i64> = connection
                .prepare_cached(&sql)?
                .query_map(params_from_iter(params.iter()), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            pages::of_numbers(connection, &ids)
        })
    }

    /// How many takes stand before this one; `None` if `filter` does not let it through.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn place_in(&self, filter: &Filter, order: Order, id: TakeId) -> Result<Option<u64>, StoreError> {
        let among = |condition: &str| self.rows(filter, order).and(condition, [id.0.into()]);
        let (is_in, before) = (among("take_id = ?"), among(&order.is_before()));
        self.read(|connection| {
            let count = |Where { sql, params }: &Where| {
                connection
                    .prepare_cached(&format!("SELECT count(*) {sql}"))?
                    .query_row(params_from_iter(params.iter()), |row| row.get::<_, i64>(0))
            };
            if count(&is_in)? == 0 {
                return Ok(None);
            }
            Ok(Some(count(&before)?.unsigned_abs()))
        })
    }

    /// The next saved take without a verdict behind `after`, and behind the last the first; with its sweep. Where takes
    /// are ordered by verdict it goes by number, because a judged take changes its place.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_unjudged(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<TakeId>,
    ) -> Result<Option<(TakeId, Option<i64>)>, StoreError> {
        let order = match order.by {
            OrderBy::Verdict => Order {
                by: OrderBy::Number,
                ..order
            },
            _ => order,
        };
        let found = self
            .rows(filter, order)
            .and("state = 'saved' AND verdict = 'none'", []);
        let behind = after.map(|after| found.and(&order.is_behind(), [after.0.into()]));
        self.read(|connection| {
            for Where { sql, params } in behind.iter().chain([&found]) {
                let sql = format!("SELECT take_id, sweep {sql} ORDER BY {} LIMIT 1", order.terms());
                let found = connection
                    .prepare_cached(&sql)?
                    .query_row(params_from_iter(params.iter()), |row| {
                        Ok((TakeId(row.get(0)?), row.get(1)?))
                    })
                    .optional()?;
                if found.is_some() {
                    return Ok(found);
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
            Ok(connection
                .prepare_cached(&sql)?
                .query_row(params_from_iter(params.iter()), |row| {
                    Ok(Tally {
                        takes: count(row, 0)?,
                        saved: count(row, 1)?,
                        circled: count(row, 2)?,
                        rejected: count(row, 3)?,
                    })
                })?)
        })
    }
}
