//! Decisions between takes, kept so that a knock-out goes on later, and can be taken back one by one together with the
//! verdicts that followed them.

use jiff::Timestamp;
use rusqlite::{Connection, Row};

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

/// One decision between two takes, or about one alone, which stands on both sides then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub at: Timestamp,
    pub left: TakeId,
    pub right: TakeId,
    pub choice: Choice,
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

    /// The take that was not kept; `None` where neither was, or where there was no other.
    pub fn loser(&self) -> Option<TakeId> {
        let other = self.winner().map(|winner| self.other(winner));
        other.filter(|_| !self.is_about_one())
    }

    /// The take that `id` was compared with.
    pub fn other(&self, id: TakeId) -> TakeId {
        if self.left == id { self.right } else { self.left }
    }

    /// Whether one take was judged by itself.
    pub fn is_about_one(&self) -> bool {
        self.left == self.right
    }

    /// The takes that it is about.
    pub fn takes(&self) -> Vec<TakeId> {
        let mut takes = vec![self.left, self.right];
        takes.dedup();
        takes
    }
}

/// A knock-out that has decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierKnockOut {
    /// Ascending.
    pub takes: Vec<TakeId>,
    /// Those of them that it has rejected, also before it was begun anew.
    pub rejected: Vec<TakeId>,
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
    /// The decisions of the knock-out of exactly these takes since it was last begun, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn decisions(&self, takes: &[TakeId]) -> Result<Vec<Decision>, StoreError> {
        let name = name_of(takes);
        self.read(|connection| Ok(of_knock_out(connection, &name)?))
    }

    /// The newest knock-outs that were not begun anew.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn knock_outs(&self) -> Result<Vec<EarlierKnockOut>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT contest,
                     (SELECT group_concat(DISTINCT take_id) FROM decided_verdicts
                      JOIN decisions AS one ON one.id = decision
                      WHERE one.contest = decisions.contest AND verdict = 'rejected')
                 FROM decisions WHERE NOT is_past GROUP BY contest ORDER BY max(id) DESC LIMIT ?1",
            )?;
            let found = statement.query_map([MAX_KNOCK_OUTS], |row| {
                let (takes, rejected): (String, Option<String>) = (row.get(0)?, row.get(1)?);
                Ok(EarlierKnockOut {
                    takes: takes_of(&takes),
                    rejected: takes_of(&rejected.unwrap_or_default()),
                })
            })?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// The decisions about a take, oldest first, those of knock-outs that were begun anew included.
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
            let decision = Decision {
                at: now,
                left,
                right,
                choice,
            };
            transaction.execute(
                "INSERT INTO decisions (at, contest, left_take, right_take, choice) VALUES (?1, ?2, ?3, ?4, ?5)",
                (now.as_millisecond(), &name, left.0, right.0, choice.word()),
            )?;
            let id = transaction.last_insert_rowid();
            if choice == Choice::Neither {
                for take in decision.takes() {
                    give(transaction, id, take, Verdict::Rejected)?;
                }
            }
            Ok(true)
        })
    }

    /// Gives takes a verdict that follows from the decisions of the knock-out of `takes`, if `is_known` holds for these;
    /// whether it was given. Taking the last of the decisions back takes the verdicts back too.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn judge_ranked(
        &self,
        takes: &[TakeId],
        judged: &[TakeId],
        verdict: Verdict,
        is_known: impl Fn(&[Decision]) -> bool,
    ) -> Result<bool, StoreError> {
        let name = name_of(takes);
        self.write(|transaction, _| {
            if !is_known(&of_knock_out(transaction, &name)?) {
                return Ok(false);
            }
            let Some(last) = last_of(transaction, &name)? else {
                return Ok(false);
            };
            for take in judged {
                give(transaction, last, *take, verdict)?;
            }
            Ok(true)
        })
    }

    /// Takes back the last decision of the knock-out of these takes if `is_known` holds for all of them. Takes that have a
    /// verdict which followed from it have the one from before again, by the same transaction, unless they were judged
    /// since; returns these takes.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn take_back(
        &self,
        takes: &[TakeId],
        is_known: impl Fn(&[Decision]) -> bool,
    ) -> Result<Option<Vec<TakeId>>, StoreError> {
        let name = name_of(takes);
        self.write(|transaction, _| {
            if !is_known(&of_knock_out(transaction, &name)?) {
                return Ok(None);
            }
            let Some(last) = last_of(transaction, &name)? else {
                return Ok(Some(Vec::new()));
            };
            let mut restored = Vec::new();
            for given in verdicts_after(transaction, last)? {
                let changed = transaction.execute(
                    "UPDATE takes SET verdict = ?3 WHERE id = ?1 AND verdict = ?2",
                    (given.take.0, given.verdict.word(), given.before.word()),
                )?;
                restored.extend((changed > 0).then_some(given.take));
            }
            transaction.execute("DELETE FROM decisions WHERE id = ?1", [last])?;
            Ok(Some(restored))
        })
    }

    /// Makes the decisions of the knock-out of these takes history if `is_known` holds for them, so that it begins anew;
    /// whether it does. Verdicts stay.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn begin_anew(
        &self,
        takes: &[TakeId],
        is_known: impl Fn(&[Decision]) -> bool,
    ) -> Result<bool, StoreError> {
        let name = name_of(takes);
        self.write(|transaction, _| {
            if !is_known(&of_knock_out(transaction, &name)?) {
                return Ok(false);
            }
            transaction.execute("UPDATE decisions SET is_past = 1 WHERE contest = ?1", [&name])?;
            Ok(true)
        })
    }
}

/// A verdict that followed from a decision.
pub struct GivenVerdict {
    take: TakeId,
    verdict: Verdict,
    before: Verdict,
}

/// Gives a take a verdict that follows from the decision with this number.
fn give(connection: &Connection, decision: i64, take: TakeId, verdict: Verdict) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO decided_verdicts (decision, take_id, verdict, before_it)
             SELECT ?1, id, ?3, verdict FROM takes WHERE id = ?2",
        )?
        .execute((decision, take.0, verdict.word()))?;
    connection
        .prepare_cached("UPDATE takes SET verdict = ?2 WHERE id = ?1")?
        .execute((take.0, verdict.word()))?;
    Ok(())
}

/// The verdicts that followed from a decision, newest first.
fn verdicts_after(connection: &Connection, decision: i64) -> rusqlite::Result<Vec<GivenVerdict>> {
    connection
        .prepare_cached("SELECT * FROM decided_verdicts WHERE decision = ?1 ORDER BY id DESC")?
        .query_map([decision], read_verdict)?
        .collect()
}

/// The number of the last decision of a knock-out.
fn last_of(connection: &Connection, name: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT max(id) FROM decisions WHERE contest = ?1 AND NOT is_past")?
        .query_row([name], |row| row.get(0))
}

fn of_knock_out(connection: &Connection, name: &str) -> rusqlite::Result<Vec<Decision>> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM decisions WHERE contest = ?1 AND NOT is_past ORDER BY id")?;
    statement.query_map([name], read)?.collect()
}

pub fn read(row: &Row<'_>) -> rusqlite::Result<Decision> {
    Ok(Decision {
        at: columns::time(row, "at")?,
        left: TakeId(row.get("left_take")?),
        right: TakeId(row.get("right_take")?),
        choice: columns::word(row, "choice")?,
    })
}

pub fn read_verdict(row: &Row<'_>) -> rusqlite::Result<GivenVerdict> {
    Ok(GivenVerdict {
        take: TakeId(row.get("take_id")?),
        verdict: columns::word(row, "verdict")?,
        before: columns::word(row, "before_it")?,
    })
}
