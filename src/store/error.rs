//! The errors of the store, each with the next step.

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::caps::CapScope;
use crate::model::{IllegalTransition, TakeId, TakeState, Usd};

/// Why the store did not do what was asked. Displayed as "why: what to do".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    Locked(PathBuf),
    DiskFull(PathBuf),
    ReadOnly(PathBuf),
    CannotOpen(PathBuf, String),
    Corrupt(PathBuf, String),
    DamagedAndOpen(PathBuf),
    NotRestored(String),
    NotADatabase(PathBuf),
    OtherProgram(PathBuf),
    Newer {
        path: PathBuf,
        found: u32,
        known: u32,
    },
    Disk(PathBuf, String),
    Unfit(PathBuf, String),
    NoSuchTake(TakeId),
    NoSuchReel(String),
    NoSuchSweep(i64),
    /// No take of the sweep is circled.
    NothingCircled(i64),
    ReelArchived(String),
    ReelExists(String),
    SnippetExists(String),
    IllegalTransition(TakeId, IllegalTransition),
    RequestIdTaken {
        request_id: String,
        other: TakeId,
    },
    NotWaiting(TakeId, TakeState),
    NotOnHold(TakeId, TakeState),
    LostLease {
        id: TakeId,
        owner: String,
        /// Who holds the lease now, if anyone.
        holder: Option<String>,
        state: TakeState,
    },
    CapReached {
        scope: CapScope,
        cap: Usd,
        committed: Usd,
        asked: Usd,
    },
    PriceUnknown,
    /// A take that sent the request of take `of` with its seed has come, or has changed, since the user was asked to pay for
    /// one.
    TwinSince {
        of: TakeId,
        twin: TakeId,
    },
    /// A take finishes the draft already, or may do so.
    AlreadyFinished {
        by: TakeId,
    },
    PathNotText(PathBuf),
}

impl StoreError {
    /// What is wrong.
    pub fn why(&self) -> String {
        match self {
            Self::Locked(path) => format!("{} is locked by another program", path.display()),
            Self::DiskFull(path) => format!("the disk of {} is full", path.display()),
            Self::ReadOnly(path) => format!("{} or its folder is not writable", path.display()),
            Self::CannotOpen(path, detail) => format!("{} cannot be opened ({detail})", path.display()),
            Self::Corrupt(path, detail) => format!("{} is damaged ({detail})", path.display()),
            Self::DamagedAndOpen(path) => {
                format!("{} is damaged, and another program has it open", path.display())
            }
            Self::NotRestored(why) => format!("it cannot be restored: {why}"),
            Self::NotADatabase(path) => format!("{} is not a database", path.display()),
            Self::OtherProgram(path) => format!("{} is the database of another program", path.display()),
            Self::Newer { path, found, known } => format!(
                "{} was written by a newer rushes (schema {found}, this one knows up to {known})",
                path.display()
            ),
            Self::Disk(path, detail) => format!("{} could not be read or written ({detail})", path.display()),
            Self::Unfit(path, detail) => format!("{} does not accept a value ({detail})", path.display()),
            Self::NoSuchTake(id) => format!("there is no take {id}"),
            Self::NoSuchReel(id) => format!("there is no reel with the id {id:?}"),
            Self::NoSuchSweep(number) => format!("there is no sweep {number}"),
            Self::NothingCircled(number) => format!("no take of sweep {number} is circled"),
            Self::ReelArchived(name) => format!("reel {name:?} is archived"),
            Self::ReelExists(name) => format!("there is a reel {name:?} already"),
            Self::SnippetExists(name) => format!("there is a snippet {name} already"),
            Self::IllegalTransition(id, step) => format!("take {id}: {step}"),
            Self::RequestIdTaken { request_id, other } => {
                format!("request {request_id} already belongs to take {other}")
            }
            Self::NotWaiting(id, state) => format!("take {id} is {state}, not waiting"),
            Self::NotOnHold(id, state) => {
                format!("take {id} is {state} and no longer on hold, because another rushes changed it")
            }
            Self::LostLease {
                id,
                owner,
                holder,
                state,
            } => {
                let holder = holder.as_ref().map_or_else(|| "nobody".to_owned(), Clone::clone);
                format!("take {id} is {state}, and its lease is held by {holder} instead of {owner}")
            }
            Self::CapReached {
                scope,
                cap,
                committed,
                asked,
            } => format!(
                "{} of {cap} does not allow it: {committed} is spent or queued and this asks for {asked}",
                scope.cap()
            ),
            Self::PriceUnknown => "a cap is set, and the price of this model is not known".to_owned(),
            Self::TwinSince { of, twin } => {
                format!("take {twin} sent the request of take {of} with the same seed meanwhile")
            }
            Self::AlreadyFinished { by } => format!("take {by} finishes this draft already"),
            Self::PathNotText(path) => format!("{} is not valid UTF-8", path.display()),
        }
    }

