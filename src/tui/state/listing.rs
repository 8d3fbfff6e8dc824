//! Which takes the log lists.

use crate::store::OrderBy;

/// Which takes the log lists, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// A line without mistakes: what is typed is applied as long as it can be read.
    pub filter: String,
    pub order: OrderBy,
}

impl Listing {
    /// Whether every take is listed, so that none has to be found first.
    pub fn is_whole(&self) -> bool {
        self.filter.trim().is_empty()
    }

    /// Whether takes are grouped under their sweeps.
    pub fn is_folded(&self) -> bool {
        self.is_whole() && self.order == OrderBy::Number
    }
}
