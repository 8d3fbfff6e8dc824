//! Lists the request history: filtered, sorted, by page.

use jiff::Timestamp;
use rusqlite::types::Value;

use super::{Job, Ledger, LedgerError, job};

/// Which jobs are listed.
#[derive(Debug, Clone)]
pub(in crate::sandbox) struct JobFilter {
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
    /// A part of the model's name.
    pub model_name: Option<String>,
    /// `COMPLETED`, `FAILED` or `PENDING`.
    pub status: Option<String>,
    /// The SQL that a page is sorted by.
    pub order: &'static str,
    pub ascending: bool,
    /// From 1.
    pub page: u32,
    pub per_page: u32,
}

/// One page, and how many there are on all pages.
pub(in crate::sandbox) struct Page {
    pub jobs: Vec<Job>,
    pub total: u64,
}

impl Ledger {
    /// The page that `filter` asks for.
    pub fn history(&self, now: Timestamp, filter: &JobFilter) -> Result<Page, LedgerError> {
        let (condition, mut values) = condition(filter);
        let column = filter.order;
        let direction = if filter.ascending { "ASC" } else { "DESC" };
        self.decide(now, |ledger| {
            let total = ledger.query_row(
                &format!("SELECT count(*) FROM jobs WHERE {condition}"),
                rusqlite::params_from_iter(values.iter()),
                |row| row.get(0).map(job::counted),
            )?;
            let skipped = i64::from(filter.page.saturating_sub(1)) * i64::from(filter.per_page);
            values.extend([Value::from(i64::from(filter.per_page)), Value::from(skipped)]);
            let mut query = ledger.prepare(&format!(
                "SELECT {} FROM jobs WHERE {condition} ORDER BY {column} {direction}, id {direction} LIMIT ? OFFSET ?",
                job::COLUMNS
            ))?;
            let jobs = query
                .query_and_then(rusqlite::params_from_iter(values.iter()), |row| job::read(row, now))?
                .collect::<Result<_, _>>()?;
            Ok(Page { jobs, total })
        })
    }
}

fn condition(filter: &JobFilter) -> (String, Vec<Value>) {
    let mut condition = "created >= ? AND created < ?".to_owned();
    let mut values = vec![
        Value::from(filter.from.as_microsecond()),
        Value::from(filter.to.as_microsecond()),
    ];
    if let Some(part) = &filter.model_name {
        condition += " AND instr(model, ?) > 0";
        values.push(Value::from(part.clone()));
    }
    if let Some(status) = &filter.status {
        condition += " AND coalesce(upper(outcome), 'PENDING') = ?";
        values.push(Value::from(status.clone()));
    }
    (condition, values)
}
