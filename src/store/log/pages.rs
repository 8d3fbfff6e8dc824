//! Reads the log page by page.

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

/// The page is selected by number alone, so that rows that are skipped are not read.
pub fn page_sql(condition: &str) -> String {
    format!(
        "WHERE t.id IN (SELECT id FROM takes {condition} ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY t.id DESC"
    )
}
