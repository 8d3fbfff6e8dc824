//! What the user changed about money while the program ran. It is kept, and never written into a file of settings.

use jiff::Timestamp;

use super::{Store, StoreError, columns};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyEvent {
    pub at: Timestamp,
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

    /// The newest changes of one run of the program, the newest first.
    pub fn money_events(&self, session: &str, most: u32) -> Result<Vec<MoneyEvent>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT at, what FROM money_events WHERE session = ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let events = statement.query_map((session, most), |row| {
                Ok(MoneyEvent {
                    at: columns::time(row, "at")?,
                    what: row.get("what")?,
                })
            })?;
            Ok(events.collect::<Result<_, _>>()?)
        })
    }
}
