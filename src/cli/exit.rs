//! Exit codes, as `docs/commands.md` documents them.

use crate::model::{FailureKind, Take, TakeState};
use crate::service::problem::Kind;
use crate::tui::terminal::leaving::INTERRUPTED;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok = 0,
    /// Something else went wrong; the message says what.
    Other = 1,
    /// Usage, or a failed check: nothing was sent.
    Usage = 2,
    /// No key, or the key was rejected.
    Key = 3,
    /// Credits or cap.
    Money = 4,
    /// A take failed or was refused.
    TakeFailed = 5,
    /// An outcome is unknown.
    Unknown = 6,
    /// The API cannot be reached.
    Unreachable = 7,
    Interrupted = INTERRUPTED as isize,
}

impl Exit {
    /// The number for the shell.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The code for a problem of this kind.
    pub const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Usage => Self::Usage,
            Kind::Key => Self::Key,
            Kind::Money => Self::Money,
            Kind::Unreachable => Self::Unreachable,
            Kind::Other => Self::Other,
        }
    }

    /// The code for takes as they were left. What stopped the whole queue counts more than what happened to a take.
    pub fn of_takes<'a>(takes: impl IntoIterator<Item = &'a Take>) -> Self {
        let rank = |exit: Self| match exit {
            Self::Key => 6,
            Self::Money => 5,
            Self::Unknown => 4,
            Self::TakeFailed => 3,
            Self::Unreachable => 2,
            Self::Ok => 0,
            _ => 1,
        };
        takes
            .into_iter()
            .map(Self::of_take)
            .max_by_key(|exit| rank(*exit))
            .unwrap_or(Self::Ok)
    }

    fn of_take(take: &Take) -> Self {
        match (take.state, take.error_kind) {
            (TakeState::Saved, _) => Self::Ok,
            (TakeState::Unknown, _) => Self::Unknown,
            (_, Some(FailureKind::KeyMissing | FailureKind::KeyRejected)) => Self::Key,
            (_, Some(kind)) if is_about_money(kind) => Self::Money,
            (TakeState::Cancelled | TakeState::NotSent | TakeState::Waiting, Some(FailureKind::Network)) => {
                Self::Unreachable
            }
            // It was not refused and did not fail: the queue stopped before it was sent.
            (TakeState::Cancelled | TakeState::Waiting, Some(FailureKind::Rate)) => Self::Other,
            _ => Self::TakeFailed,
        }
    }
}

/// Kinds of failure that have the exit code for credits or cap.
pub(super) fn is_about_money(kind: FailureKind) -> bool {
    Kind::of_failure(kind) == Kind::Money
}
