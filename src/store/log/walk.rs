//! Walks the log from its oldest take to its newest.

use crate::model::{Take, TakeId};
use crate::store::takes::read;
use crate::store::{Store, StoreError, columns};

use super::filter::{Filter, Where};

impl Store {
    /// The oldest takes after `after` that `filter` lets through, oldest first, at most `limit`. A walk by numbers meets
    /// every take once, whatever is added meanwhile.
    pub fn takes_after(&self, filter: &Filter, after: TakeId, limit: u64) -> Result<Vec<Take>, StoreError> {
        let Where { sql, mut params } = self.condition(filter).and("take_id > ?", [after.0.into()]);
        params.push(columns::count(limit).into());
        let tail = format!("WHERE t.id IN (SELECT take_id {sql} ORDER BY take_id LIMIT ?) ORDER BY t.id");
        self.read(|connection| {
            let takes = read::several(connection, &tail, rusqlite::params_from_iter(params.iter()))?;
            Ok(takes)
        })
    }
}
