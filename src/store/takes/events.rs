//! Events: one row for every transition of a take, written with it.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use crate::model::{TakeId, TakeState};
use crate::store::{Store, StoreError, columns};

/// What the event of a submit says of a take that another home sent, and that came here in a bundle.
pub const SENT_FROM_ANOTHER_HOME: &str = "sent from another home";

/// One transition that a take made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeEvent {
    pub at: Timestamp,
    /// `None` for the first one.
    pub from: Option<TakeState>,
    pub to: TakeState,
    pub detail: String,
    /// The worker that made it; `None` for the user. It has no meaning in another store.
    #[serde(skip)]
    pub owner: Option<String>,
}

/// A transition that is made now.
pub struct Transition<'a> {
    /// `None` for a new take.
    pub from: Option<TakeState>,
    pub to: TakeState,
    pub detail: &'a str,
    /// The worker that makes it; `None` for the user.
    pub owner: Option<&'a str>,
}

impl<'a> Transition<'a> {
    /// A transition that no worker makes.
    pub const fn new(from: Option<TakeState>, to: TakeState, detail: &'a str) -> Self {
        Self {
            from,
            to,
            detail,
            owner: None,
        }
    }

    /// The first transition of a take: into the queue.
    pub const fn into_queue() -> Self {
        Self::new(None, TakeState::Waiting, "")
    }
}

impl Store {
    /// Everything that happened to the take, oldest first.
    pub fn events(&self, id: TakeId) -> Result<Vec<TakeEvent>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM events WHERE take_id = ?1 ORDER BY id")?;
            let events = statement.query_map([id.0], read)?;
            Ok(events.collect::<Result<_, _>>()?)
        })
    }

    /// How often a submit of the take was started.
    pub fn times_submitted(&self, id: TakeId) -> Result<u32, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT count(*) FROM events WHERE take_id = ?1 AND to_state = 'submitting'")?
                .query_row([id.0], |row| row.get(0))?)
        })
    }
}

/// Writes the event of a transition.
pub fn insert(
    connection: &Connection,
    id: TakeId,
    transition: &Transition<'_>,
    now: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO events (take_id, at, from_state, to_state, detail, owner)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            id.0,
            now.as_millisecond(),
            transition.from.map(TakeState::word),
            transition.to.word(),
            transition.detail,
            transition.owner,
        ))
        .map(drop)
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<TakeEvent> {
    Ok(TakeEvent {
        at: columns::time(row, "at")?,
        from: columns::word_if_any(row, "from_state")?,
        to: columns::word(row, "to_state")?,
        detail: row.get("detail")?,
        owner: row.get("owner")?,
    })
}
