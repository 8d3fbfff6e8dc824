//! What caps limit: the spending of a day, of a session, in a reel, of a sweep.

use super::money::Usd;
use super::word_enum::word_enum;

word_enum! {
    /// What a cap limits.
    CapScope {
        /// What is sent on one day.
        Day = "day",
        /// What one run of the program sends.
        Session = "session",
        /// All that was ever sent for a reel.
        Reel = "reel",
        /// What is made by one action.
        Sweep = "sweep",
    }
}

impl CapScope {
    /// The setting's name.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Day => "cap_per_day",
            Self::Session => "cap_per_session",
            Self::Reel => "cap_per_reel",
            Self::Sweep => "cap_per_sweep",
        }
    }

    /// `the day's cap`.
    pub const fn cap(self) -> &'static str {
        match self {
            Self::Day => "the day's cap",
            Self::Session => "the session's cap",
            Self::Reel => "the reel's cap",
            Self::Sweep => "the sweep's cap",
        }
    }

    /// What counts against it: `today`.
    pub const fn when(self) -> &'static str {
        match self {
            Self::Day => "today",
            Self::Session => "this session",
            Self::Reel => "this reel",
            Self::Sweep => "this sweep",
        }
    }

    /// What to do when it is reached.
    pub fn advice(self) -> String {
        let setting = self.setting();
        match self {
            Self::Day => format!("raise {setting}, or wait until tomorrow"),
            Self::Session | Self::Reel => format!("raise {setting}"),
            Self::Sweep => format!("raise {setting}, or ask for fewer takes"),
        }
    }
}

/// One value for each scope of a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PerCap<T> {
    pub day: T,
    pub session: T,
    pub reel: T,
    pub sweep: T,
}

/// The caps in force; `None` for no limit.
pub type CapLimits = PerCap<Option<Usd>>;

impl<T> PerCap<T> {
    pub const fn get(&self, scope: CapScope) -> &T {
        match scope {
            CapScope::Day => &self.day,
            CapScope::Session => &self.session,
            CapScope::Reel => &self.reel,
            CapScope::Sweep => &self.sweep,
        }
    }

    pub const fn get_mut(&mut self, scope: CapScope) -> &mut T {
        match scope {
            CapScope::Day => &mut self.day,
            CapScope::Session => &mut self.session,
            CapScope::Reel => &mut self.reel,
            CapScope::Sweep => &mut self.sweep,
        }
    }
}

impl CapLimits {
    /// Only a cap for the day.
    pub const fn of_day(limit: Option<Usd>) -> Self {
        Self {
            day: limit,
            session: None,
            reel: None,
            sweep: None,
        }
    }

    /// The caps that are set.
    pub fn set(self) -> impl Iterator<Item = (CapScope, Usd)> {
        let limit = move |scope: CapScope| self.get(scope).map(|limit| (scope, limit));
        CapScope::ALL.into_iter().filter_map(limit)
    }
}
