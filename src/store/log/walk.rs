//! Walks the log from its oldest take to its newest.

use crate::model::{Take, TakeId};
use crate::store::takes::read;
use crate::store::{Store, StoreError, columns};

use super::filter::{Filter, Where};

impl Store {
    /// The oldest takes after `after` that `filter` lets through, oldest first, at most `limit`. A walk by numbers meets
    /// every take once, whatever is added meanwhile.
    pub fn takes_after(&self, filter: &Filter, after: TakeId, limit: u64) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = filter.to_sql();
        let word = if sql.is_empty() { "WHERE" } else { "AND" };
        params.extend([after.0.into(), columns::count(limit).into()]);
        let tail = format!(
            "WHERE t.id IN (SELECT id FROM takes {sql} {word} id > ? ORDER BY id LIMIT ?) ORDER BY t.id"
        );
        self.read(|connection| {
            let takes = read::several(connection, &tail, rusqlite::params_from_iter(params.iter()))?;
            Ok(takes)
        })
    }
}
