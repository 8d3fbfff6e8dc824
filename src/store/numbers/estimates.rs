//! How far bills were from their estimates.

use rusqlite::Connection;

use crate::model::Backend;
use crate::store::SqlOrRule;

/// How far bills were from their estimates, in tenths of a percent of the estimate; above it is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstimateError {
    /// Bills that had an estimate.
    pub bills: u64,
    pub median: i64,
    pub least: i64,
    pub most: i64,
}

/// Differences are rounded half away from zero, as the log shows them; of two middle ones the mean counts. What cost
/// nothing had no bill.
pub const SQL: &str = "WITH
        bill (off) AS (
            SELECT iif(cost < estimate, -1, 1) * ((abs(cost - estimate) * 1000 + estimate / 2) / estimate) FROM takes
            WHERE backend = ?1 AND (?2 IS NULL OR reel_id = ?2) AND cost > 0 AND estimate > 0),
        sorted (off, place, bills) AS (SELECT off, row_number() OVER (ORDER BY off), count(*) OVER () FROM bill)
    SELECT count(*) AS bills, min(off) AS least, max(off) AS most,
        (sum(iif(place = (bills + 1) / 2, off, 0)) + sum(iif(place = (bills + 2) / 2, off, 0))) / 2 AS median
    FROM sorted";

/// The error of the estimates of live takes, in one reel or in all; `None` without a bill. A sandbox sends no bills.
pub fn error(
    connection: &Connection,
    (backend, reel_id): (Backend, Option<&str>),
) -> Result<Option<EstimateError>, SqlOrRule> {
    if backend == Backend::Sandbox {
        return Ok(None);
    }
    let mut statement = connection.prepare_cached(SQL)?;
    Ok(statement.query_row((backend.word(), reel_id), |row| {
        let bills = row.get::<_, i64>("bills")?.unsigned_abs();
        if bills == 0 {
            return Ok(None);
        }
        Ok(Some(EstimateError {
            bills,
            median: row.get("median")?,
            least: row.get("least")?,
            most: row.get("most")?,
        }))
    })?)
}
