//! Pane 4: the log of all takes with their results against the estimates, newest first unless it is ordered otherwise.

mod component;
mod page;
mod row;
mod short;
mod table;

pub use component::{Log, step};
