//! How much of a storm it is: the short form that runs with every test, and the long one.

use std::time::Duration;

/// How much of a storm it is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub takes: usize,
    /// The storm lasts until this many were killed and every take was asked for.
    pub kills: u64,
    /// Or until this has passed since every take was asked for.
    pub longest: Duration,
    /// This many days may pass under the cap of a live round before no more takes are asked for. The provider keeps videos
    /// for seven.
    pub nights: u64,
    /// Disturbances are few and short.
    pub is_short: bool,
}

impl Scale {
    pub const SHORT: Self = Self {
        takes: 20,
        kills: 12,
        longest: Duration::from_secs(8),
        nights: 2,
        is_short: true,
    };

    pub fn long(takes: usize) -> Self {
        Self {
            takes,
            kills: takes as u64,
            longest: Duration::from_secs(60),
            nights: 5,
            is_short: false,
        }
    }
}
