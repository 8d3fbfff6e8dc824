//! Accepts a generation and reserves its price in one transaction.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{Account, Ledger, LedgerError, account};
use crate::model::Usd;
use crate::sandbox::faults::{Expiry, Intent};
use crate::sandbox::intake::AcceptedBody;
use crate::sandbox::timing::Phases;

/// Request records are polled for one hour after the submit (Segmind, async v2 docs).
const RECORD: SignedDuration = SignedDuration::from_hours(1);
/// Output files are kept seven days.
const FILE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A generation to be accepted.
pub(in crate::sandbox) struct NewJob<'a> {
    pub order: &'a AcceptedBody,
    pub plan: Phases,
    /// What a scripted failure makes of the job.
    pub intent: &'a Intent,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Accepted {
    Yes,
    /// The account does not hold the price.
    NotEnough {
        balance: Usd,
        need: Usd,
    },
}

impl Ledger {
    /// Enters a generation and reserves its price, or refuses it.
    pub fn accept(&self, now: Timestamp, entry: &NewJob<'_>) -> Result<Accepted, LedgerError> {
        let (order, need) = (entry.order, entry.order.charge);
        let [starts, ready, record_until, file_until] = times(now, entry).map(Timestamp::as_microsecond);
        let doom = entry.intent.fail.as_ref().or(order.doom.as_ref());
        self.decide(now, |ledger| {
            let balance = Account::read(ledger)?.balance();
            if need > balance {
                return Ok(Accepted::NotEnough { balance, need });
            }
            ledger.execute(
                "INSERT INTO jobs (request_id, model, version, body, draft, seed, price, doom, created, starts, ready,
                    record_until, file_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                params![
                    order.request_id,
                    order.model.slug(),
                    order.version.word(),
                    order.body.to_string(),
                    order.draft,
                    order.seed,
                    need.micros(),
                    doom,
                    now.as_microsecond(),
                    starts,
                    ready,
                    record_until,
                    file_until,
                ],
            )?;
            account::reserve(ledger, need)?;
            Ok(Accepted::Yes)
        })
    }
}

/// When the job starts and is ready, and until when its record and its file are kept.
fn times(now: Timestamp, entry: &NewJob<'_>) -> [Timestamp; 4] {
    let later = |from: Timestamp, by: SignedDuration| from.saturating_add(by).unwrap_or(Timestamp::MAX);
    let signed = |time| SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    let starts = later(now, signed(entry.plan.queue));
    let ready = later(starts, signed(entry.plan.render));
    let kept = |what: Expiry, until: Timestamp| {
        if entry.intent.expire == Some(what) {
            now
        } else {
            until
        }
    };
    let record_until = kept(Expiry::Record, later(now, RECORD));
    [
        starts,
        ready,
        record_until,
        kept(Expiry::File, later(ready, FILE)),
    ]
}
