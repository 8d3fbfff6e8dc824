//! Reads the log page by page.

use rusqlite::OptionalExtension;

use crate::model::{Take, TakeId};
use crate::store::takes::read;
use crate::store::{Store, StoreError, columns};

use super::filter::{Filter, Where};

impl Store {
    /// The takes that `filter` lets through, newest first, from `offset` on, at most `limit`.
    pub fn takes(&self, filter: &Filter, offset: u64, limit: u64) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        params.extend([columns::count(limit).into(), columns::count(offset).into()]);
        let tail = page_sql(&sql);
        self.read(|connection| {
            let page = read::several(connection, &tail, rusqlite::params_from_iter(params.iter()))?;
            Ok(page)
        })
    }

    /// The row of a take among those that `filter` lets through, newest first; `None` if it is not one of them.
    pub fn row_of(&self, filter: &Filter, id: TakeId) -> Result<Option<u64>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        let word = if sql.is_empty() { "WHERE" } else { "AND" };
        params.push(id.0.into());
        self.read(|connection| {
            let count = |compare: &str| {
                connection
                    .prepare_cached(&format!("SELECT count(*) FROM takes {sql} {word} id {compare} ?"))?
                    .query_row(rusqlite::params_from_iter(params.iter()), |row| {
                        row.get::<_, i64>(0)
                    })
            };
            if count("=")? == 0 {
                return Ok(None);
            }
            Ok(Some(count(">")?.unsigned_abs()))
        })
    }

    /// The newest saved take without a verdict that `filter` lets through, older than `before`; with its sweep.
    pub fn next_unjudged(
        &self,
        filter: &Filter,
        before: TakeId,
    ) -> Result<Option<(TakeId, Option<i64>)>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        let word = if sql.is_empty() { "WHERE" } else { "AND" };
        params.push(before.0.into());
        let sql = format!(
            "SELECT id, sweep FROM takes {sql} {word} +state = 'saved' AND +verdict = 'none' AND id < ?
             ORDER BY id DESC LIMIT 1"
        );
        self.read(|connection| {
            let params = rusqlite::params_from_iter(params.iter());
            let found = connection
                .prepare_cached(&sql)?
                .query_row(params, |row| Ok((TakeId(row.get("id")?), row.get("sweep")?)));
            Ok(found.optional()?)
        })
    }

    /// The newest take of a reel, with its prompt, that is older than `before` and of another revision.
    pub fn prompt_before(
        &self,
        reel_id: &str,
        before: TakeId,
        revision: Option<i64>,
    ) -> Result<Option<(TakeId, String)>, StoreError> {
        self.read(|connection| {
            let found = connection
                .prepare_cached(PROMPT_BEFORE)?
                .query_row((reel_id, before.0, revision), |row| {
                    Ok((TakeId(row.get(0)?), row.get(1)?))
                });
            Ok(found.optional()?)
        })
    }

    /// How many takes `filter` lets through.
    pub fn count(&self, filter: &Filter) -> Result<u64, StoreError> {
        let Where { sql, params } = filter.to_sql();
        self.read(|connection| {
            let number: i64 = connection
                .prepare_cached(&format!("SELECT count(*) FROM takes {sql}"))?
                .query_row(rusqlite::params_from_iter(params.iter()), |row| row.get(0))?;
            Ok(number.unsigned_abs())
        })
    }
}

pub const PROMPT_BEFORE: &str = "SELECT id, prompt FROM takes
     WHERE reel_id = ?1 AND id < ?2 AND draft_version IS NOT ?3 ORDER BY id DESC LIMIT 1";

/// The page is selected by number alone, so that rows that are skipped are not read.
pub fn page_sql(condition: &str) -> String {
    format!(
        "WHERE t.id IN (SELECT id FROM takes {condition} ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY t.id DESC"
    )
}
