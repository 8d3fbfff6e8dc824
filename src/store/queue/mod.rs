//! The queue: what waits, what may be sent next, who works on it, and why nothing is sent at present.

pub mod admit;
pub mod claim;
pub mod content;
pub mod leases;
pub mod on_hold;
pub mod order;
pub mod rate_limits;
pub mod repeats;
pub mod state;
pub mod stop;

use crate::model::Backend;

use super::Store;

/// The queue of one backend.
#[derive(Debug, Clone, Copy)]
pub struct Queue<'a> {
    pub(super) store: &'a Store,
    pub(super) backend: Backend,
}

impl Store {
    /// The queue of a backend.
    pub const fn queue(&self, backend: Backend) -> Queue<'_> {
        Queue { store: self, backend }
    }
}
