//! The files beside the videos that record all that is known of each take. The store is the truth; sidecars are read
//! only when it is lost or damaged.

pub mod bundled;
pub mod damaged_rows;
pub mod orphans;
mod read;
pub mod rebuild;
pub mod renamed;
mod write;

pub use read::read_file;
pub use write::{Unwritten, path, renew, write};
