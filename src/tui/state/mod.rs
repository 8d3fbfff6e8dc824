//! The state that all components share, and what changes it.

mod acted_on;
mod editing;
mod ended;
mod facts;
mod form;
mod leaving;
mod log_list;
mod money;
mod moves;
mod news;
mod plan;
mod queue_list;
mod quitting;
mod references;
mod refresh;
mod rows;
mod sample;
mod shared;
mod snapshot;
mod takes;
mod unfolding;

pub use acted_on::{ActedOn, Chosen, estimated, ids, member};
pub use facts::Facts;
pub use form::EditedForm;
pub use leaving::Leaving;
pub use log_list::LogList;
pub use money::Money;
pub use moves::{MOVES, distance, stepped};
pub use news::{News, Notice, Tone};
pub use queue_list::QueueList;
pub use quitting::going_on;
pub use rows::{ListRow, RowId};
pub use sample::SCRIPT;
pub use shared::State;
pub use takes::Takes;
