//! The language of filters: what a line such as `state:saved cost:>0.5 kite` asks for.
//!
//! - `keys.rs`: the keys, as a table that the reader, the completion and the reference share
//! - `line.rs`: the words of a line, with their places
//! - `read.rs`: words to terms, or the mistake with its place
//! - `range.rs`, `days.rs`: the values of numbers and days
//! - `row.rs`: what a plain word means for what a row of the log shows
//! - `complete.rs`: what can follow what was typed

mod complete;
mod days;
mod keys;
mod line;
mod range;
mod read;
mod row;
mod shown;

pub use complete::{Completion, complete, help};
pub use days::{Day, Days};
pub use keys::{KEYS, Key, Kind, Number, reference};
pub use range::Range;
pub use read::{MAX_LENGTH, Mistake, Query, Term};
pub use row::RowWord;
pub use shown::Shown;

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
