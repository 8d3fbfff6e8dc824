//! Decisions between two takes, kept so that a knock-out goes on later, and can be taken back one by one.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::model::word_enum;
use crate::model::{TakeId, Verdict};

use super::{Store, StoreError, columns};

word_enum! {
    /// What was kept of two takes.
    Choice {
        Left = "left",
        Right = "right",
        /// Both were rejected.
        Neither = "neither",
    }
}

/// One decision between two takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub at: Timestamp,
    pub left: TakeId,
    pub right: TakeId,
    pub choice: Choice,
    /// The verdicts before it, of the left and of the right one.
    pub before: (Verdict, Verdict),
}

impl Decision {
    /// The take that was kept.
    pub const fn winner(&self) -> Option<TakeId> {
        match self.choice {
            Choice::Left => Some(self.left),
            Choice::Right => Some(self.right),
            Choice::Neither => None,
        }
    }

    /// The take that was not kept; `None` where neither was.
    pub fn loser(&self) -> Option<TakeId> {
        self.winner().map(|winner| self.other(winner))
    }

    /// The take that `id` was compared with.
    pub fn other(&self, id: TakeId) -> TakeId {
        if self.left == id { self.right } else { self.left }
    }
}

/// How many earlier knock-outs are looked at for one that goes on.
const MAX_KNOCK_OUTS: u32 = 50;

/// The name of a knock-out: its takes, ascending.
fn name_of(takes: &[TakeId]) -> String {
    let mut numbers: Vec<i64> = takes.iter().map(|id| id.0).collect();
    numbers.sort_unstable();
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(",")
}

fn takes_of(name: &str) -> Vec<TakeId> {
    name.split(',').filter_map(|number| number.parse().ok()).collect()
}

impl Store {
    /// The decisions of the knock-out of exactly these takes, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn decisions(&self, takes: &[TakeId]) -> Result<Vec<Decision>, StoreError> {
        let name = name_of(takes);
        self.read(|connection| Ok(of_knock_out(connection, &name)?))
    }

    /// The newest knock-outs, each as its takes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn knock_outs(&self) -> Result<Vec<Vec<TakeId>>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT contest FROM decisions GROUP BY contest ORDER BY max(id) DESC LIMIT ?1",
            )?;
            let names = statement.query_map([MAX_KNOCK_OUTS], |row| row.get::<_, String>(0))?;
            let names: Vec<String> = names.collect::<Result<_, _>>()?;
            Ok(names.iter().map(|name| takes_of(name)).collect())
        })
    }

    /// The decisions about a take, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn decisions_about(&self, id: TakeId) -> Result<Vec<Decision>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT * FROM decisions WHERE left_take = ?1 OR right_take = ?1 ORDER BY id",
            )?;
            let decisions = statement.query_map([id.0], read)?;
            Ok(decisions.collect::<Result<_, _>>()?)
        })
    }

    /// Notes a decision of the knock-out of these takes if `is_next` holds for those before it; whether it was noted. Where
    /// neither was kept, both are rejected by the same transaction.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn decide(
        &self,
        takes: &[TakeId],
        (left, right): (TakeId, TakeId),
        choice: Choice,
        is_next: impl Fn(&[Decision]) -> bool,
    ) -> Result<bool, StoreError> {
        let name = name_of(takes);
        self.write(|transaction, now| {
            if !is_next(&of_knock_out(transaction, &name)?) {
                return Ok(false);
            }
            transaction.execute(
                "INSERT INTO decisions (at, contest, left_take, right_take, choice, left_verdict, right_verdict)
                 VALUES (?1, ?2, ?3, ?4, ?5, coalesce((SELECT verdict FROM takes WHERE id = ?3), 'none'),
                     coalesce((SELECT verdict FROM takes WHERE id = ?4), 'none'))",
                (now.as_millisecond(), &name, left.0, right.0, choice.word()),
            )?;
            if choice == Choice::Neither {
                transaction.execute(
                    "UPDATE takes SET verdict = 'rejected' WHERE id IN (?1, ?2)",
                    (left.0, right.0),
                )?;
            }
            Ok(true)
        })
    }

    /// Takes back the last decision of the knock-out of these takes if `is_known` holds for all of them, and returns it.
    /// Takes that it rejected, and that are rejected still, have the verdicts from before again, by the same transaction.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn take_back(
        &self,
        takes: &[TakeId],
        is_known: impl Fn(&[Decision]) -> bool,
    ) -> Result<Option<Decision>, StoreError> {
        let name = name_of(takes);
        self.write(|transaction, _| {
            if !is_known(&of_knock_out(transaction, &name)?) {
                return Ok(None);
            }
            let last = transaction
                .prepare_cached(
                    "DELETE FROM decisions WHERE id = (SELECT max(id) FROM decisions WHERE contest = ?1)
                     RETURNING *",
                )?
                .query_row([&name], read)
                .optional()?;
            if let Some(last) = last.filter(|last| last.choice == Choice::Neither) {
                for (id, verdict) in [(last.left, last.before.0), (last.right, last.before.1)] {
                    transaction.execute(
                        "UPDATE takes SET verdict = ?2 WHERE id = ?1 AND verdict = 'rejected'",
                        (id.0, verdict.word()),
                    )?;
                }
            }
            Ok(last)
        })
    }
}

fn of_knock_out(connection: &Connection, name: &str) -> rusqlite::Result<Vec<Decision>> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM decisions WHERE contest = ?1 ORDER BY id")?;
    statement.query_map([name], read)?.collect()
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        at: columns::time(row, "at")?,
        left: TakeId(row.get("left_take")?),
        right: TakeId(row.get("right_take")?),
        choice: columns::word(row, "choice")?,
        before: (
            columns::word(row, "left_verdict")?,
            columns::word(row, "right_verdict")?,
        ),
    })
}
