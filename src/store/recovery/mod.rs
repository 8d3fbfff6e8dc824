//! Recovery: a database that is missing, damaged, older than the files beside the videos, or on a full disk.

mod create;
mod files;
mod handle;
mod inspect;
mod mend;
pub(super) mod mender;
pub(super) mod numbers;
mod read_only;
mod replace;
mod restore;
mod rows;
mod scan;

pub use create::{create, is_missing};
pub use handle::Recovery;
pub use inspect::{Damage, clear_suspicion, damage, is_suspect, suspect};
pub use numbers::TakePlace;
pub use replace::replace;
pub use restore::SweepsHere;
pub use rows::Damaged;
