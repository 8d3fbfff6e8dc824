//! The queue of one backend, which every command about it works with.

use crate::model::Backend;

use crate::store::Store;

/// The queue of one backend.
#[derive(Debug, Clone, Copy)]
pub struct Queue<'a> {
    pub(in crate::store) store: &'a Store,
    pub(in crate::store) backend: Backend,
}

impl Store {
    /// The queue of a backend.
    pub const fn queue(&self, backend: Backend) -> Queue<'_> {
        Queue { store: self, backend }
    }
}
