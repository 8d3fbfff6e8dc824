//! The state of a take as a row shows it: a state, or what else is known of one.

use crate::model::TakeState;

/// What a row shows as the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    State(TakeState),
    /// Saved, and its video was deleted since.
    Deleted,
    /// Waiting, and stopped by the user.
    Paused,
    /// Waiting, and held back after refusals of its prompt.
    OnHold,
}

impl Shown {
    /// Everything that a row can show.
    pub fn all() -> impl Iterator<Item = Self> {
        TakeState::ALL
            .into_iter()
            .map(Self::State)
            .chain([Self::Deleted, Self::Paused, Self::OnHold])
    }

    /// As it is typed: `not_sent`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::State(state) => state.word(),
            Self::Deleted => "deleted",
            Self::Paused => "paused",
            Self::OnHold => "on_hold",
        }
    }
}
