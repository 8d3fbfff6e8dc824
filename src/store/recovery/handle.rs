//! What repairs a store, or brings back what it lost.

use crate::store::Store;

/// What repairs a store, or brings back what it lost.
#[derive(Debug)]
pub struct Recovery<'a> {
    pub(super) store: &'a Store,
}

impl Store {
    /// What repairs this store, or brings back what it lost.
    pub const fn recovery(&self) -> Recovery<'_> {
        Recovery { store: self }
    }
}
