//! Rows of the queue and the log: a take, or a sweep with its takes folded under it.

use crate::model::{Take, TakeId};
use crate::store::SweepRow;

/// A row, wherever it is in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowId {
    Take(TakeId),
    Sweep(i64),
}

/// A row with what it shows.
#[derive(Debug, Clone, Copy)]
pub enum ListRow<'a> {
    Take {
        take: &'a Take,
        /// It stands under the row of its sweep.
        is_inside: bool,
    },
    Sweep {
        row: &'a SweepRow,
        is_open: bool,
    },
}

impl<'a> ListRow<'a> {
    pub fn id(&self) -> RowId {
        match self {
            Self::Take { take, .. } => RowId::Take(take.id),
            Self::Sweep { row, .. } => RowId::Sweep(row.sweep.number),
        }
    }

    pub const fn take(&self) -> Option<&'a Take> {
        match self {
            Self::Take { take, .. } => Some(take),
            Self::Sweep { .. } => None,
        }
    }

    pub const fn sweep(&self) -> Option<&'a SweepRow> {
        match self {
            Self::Take { .. } => None,
            Self::Sweep { row, .. } => Some(row),
        }
    }
}
