//! Adds up takes by day, reel, sweep or model.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row};

use crate::model::{Backend, word_enum};
use crate::store::SqlOrRule;

use super::sums::{self, Sums};

word_enum! {
    /// What takes are added up by.
    By {
        /// The local day on which a take was last sent; of one that was never sent, the day on which it was made.
        Day = "day",
        Reel = "reel",
        Sweep = "sweep",
        Model = "model",
    }
}

impl By {
    /// The one after it, and after the last the first.
    pub const fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The one before it, and before the first the last.
    pub const fn previous(self) -> Self {
        Self::ALL[(self as usize + Self::ALL.len() - 1) % Self::ALL.len()]
    }
}

/// What the takes of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Day(Date),
    /// The reel's name.
    Reel(String),
    /// `None` for takes that are in no sweep.
    Sweep(Option<i64>),
    /// The model's slug.
    Model(String),
}

/// Takes that were added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub key: Key,
    pub sums: Sums,
}

/// All groups of one backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Groups {
    /// Days and sweeps: the newest first; reels and models: what cost most first.
    pub groups: Vec<Group>,
    /// How many more groups there are than were asked for.
    pub others: u64,
    /// What these add up to.
    pub of_others: Sums,
    /// What all takes add up to.
    pub total: Sums,
}

impl Groups {
    /// Adds rows that belong to `key`, which may be the group before.
    fn add(&mut self, key: Key, sums: Sums, last: &mut Option<Key>, most: usize) {
        let is_same = last.as_ref() == Some(&key);
        self.total = self.total + sums;
        let is_full = self.groups.len() >= most && !(is_same && self.others == 0);
        if is_full {
            self.others += u64::from(!is_same);
            self.of_others = self.of_others + sums;
        } else if let Some(group) = self.groups.last_mut().filter(|_| is_same) {
            group.sums = group.sums + sums;
        } else {
            self.groups.push(Group {
                key: key.clone(),
                sums,
            });
        }
        *last = Some(key);
    }
}

/// The time zones of today differ from UTC by whole quarters of an hour, so that no quarter is in two local days.
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// When a take was last sent; if it never was, when it was made. In milliseconds.
const MOMENT: &str = "coalesce(
    (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting'),
    (SELECT min(at) FROM events WHERE take_id = takes.id AND to_state = 'waiting'), 0)";

/// The query of the groups: of the backend `?1`, and of the reel `?2` unless that is NULL. The plus signs keep SQL from
/// walking whole rows in the order of another index.
pub fn sql(by: By) -> String {
    let (key, order) = match by {
        By::Day => (format!("{MOMENT} / {QUARTER_MS}"), "key DESC".to_owned()),
        By::Reel => ("+reel_id".to_owned(), "amount DESC, takes DESC, key".to_owned()),
        By::Sweep => ("+sweep".to_owned(), "key DESC".to_owned()),
        By::Model => ("+model".to_owned(), "amount DESC, takes DESC, key".to_owned()),
    };
    let name = match by {
        By::Reel => "(SELECT name FROM reels WHERE id = reel_id)",
        By::Day | By::Sweep | By::Model => "NULL",
    };
    format!(
        "SELECT {key} AS key, {name} AS name, {} FROM takes
         WHERE backend = ?1 AND (?2 IS NULL OR reel_id = ?2) GROUP BY key ORDER BY {order}",
        sums::columns()
    )
}

/// Adds up the takes of a backend, in one reel or in all, into at most `most` groups and the rest.
pub fn groups(
    connection: &Connection,
    (backend, reel_id): (Backend, Option<&str>),
    by: By,
    zone: &TimeZone,
    most: usize,
) -> Result<Groups, SqlOrRule> {
    let mut statement = connection.prepare_cached(&sql(by))?;
    let mut rows = statement.query((backend.word(), reel_id))?;
    let (mut groups, mut last) = (Groups::default(), None);
    while let Some(row) = rows.next()? {
        groups.add(key(row, by, zone)?, sums::read(row, backend)?, &mut last, most);
    }
    Ok(groups)
}

fn key(row: &Row<'_>, by: By, zone: &TimeZone) -> rusqlite::Result<Key> {
    Ok(match by {
        By::Day => {
            let quarter: i64 = row.get("key")?;
            let begins = Timestamp::from_millisecond(quarter.saturating_mul(QUARTER_MS));
            let begins = begins.unwrap_or(Timestamp::MIN);
            Key::Day(begins.to_zoned(zone.clone()).date())
        }
        By::Reel => Key::Reel(row.get("name")?),
        By::Sweep => Key::Sweep(row.get("key")?),
        By::Model => Key::Model(row.get("key")?),
    })
}
