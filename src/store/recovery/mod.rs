//! Recovery: a database that is missing, damaged, older than the files beside the videos, or on a full disk.

mod create;
mod files;
mod inspect;
mod mend;
pub(super) mod mender;
mod numbers;
pub(super) mod read_only;
mod replace;
mod restore;
mod rows;
mod scan;

use super::Store;

pub use create::{create, is_missing};
pub use inspect::{Damage, clear_suspicion, damage, is_suspect, suspect};
pub use replace::replace;
pub use rows::Damaged;

/// What repairs a store, or brings back what it lost.
#[derive(Debug)]
pub struct Recovery<'a> {
    store: &'a Store,
}

impl Store {
    /// What repairs this store, or brings back what it lost.
    pub const fn recovery(&self) -> Recovery<'_> {
        Recovery { store: self }
    }
}
