//! Accepting a generation: its price is held back in the same breath.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::{Account, Books, BooksError, ledger};
use crate::model::Usd;
use crate::sandbox::faults::{Expiry, Intent};
use crate::sandbox::intake::Order;
use crate::sandbox::pace::Plan;

/// Request records are polled for one hour after the submit (Segmind, async v2 docs).
const RECORD: SignedDuration = SignedDuration::from_hours(1);
/// Output files are kept seven days.
const FILE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is to be entered.
pub(in crate::sandbox) struct Entry<'a> {
    pub order: &'a Order,
    pub plan: Plan,
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

impl Books {
    /// Enters a generation and holds its price back, or refuses it.
    pub fn accept(&self, now: Timestamp, entry: &Entry<'_>) -> Result<Accepted, BooksError> {
        let (order, need) = (entry.order, entry.order.charge);
        let times = Times::of(now, entry);
        let doom = entry.intent.fail.as_ref().or(order.doom.as_ref());
        self.decide(now, |books| {
            let balance = Account::read(books)?.balance();
            if need > balance {
                return Ok(Accepted::NotEnough { balance, need });
            }
            books.execute(
                "INSERT INTO jobs (request_id, model, version, body, seed, price, doom, created, starts, ready,
                    record_until, file_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                params![
                    order.request_id,
                    order.model.slug(),
                    order.version.wire(),
                    order.body.to_string(),
                    order.seed,
                    need.micros(),
                    doom,
                    now.as_microsecond(),
                    times.starts.as_microsecond(),
                    times.ready.as_microsecond(),
                    times.record_until.as_microsecond(),
                    times.file_until.as_microsecond(),
                ],
            )?;
            ledger::reserve(books, need)?;
            Ok(Accepted::Yes)
        })
    }
}

struct Times {
    starts: Timestamp,
    ready: Timestamp,
    record_until: Timestamp,
    file_until: Timestamp,
}

impl Times {
    fn of(now: Timestamp, entry: &Entry<'_>) -> Self {
        let later = |from: Timestamp, by: SignedDuration| from.saturating_add(by).unwrap_or(Timestamp::MAX);
        let starts = later(
            now,
            SignedDuration::try_from(entry.plan.queue).unwrap_or(SignedDuration::MAX),
        );
        let ready = later(
            starts,
            SignedDuration::try_from(entry.plan.render).unwrap_or(SignedDuration::MAX),
        );
        let expired = |what: Expiry| entry.intent.expire == Some(what);
        Self {
            starts,
            ready,
            record_until: if expired(Expiry::Record) {
                now
            } else {
                later(now, RECORD)
            },
            file_until: if expired(Expiry::File) {
                now
            } else {
                later(ready, FILE)
            },
        }
    }
}
