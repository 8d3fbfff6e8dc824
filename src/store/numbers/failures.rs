//! Counts the takes that ended without a video, by what went wrong.

use rusqlite::Connection;

use crate::model::{Backend, FailureKind, TakeState};
use crate::store::{SqlOrRule, columns};

use super::sums::is_failure;

/// Why takes ended without a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Kind(FailureKind),
    /// No kind of failure was noted: the state in which it ended.
    State(TakeState),
}

impl Reason {
    /// Its word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.word(),
            Self::State(state) => state.word(),
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.title(),
            Self::State(TakeState::NotSent) => "never sent",
            Self::State(TakeState::Failed | TakeState::Refused) => "no reason given",
            Self::State(state) => state.word(),
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        let kind = word.parse().map(Self::Kind);
        kind.or_else(|()| word.parse().map(Self::State)).ok()
    }
}

pub fn sql() -> String {
    format!(
        "SELECT coalesce(error_kind, state) AS reason, count(*) AS takes FROM takes
         WHERE backend = ?1 AND (?2 IS NULL OR reel_id = ?2) AND +state IN ({})
         GROUP BY reason ORDER BY takes DESC, reason",
        columns::states(is_failure)
    )
}

/// The failures of a backend, in one reel or in all; the most frequent first.
pub fn failures(
    connection: &Connection,
    (backend, reel_id): (Backend, Option<&str>),
) -> Result<Vec<(Reason, u64)>, SqlOrRule> {
    let mut statement = connection.prepare_cached(&sql())?;
    let failures = statement.query_map((backend.word(), reel_id), |row| {
        let reason = columns::made(row, "reason", |word: String| Reason::of_word(&word))?;
        Ok((reason, row.get::<_, i64>("takes")?.unsigned_abs()))
    })?;
    Ok(failures.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_has_the_word_of_a_state() {
        for kind in FailureKind::ALL {
            assert_eq!(Reason::of_word(kind.word()), Some(Reason::Kind(kind)));
        }
        for state in TakeState::ALL {
            assert_eq!(Reason::of_word(state.word()), Some(Reason::State(state)));
        }
        assert_eq!(Reason::of_word("moon"), None);
    }
}
