//! The orders in which takes are listed.

use crate::model::{TakeState, word_enum};
use crate::store::columns;

use super::filter::{TOOK, cost};

word_enum! {
    /// What takes are ordered by. Takes that are equal in it stand in the order of their numbers.
    #[derive(Default)]
    OrderBy {
        /// By number alone.
        #[default]
        Number = "number",
        /// The most expensive first, by the bill or else the estimate, as a row shows it; takes without a cost are last.
        Cost = "cost",
        /// Those that took longest first; takes that are not saved are last.
        Time = "time",
        /// The lowest seed first.
        Seed = "seed",
        /// Circled ones first, then those without a verdict, then rejected ones.
        Verdict = "verdict",
    }
}

impl OrderBy {
    /// An SQL expression that rises from row to row of the log, and is never NULL; `None` by number.
    fn key(self) -> Option<String> {
        match self {
            Self::Number => None,
            Self::Cost => Some(format!(
                "-coalesce(iif(state IN ({}), NULL, {}), -1)",
                columns::states(|state| state.settled() && state != TakeState::Saved),
                cost()
            )),
            Self::Time => Some(format!("-coalesce(iif(state = 'saved', {TOOK}, NULL), -1)")),
            Self::Seed => Some("seed".to_owned()),
            Self::Verdict => {
                Some("CASE verdict WHEN 'circled' THEN 0 WHEN 'none' THEN 1 ELSE 2 END".to_owned())
            }
        }
    }
}

/// In which order takes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    pub by: OrderBy,
    /// Takes that are equal stand with the newest first; else with the oldest first.
    pub newest_first: bool,
}

impl Order {
    /// The order of the log.
    pub const fn newest_first(by: OrderBy) -> Self {
        Self {
            by,
            newest_first: true,
        }
    }

    /// What stands behind `ORDER BY` of rows of the log.
    pub(super) fn terms(self) -> String {
        let way = if self.newest_first { "DESC" } else { "ASC" };
        match self.by.key() {
            Some(key) => format!("{key}, take_id {way}"),
            None => format!("take_id {way}"),
        }
    }

    /// Whether a row stands before the take whose number is the question mark.
    pub(super) fn is_before(self) -> String {
        self.compared("<", if self.newest_first { ">" } else { "<" })
    }

    /// Whether a row stands behind the take whose number is the question mark.
    pub(super) fn is_behind(self) -> String {
        self.compared(">", if self.newest_first { "<" } else { ">" })
    }

    /// Compares the key of a row with that of the take, and where they are equal the numbers.
    fn compared(self, sign: &str, sign_of_number: &str) -> String {
        let Some(key) = self.by.key() else {
            // A bare comparison, so that SQLite uses the index.
            return format!("take_id {sign_of_number} ?");
        };
        let number = if self.newest_first { "-take_id" } else { "take_id" };
        format!(
            "({key}, {number}) {sign} (SELECT {key}, {number} FROM log
                WHERE (reel_id, take_id) = (SELECT reel_id, id FROM takes WHERE id = ?))"
        )
    }
}
