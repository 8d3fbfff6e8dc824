//! The ledger: what is spent or may yet be spent, from the rows of the takes.

use jiff::Timestamp;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql};

use crate::model::caps::{CapScope, PerCap};
use crate::model::{Backend, TakeId, TakeState, Usd};

use super::takes::events::SENT_FROM_ANOTHER_HOME;
use super::{Caps, Queue, Store, StoreError, columns};

/// The beginning of the setting that remembers an account of this home.
const ACCOUNT: &str = "account ";

impl Store {
    /// Remembers that this home spends from `account` ([`crate::model::ApiKey::account`]), so that takes of it count
    /// wherever they were sent from. A claim does the same.
    pub fn use_account(&self, account: &str) -> Result<(), StoreError> {
        if self.setting(&format!("{ACCOUNT}{account}"))?.is_some() {
            return Ok(());
        }
        self.write(|transaction, _| Ok(use_account(transaction, account)?))
    }
}

/// [`Store::use_account`] within a transaction.
pub fn use_account(connection: &Connection, account: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO settings (key, value) VALUES (?1, '')")?
        .execute([format!("{ACCOUNT}{account}")])
        .map(drop)
}

/// Which takes a sum is about.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// Those that were last sent at this moment or later.
    Since(Timestamp),
    /// Those that this run of the program was the last to send.
    Session(&'a str),
    Reel(&'a str),
    Sweep(Option<i64>),
}

impl Which<'_> {
    /// The takes that were sent, as a condition on the parameter `?2`.
    const fn sent(self) -> &'static str {
        match self {
            Self::Since(_) => {
                "takes.id IN (SELECT take_id FROM events WHERE to_state = 'submitting' AND at >= ?2)"
            }
            Self::Session(_) => "takes.session = ?2",
            Self::Reel(_) => "takes.reel_id = ?2",
            Self::Sweep(_) => "takes.sweep = ?2",
        }
    }

    /// The lost ones among them. One of which the column cannot be read, so that it was kept as an object, may be one and
    /// counts.
    const fn lost(self) -> &'static str {
        match self {
            Self::Since(_) => "sent_at >= ?2",
            Self::Session(_) => {
                "sent_at IS NOT NULL AND (json_type(raw, '$.session') IS 'object' OR raw ->> '$.session' = ?2)"
            }
            Self::Reel(_) => {
                "sent_at IS NOT NULL AND (json_type(raw, '$.reel_id') IS NOT 'text' OR raw ->> '$.reel_id' = ?2)"
            }
            Self::Sweep(_) => {
                "sent_at IS NOT NULL AND (json_type(raw, '$.sweep') IS 'object' OR raw ->> '$.sweep' = ?2)"
            }
        }
    }

    /// The waiting ones that will be among them.
    const fn waiting(self) -> &'static str {
        match self {
            // Each will be sent on this day, and by this run, if nothing prevents it.
            Self::Since(_) | Self::Session(_) => "?2 IS NOT NULL",
            Self::Reel(_) => "reel_id = ?2",
            Self::Sweep(_) => "sweep = ?2",
        }
    }
}

impl ToSql for Which<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Since(moment) => Ok(moment.as_millisecond().into()),
            Self::Session(text) | Self::Reel(text) => text.to_sql(),
            Self::Sweep(number) => number.to_sql(),
        }
    }
}

/// The takes that a cap is asked about.
#[derive(Debug, Clone)]
pub struct Subject {
    pub reel_id: String,
    /// `None` for a take alone, and for a sweep that is not made yet.
    pub sweep: Option<i64>,
}

impl Subject {
    /// What the cap of this scope counts for these takes.
    pub fn which<'a>(&'a self, scope: CapScope, caps: &'a Caps, now: Timestamp) -> Which<'a> {
        match scope {
            CapScope::Day => Which::Since(caps.day.began(now)),
            CapScope::Session => Which::Session(&caps.session),
            CapScope::Reel => Which::Reel(&self.reel_id),
            CapScope::Sweep => Which::Sweep(self.sweep),
        }
    }
}

impl Queue<'_> {
    /// What takes last sent at or after `since` cost or may yet cost: the bill where it is known, else the reserve. A
    /// failure counts too when it was billed, and when its bill is not known.
    pub fn committed_since(&self, since: Timestamp) -> Result<Usd, StoreError> {
        self.store
            .read(|connection| Ok(committed(connection, self.backend, Which::Since(since))?))
    }

    /// What the waiting takes may cost, with every repeat that they may still have.
    pub fn waiting_money(&self) -> Result<Usd, StoreError> {
        let all = Which::Since(Timestamp::UNIX_EPOCH);
        self.store
            .read(|connection| Ok(waiting(connection, self.backend, all)?))
    }

    /// What has been billed for takes that this run of the program sent.
    pub fn billed_in(&self, session: &str) -> Result<Usd, StoreError> {
        let params = (self.backend.word(), session);
        self.store.read(|connection| {
            Ok(connection
                .prepare_cached(BILLED)?
                .query_row(params, columns::total)?)
        })
    }

    /// What is spent, and what is queued, of that which counts against the caps that are set, for a new sweep in a reel.
    pub fn counted(&self, caps: &Caps, reel_id: &str) -> Result<(PerCap<Usd>, PerCap<Usd>), StoreError> {
        let now = self.store.clock.now();
        let subject = Subject {
            reel_id: reel_id.to_owned(),
            sweep: None,
        };
        self.store.read(|connection| {
            let spent = by_cap(connection, self.backend, caps, &subject, now, committed)?;
            Ok((
                spent,
                by_cap(connection, self.backend, caps, &subject, now, waiting)?,
            ))
        })
    }
}

