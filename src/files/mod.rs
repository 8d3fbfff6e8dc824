//! Files for others: written whole or not at all and never over another one, and plain archives of several.
//!
//! Knows nothing of takes, videos or settings, and uses no other module.

mod archive;
mod archive_error;
mod entry_name;
mod hash;
mod listing;
mod new_file;
mod write_archive;

pub use archive::Archive;
pub use archive_error::ArchiveError;
pub use entry_name::BadName;
pub use hash::sha256;
pub use listing::{Entry, Limits};
pub use new_file::{NewFile, NewFileError, why_unwritable};
pub use write_archive::{Content, write_archive};
