//! The money in the ledger: reserved on acceptance, billed on completion, released on failure.

use jiff::Timestamp;
use rusqlite::{Transaction, params};

use super::{Job, Ledger, LedgerError, job};
use crate::model::Usd;

/// The account of play money. `opening` is always `balance + reserved + charged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) struct Account {
    pub opening: Usd,
    pub charged: Usd,
    pub reserved: Usd,
}

impl Account {
    /// What can still be spent.
    pub fn balance(self) -> Usd {
        self.opening - self.charged - self.reserved
    }

    pub(super) fn read(ledger: &Transaction<'_>) -> Result<Self, LedgerError> {
        let account = ledger.query_row("SELECT opening, charged, reserved FROM account", [], |row| {
            Ok(Self {
                opening: Usd::from_micros(row.get(0)?),
                charged: Usd::from_micros(row.get(1)?),
                reserved: Usd::from_micros(row.get(2)?),
            })
        })?;
        Ok(account)
    }
}

/// Everything in the ledger.
pub(in crate::sandbox) struct Audit {
    pub account: Account,
    /// Oldest first.
    pub jobs: Vec<Job>,
    pub uploads: u64,
    pub uploaded_bytes: u64,
}

impl Ledger {
    /// The account at `now`.
    pub fn account(&self, now: Timestamp) -> Result<Account, LedgerError> {
        self.decide(now, Account::read)
    }

    /// The whole ledger.
    pub fn audit(&self, now: Timestamp) -> Result<Audit, LedgerError> {
        self.decide(now, |ledger| {
            let mut query = ledger.prepare(&format!("SELECT {} FROM jobs ORDER BY id", job::COLUMNS))?;
            let jobs = query
                .query_and_then([], |row| job::read(row, now))?
                .collect::<Result<_, _>>()?;
            let (uploads, uploaded_bytes) = ledger.query_row(
                "SELECT count(*), coalesce(sum(bytes), 0) FROM uploads",
                [],
                |row| Ok((job::counted(row.get(0)?), job::counted(row.get(1)?))),
            )?;
            Ok(Audit {
                account: Account::read(ledger)?,
                jobs,
                uploads,
                uploaded_bytes,
            })
        })
    }

    /// Enters an upload.
    pub fn enter_upload(
        &self,
        now: Timestamp,
        name: &str,
        mime: &str,
        bytes: u64,
        sha256: &str,
    ) -> Result<(), LedgerError> {
        self.decide(now, |ledger| {
            ledger.execute(
                "INSERT INTO uploads (name, mime, bytes, sha256, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![name, mime, job::stored(bytes), sha256, now.as_microsecond()],
            )?;
            Ok(())
        })
    }
}

/// Reserves `price`.
pub(super) fn reserve(ledger: &Transaction<'_>, price: Usd) -> Result<(), LedgerError> {
    ledger.execute("UPDATE account SET reserved = reserved + ?1", [price.micros()])?;
    Ok(())
}

/// Settles every open job that is due, in the order of their completion.
pub(super) fn settle_due(ledger: &Transaction<'_>, now: Timestamp) -> Result<(), LedgerError> {
    let mut due = ledger.prepare_cached(
        "SELECT id, price, doom IS NOT NULL FROM jobs WHERE outcome IS NULL AND ready <= ?1 ORDER BY ready, id",
    )?;
    let due: Vec<(i64, i64, bool)> = due
        .query_map([now.as_microsecond()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, price, is_doomed) in due {
        let billed = if is_doomed { 0 } else { price };
        ledger.execute(
            "UPDATE account SET reserved = reserved - ?1, charged = charged + ?2",
            [price, billed],
        )?;
        ledger.execute(
            "UPDATE jobs SET outcome = ?2, remaining = (SELECT opening - charged - reserved FROM account)
             WHERE id = ?1",
            params![id, if is_doomed { "failed" } else { "completed" }],
        )?;
    }
    Ok(())
}