pub const BILLED: &str =
    "SELECT coalesce(sum(cost), 0) AS total, min(cost) AS least, max(cost) AS most FROM takes
     WHERE session = ?2 AND +backend = ?1";

/// The sum of the takes that each cap counts, for the caps that are set: `sum` is [`committed`] or [`waiting`].
pub fn by_cap(
    connection: &Connection,
    backend: Backend,
    caps: &Caps,
    subject: &Subject,
    now: Timestamp,
    sum: impl Fn(&Connection, Backend, Which<'_>) -> rusqlite::Result<Usd>,
) -> rusqlite::Result<PerCap<Usd>> {
    let mut sums = PerCap::default();
    for (scope, _) in caps.limits.set() {
        *sums.get_mut(scope) = sum(connection, backend, subject.which(scope, caps, now))?;
    }
    Ok(sums)
}

/// [`Queue::committed_since`] within a transaction, of these takes.
///
/// The cap is that of the home: what any of its keys has sent counts, because another key may be a new one of the same
/// account. Only takes that came in a bundle and were paid from an account that this home has never used do not count.
/// It has used an account that a setting remembers, and one that any take was sent with from here: a database of an
/// earlier release, or one that was rebuilt, has no such settings.
pub fn committed(connection: &Connection, backend: Backend, which: Which<'_>) -> rusqlite::Result<Usd> {
    let total = |sql: &str| {
        connection
            .prepare_cached(sql)?
            .query_row((backend.word(), which), columns::total)
    };
    Ok(total(&committed_sql(which))? + total(&lost_sql(which))?)
}

/// Which takes count, as a condition: of the backend `?1`, and of those that `which` means by `?2`.
fn counted(which: Which<'_>) -> String {
    let from_elsewhere = |take: &str, comparison: &str| {
        format!(
            "EXISTS (SELECT 1 FROM events WHERE take_id = {take}.id AND to_state = 'submitting'
               AND detail {comparison} '{SENT_FROM_ANOTHER_HOME}')"
        )
    };
    format!(
        "{}
           AND +takes.backend = ?1 AND (+state IN ({}) OR +cost > 0 OR +state = 'failed' AND cost IS NULL)
           AND NOT (account IS NOT NULL AND {}
             AND NOT EXISTS (SELECT 1 FROM settings WHERE key = '{ACCOUNT}' || takes.account)
             AND NOT EXISTS (SELECT 1 FROM takes own WHERE own.account = takes.account AND {}))",
        which.sent(),
        columns::states(TakeState::commits_money),
        from_elsewhere("takes", "="),
        from_elsewhere("own", "<>"),
    )
}

pub fn committed_sql(which: Which<'_>) -> String {
    format!(
        "SELECT coalesce(sum(coalesce(cost, reserve, estimate)), 0) AS total,
            min(coalesce(cost, reserve, estimate)) AS least, max(coalesce(cost, reserve, estimate)) AS most
         FROM takes WHERE {}",
        counted(which)
    )
}

/// Whether [`committed`] counts the take.
pub fn is_counted(
    connection: &Connection,
    backend: Backend,
    id: TakeId,
    which: Which<'_>,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(&format!(
            "SELECT 1 FROM takes WHERE id = ?3 AND {}",
            counted(which)
        ))?
        .exists((backend.word(), which, id.0))
}

/// What lost takes may have cost. One whose backend cannot be read counts for every backend; one that came back and is
/// counted there does not count here.
pub fn lost_sql(which: Which<'_>) -> String {
    format!(
        "SELECT coalesce(sum(amount), 0) AS total, min(amount) AS least, max(amount) AS most FROM damaged
         WHERE {} AND (backend IS NULL OR backend = ?1)
           AND NOT EXISTS (SELECT 1 FROM takes WHERE takes.id = damaged.take_id AND {})",
        which.lost(),
        counted(which)
    )
}

/// What waits, of that which `which` means.
pub fn waiting(connection: &Connection, backend: Backend, which: Which<'_>) -> rusqlite::Result<Usd> {
    connection
        .prepare_cached(&waiting_sql(which))?
        .query_row((backend.word(), which), columns::total)
}

pub fn waiting_sql(which: Which<'_>) -> String {
    format!(
        "SELECT coalesce(sum(coalesce(reserve, estimate) * (1 + repeats)), 0) AS total,
            min(coalesce(reserve, estimate)) AS least, max(coalesce(reserve, estimate)) AS most
         FROM takes WHERE state = 'waiting' AND backend = ?1 AND {}",
        which.waiting()
    )
}
