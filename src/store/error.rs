//! What can go wrong with the store, each with what to do next.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::{IllegalTransition, TakeId, TakeState, Usd};

/// Why the store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("{} is locked by another program: close what holds it (a backup, a database browser) and try again", path.display())]
    Locked { path: PathBuf },
    #[error("the disk of {} is full: make room, then try again; nothing was written", path.display())]
    DiskFull { path: PathBuf },
    #[error("{} or its folder may not be written to: allow it with chmod u+w, or choose another folder with --home", path.display())]
    ReadOnly { path: PathBuf },
    #[error("{} cannot be opened ({detail}): make its folder writable, or choose another with --home", path.display())]
    CannotOpen { path: PathBuf, detail: String },
    #[error("{0} is damaged ({detail}): start rushes again, which keeps a copy and rebuilds it from the files beside the videos; if that does not help, restore it from a copy (an upgrade leaves one at {0}.bak) or move it away with its -wal and -shm files", path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("{} is damaged, and another program has it open: close that one (another rushes, `rushes resume`, a database browser), then start again; nothing was moved", path.display())]
    DamagedAndHeld { path: PathBuf },
    #[error("it cannot be restored: {0}")]
    NotRestored(String),
    #[error("{} is not a database: move it away and start again, or choose another folder with --home", path.display())]
    NotADatabase { path: PathBuf },
    #[error("{} is the database of another program: choose another folder with --home", path.display())]
    OtherProgram { path: PathBuf },
    #[error("{} was written by a newer rushes (schema {found}, this one knows up to {known}): install that version or a newer one", path.display())]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("{} could not be read or written ({detail}): check the disk, then try again", path.display())]
    Disk { path: PathBuf, detail: String },
    #[error("{} cannot store a value ({detail}); nothing was written: leave it out or change it", path.display())]
    Unfit { path: PathBuf, detail: String },
    #[error("there is no take {0}: `rushes ls` shows those there are")]
    NoSuchTake(TakeId),
    #[error("there is no reel with the id {0:?}: open one by its name with --reel NAME")]
    NoSuchReel(String),
    #[error("take {id}: {step}: {}", advice(step.from))]
    IllegalTransition { id: TakeId, step: IllegalTransition },
    #[error(
        "request {request_id} belongs to take {other} already: `rushes show {other}` shows what came of it"
    )]
    RequestIdTaken { request_id: String, other: TakeId },
    #[error("take {id} is {state}, not waiting: only a waiting take can be paused or moved")]
    NotWaiting { id: TakeId, state: TakeState },
    #[error(
        "take {id} is no longer on hold, it is {state}: another program decided meanwhile; nothing was put in its place, so look at the queue and ask again for what you still want"
    )]
    NotOnHold { id: TakeId, state: TakeState },
    #[error(
        "take {id} is {state} and worked on by {} rather than {owner}: nothing has to be done",
        holder.as_deref().unwrap_or("nobody")
    )]
    LostLease {
        id: TakeId,
        owner: String,
        /// Who has the lease now, if anyone.
        holder: Option<String>,
        state: TakeState,
    },
    #[error(
        "the cap of {cap} does not allow it: {committed} is spent or waiting to be sent, and this asks for {asked}; raise the cap, ask for fewer takes, or wait until it resets"
    )]
    CapReached { cap: Usd, committed: Usd, asked: Usd },
    #[error(
        "a cap is set, and the price of this model is not known: name the most that one take may cost (--max-price), or add its price to [prices] in the settings"
    )]
    PriceUnknown,
    #[error("{} is not a name the store can keep: use a folder whose name is valid UTF-8", .0.display())]
    PathNotText(PathBuf),
}

const fn advice(from: TakeState) -> &'static str {
    if from.settled() {
        "it is settled; run it again as a new take"
    } else if from.in_flight() {
        "it is at the provider, who cannot cancel; wait for its outcome"
    } else {
        "look at its events with `rushes show`"
    }
}

/// An error within the store: either SQL's, to which the file is added later, or one of the store's own rules.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error(transparent)]
    Rule(#[from] StoreError),
}

impl StoreError {
    /// Whether the request itself is refused, so that trying again changes nothing. All other errors are about the file.
    pub const fn is_about_the_take(&self) -> bool {
        matches!(
            self,
            Self::NoSuchTake(_)
                | Self::NoSuchReel(_)
                | Self::IllegalTransition { .. }
                | Self::NotWaiting { .. }
                | Self::NotOnHold { .. }
                | Self::LostLease { .. }
                | Self::RequestIdTaken { .. }
                | Self::CapReached { .. }
                | Self::PriceUnknown
        )
    }

    /// Whether the file or its disk is the reason, so that trying again may help.
    pub const fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Locked { .. }
                | Self::DiskFull { .. }
                | Self::ReadOnly { .. }
                | Self::CannotOpen { .. }
                | Self::Disk { .. }
        )
    }
}

impl Problem {
    /// The error for the caller, naming the file.
    pub fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Sql(error) => of_sql(path, &error),
            Self::Rule(error) => error,
        }
    }
}

/// Whether an error is about the one row that was read, as far as can be told: a value that no rushes wrote, or a record
/// that SQLite cannot read.
pub fn is_unreadable(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as E;
    match error {
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..) => true,
        // The second is JSON that SQL cannot read.
        other => matches!(
            other.sqlite_error_code(),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::Unknown)
        ),
    }
}

/// SQL's error in the user's terms.
pub fn of_sql(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked { path },
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { path },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { path },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::CannotOpen { path, detail },
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, detail },
        Some(ErrorCode::SystemIoFailure) => StoreError::Disk { path, detail },
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
            StoreError::Unfit { path, detail }
        }
        // A value that no rushes wrote, or one that SQL cannot read.
        Some(_) | None => StoreError::Corrupt { path, detail },
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn each_of_sqls_errors_names_the_file_and_the_next_step() {
        let path = Path::new("/data/rushes.db");
        for (code, next_step) in [
            (ffi::SQLITE_BUSY, "try again"),
            (ffi::SQLITE_LOCKED, "try again"),
            (ffi::SQLITE_FULL, "make room"),
            (ffi::SQLITE_READONLY, "chmod u+w"),
            (ffi::SQLITE_CANTOPEN, "make its folder writable"),
            (ffi::SQLITE_CORRUPT, "move it away"),
            (ffi::SQLITE_ERROR, "move it away"),
            (ffi::SQLITE_NOTADB, "move it away"),
            (ffi::SQLITE_IOERR, "check the disk"),
            (ffi::SQLITE_CONSTRAINT, "change it"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let shown = of_sql(path, &error).to_string();
            assert!(
                shown.contains("/data/rushes.db") && shown.contains(next_step),
                "{code}: {shown}"
            );
        }
    }

    #[test]
    fn a_step_not_allowed_says_what_can_be_done_instead() {
        for (from, advice) in [
            (TakeState::Saved, "run it again as a new take"),
            (TakeState::Queued, "cannot cancel"),
            (TakeState::Unknown, "rushes show"),
        ] {
            let step = IllegalTransition {
                from,
                to: TakeState::Waiting,
            };
            let shown = StoreError::IllegalTransition { id: TakeId(5), step }.to_string();
            assert!(shown.starts_with("take 5: ") && shown.contains(advice), "{shown}");
        }
    }
}
