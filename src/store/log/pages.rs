//! Reads the log page by page.

use std::collections::{HashMap, VecDeque};

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::model::{Take, TakeId};
use crate::store::takes::read;
use crate::store::{SqlOrRule, Store, StoreError, columns};

use super::filter::{Filter, Where};
use super::order::{Order, OrderBy};

/// A page of the takes that a filter lets through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FilteredPage {
    /// How many takes there are in all.
    pub count: u64,
    /// The place of the first take of the page.
    pub offset: u64,
    pub takes: Vec<Take>,
}

impl Store {
    /// The condition of a filter on rows of the log, now.
    pub(super) fn condition(&self, filter: &Filter) -> Where {
        filter.to_sql(self.clock.now())
    }

    /// The same for rows that are put in this order.
    pub(super) fn rows(&self, filter: &Filter, order: Order) -> Where {
        let found = self.condition(filter);
        match order.by {
            OrderBy::Number => found,
            _ => found.on_log(),
        }
    }

    /// The takes that `filter` lets through, newest first, from `offset` on, at most `limit`.
    pub fn takes(&self, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = self.condition(filter);
        params.extend([columns::count(limit).into(), columns::count(offset).into()]);
        let tail = page_sql(&sql);
        self.read(|connection| Ok(read::several(connection, &tail, params_from_iter(params.iter()))?))
    }

    /// The newest takes that `filter` lets through and that are older than `before`, newest first, at most `limit`. Going
    /// through the log like this costs the same for every page.
    pub fn takes_before(&self, filter: &Filter, before: TakeId, limit: u64) -> Result<Vec<Take>, StoreError> {
        let found = self.condition(filter).and("take_id < ?", [before.0.into()]);
        let mut params = found.params;
        params.extend([columns::count(limit).into(), 0.into()]);
        let tail = page_sql(&found.sql);
        self.read(|connection| Ok(read::several(connection, &tail, params_from_iter(params.iter()))?))
    }

    /// The page of `limit` takes that `filter` lets through in this order around the take `follow`, or from `offset` on if
    /// it is not one of them; and how many there are. The log is gone through once.
    pub fn filtered_page(
        &self,
        filter: &Filter,
        order: Order,
        follow: Option<TakeId>,
        offset: u64,
        limit: u64,
    ) -> Result<FilteredPage, StoreError> {
        let Where { sql, params } = self.rows(filter, order);
        let numbers = Where {
            sql: numbers_sql(&sql, order),
            params,
        };
        self.read(|connection| {
            let (count, offset, ids) = places(connection, &numbers, follow, offset, limit)?;
            Ok(FilteredPage {
                count,
                offset,
                takes: of_numbers(connection, &ids)?,
            })
        })
    }

    /// The newest take of a reel, with its prompt and revision, that is older than `before` and of another revision.
    pub fn prompt_before(
        &self,
        reel_id: &str,
        before: TakeId,
        revision: Option<i64>,
    ) -> Result<Option<(TakeId, String, Option<i64>)>, StoreError> {
        self.read(|connection| {
            let found = connection
                .prepare_cached(PROMPT_BEFORE)?
                .query_row((reel_id, before.0, revision), |row| {
                    Ok((TakeId(row.get(0)?), row.get(1)?, row.get(2)?))
                });
            Ok(found.optional()?)
        })
    }

    /// How many takes `filter` lets through.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        let Where { sql, params } = self.condition(filter);
        let sql = if filter.is_of_reel_alone() {
            COUNT_OF_REEL.to_owned()
        } else {
            format!("SELECT count(*) {sql}")
        };
        self.read(|connection| {
            let number: i64 = connection
                .prepare_cached(&sql)?
                .query_row(params_from_iter(params.iter()), |row| row.get(0))?;
            Ok(number.unsigned_abs())
        })
    }
}

/// The narrowest index that begins with the reel.
pub const COUNT_OF_REEL: &str = "SELECT count(*) FROM takes INDEXED BY takes_fold WHERE reel_id = ?";

pub const PROMPT_BEFORE: &str =
    "SELECT take_id, (SELECT prompt FROM takes WHERE id = take_id), revision FROM log
     WHERE reel_id = ?1 AND take_id < ?2 AND revision IS NOT ?3 ORDER BY take_id DESC LIMIT 1";

/// The page is selected by number alone, so that rows that are skipped are not read.
pub fn page_sql(condition: &str) -> String {
    let ids = format!("SELECT take_id {condition} ORDER BY take_id DESC LIMIT ? OFFSET ?");
    format!("WHERE t.id IN ({ids}) ORDER BY t.id DESC")
}

/// The numbers of all takes that a filter lets through, in this order.
pub fn numbers_sql(condition: &str, order: Order) -> String {
    format!("SELECT take_id {condition} ORDER BY {}", order.terms())
}

/// How many takes there are, and place and numbers of those on the page.
fn places(
    connection: &Connection,
    numbers: &Where,
    follow: Option<TakeId>,
    offset: u64,
    limit: u64,
) -> rusqlite::Result<(u64, u64, Vec<i64>)> {
    let half = limit / 2;
    let mut statement = connection.prepare_cached(&numbers.sql)?;
    let mut rows = statement.query(params_from_iter(numbers.params.iter()))?;
    // The page that was asked for, the takes that came last, and the page around the one that is followed.
    let (mut asked, mut last, mut around) = (Vec::new(), VecDeque::new(), None);
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        match &mut around {
            None if follow == Some(TakeId(id)) => {
                let first: u64 = count - last.len() as u64;
                let page: Vec<i64> = last.drain(..).chain([id]).collect();
                around = Some((first, page));
            }
            None => {
                if follow.is_some() {
                    last.push_back(id);
                    if last.len() as u64 > half {
                        last.pop_front();
                    }
                }
                if (offset..offset.saturating_add(limit)).contains(&count) {
                    asked.push(id);
                }
            }
            Some((_, page)) if (page.len() as u64) < limit => page.push(id),
            Some(_) => {}
        }
        count += 1;
    }
    let (offset, ids) = around.unwrap_or((offset, asked));
    Ok((count, offset, ids))
}

/// The takes of these numbers, in the same order.
pub(super) fn of_numbers(connection: &Connection, ids: &[i64]) -> Result<Vec<Take>, SqlOrRule> {
    let tail = "WHERE t.id IN (SELECT value FROM json_each(?1))";
    let list = serde_json::json!(ids).to_string();
    let takes = read::several(connection, tail, [list])?;
    let mut by_number: HashMap<i64, Take> = takes.into_iter().map(|take| (take.id.0, take)).collect();
    Ok(ids.iter().filter_map(|id| by_number.remove(id)).collect())
}
