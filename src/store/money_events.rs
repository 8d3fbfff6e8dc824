//! What the user changed about money while the program ran. It is kept, and never written into a file of settings.

use jiff::Timestamp;

use super::{Store, StoreError, columns};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyEvent {
    pub at: Timestamp,
    /// The run of the program that it was made in.
    pub session: String,
    /// For people.
    pub what: String,
}

impl Store {
    /// Notes a change.
    pub fn note_money(&self, session: &str, what: &str) -> Result<(), StoreError> {
        self.write(|transaction, now| {
            transaction.execute(
                "INSERT INTO money_events (at, session, what) VALUES (?1, ?2, ?3)",
                (now.as_millisecond(), session, what),
            )?;
            Ok(())
        })
    }

    /// The newest changes of all runs, the newest first.
    pub fn money_events(&self, most: u32) -> Result<Vec<MoneyEvent>, StoreError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT at, session, what FROM money_events ORDER BY id DESC LIMIT ?1")?;
            let events = statement.query_map([most], |row| {
                Ok(MoneyEvent {
                    at: columns::time(row, "at")?,
                    session: row.get("session")?,
                    what: row.get("what")?,
                })
            })?;
            Ok(events.collect::<Result<_, _>>()?)
        })
    }
}