    /// What to do now; never text from outside.
    pub const fn now(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "close that program (a backup, a database browser), then try again",
            Self::DiskFull { .. } => "make room, then try again; nothing was written",
            Self::ReadOnly { .. } => "make it writable with chmod u+w, or choose another folder with --home",
            Self::CannotOpen { .. } => "make its folder writable, or choose another with --home",
            Self::Corrupt { .. } => {
                "start rushes again: it sets the file aside and rebuilds it from the files beside the videos; if that \
                 does not help, restore a backup (an upgrade leaves one beside it, ending in .bak) or move it away \
                 with its -wal and -shm files"
            }
            Self::DamagedAndOpen { .. } => {
                "close that program (another rushes, `rushes resume`, a database browser), then start again; nothing \
                 was moved"
            }
            Self::NotRestored(_) => "look at the file beside the video",
            Self::NotADatabase { .. } => "move it away and start again, or choose another folder with --home",
            Self::OtherProgram { .. } => "choose another folder with --home",
            Self::Newer { .. } => "install that version of rushes or a newer one",
            Self::Disk { .. } => "check the disk, then try again",
            Self::Unfit { .. } => "leave that value out or change it; nothing was written",
            Self::NoSuchTake(_) => "`rushes ls` lists all takes",
            Self::NoSuchReel(_) => "open one by its name with --reel NAME",
            Self::NoSuchSweep(_) => "`rushes ls --sweeps` shows those there are",
            Self::NothingCircled(_) => "circle a take of it first, or use all of its seeds with `sweep N`",
            Self::ReelArchived(_) => "`rushes reels restore NAME` opens it again",
            Self::ReelExists(_) | Self::SnippetExists(_) => "choose another name",
            Self::IllegalTransition(_, step) => advice(step.from),
            Self::RequestIdTaken { .. } => "`rushes show` with the number of that take shows its outcome",
            Self::NotWaiting { .. } => "only a waiting take can be paused or moved",
            Self::NotOnHold { .. } => {
                "nothing was queued in its place; look at the queue, then request again what you still want"
            }
            Self::LostLease { .. } => "leave it alone",
            Self::CapReached { scope, .. } => match scope {
                CapScope::Day => "raise cap_per_day, ask for fewer takes, or wait until tomorrow",
                CapScope::Session => "raise cap_per_session, or ask for fewer takes",
                CapScope::Reel => "raise cap_per_reel, or ask for fewer takes",
                CapScope::Sweep => "raise cap_per_sweep, or ask for fewer takes",
            },
            Self::PriceUnknown => {
                "give the most that one take may cost (--max-price), or enter its price under [prices] in the settings"
            }
            Self::TwinSince { .. } => "compare both with `rushes probe`, which costs nothing",
            Self::AlreadyFinished { .. } => {
                "use that take: a second final would be the same video, and would be paid for again"
            }
            Self::PathNotText(_) => "use a folder whose name is valid UTF-8",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.why(), self.now())
    }
}

impl std::error::Error for StoreError {}

const fn advice(from: TakeState) -> &'static str {
    if from.settled() {
        "it is settled; run it again as a new take"
    } else if from.in_flight() {
        "it is at the provider, which cannot cancel it; wait for its outcome"
    } else {
        "look at its events with `rushes show`"
    }
}

/// An error within the store: either SQL's, to which the file is added later, or one of the store's own rules.
#[derive(Debug, thiserror::Error)]
pub enum SqlOrRule {
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error(transparent)]
    Rule(#[from] StoreError),
}

impl StoreError {
    /// Whether the request itself is refused, so that another try changes nothing. All other errors are about the file.
    pub const fn is_about_the_take(&self) -> bool {
        matches!(
            self,
            Self::NoSuchTake(_)
                | Self::NoSuchReel(_)
                | Self::NoSuchSweep(_)
                | Self::NothingCircled(_)
                | Self::ReelArchived(_)
                | Self::ReelExists(_)
                | Self::SnippetExists(_)
                | Self::IllegalTransition { .. }
                | Self::NotWaiting { .. }
                | Self::NotOnHold { .. }
                | Self::LostLease { .. }
                | Self::RequestIdTaken { .. }
                | Self::CapReached { .. }
                | Self::PriceUnknown
                | Self::TwinSince { .. }
                | Self::AlreadyFinished { .. }
        )
    }

    /// Whether the file or its disk is the reason, so that another try may help.
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

impl SqlOrRule {
    /// The error for the caller, naming the file.
    pub fn at(self, path: &Path) -> StoreError {
        match self {
            Self::Sql(error) => of_sql(path, &error),
            Self::Rule(error) => error,
        }
    }
}

/// Whether an error seems to be about the one row that was read: a value that no version of rushes writes, or a record that SQLite
/// itself cannot read.
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

/// An error of the file system.
pub fn on_disk(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Disk(path.to_owned(), error.to_string())
}

/// SQL's error in the user's terms.
pub fn of_sql(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Locked(path),
        Some(ErrorCode::DiskFull) => StoreError::DiskFull(path),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly(path),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => StoreError::CannotOpen(path, detail),
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase(path),
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt(path, detail),
        Some(ErrorCode::SystemIoFailure) => StoreError::Disk(path, detail),
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig) => {
            StoreError::Unfit(path, detail)
        }
        // A value that no version of rushes writes, or one that SQL cannot read.
        Some(_) | None => StoreError::Corrupt(path, detail),
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
            let shown = StoreError::IllegalTransition(TakeId(5), step).to_string();
            assert!(shown.starts_with("take 5: ") && shown.contains(advice), "{shown}");
        }
    }
}
