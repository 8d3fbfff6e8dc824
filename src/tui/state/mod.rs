//! The state that all components share, and what changes it.

mod editing;
mod ended;
mod facts;
mod form;
mod leaving;
mod money;
mod moves;
mod news;
mod plan;
mod quitting;
mod references;
mod refresh;
mod sample;
mod shared;
mod snapshot;
mod takes;

pub use facts::Facts;
pub use form::EditedForm;
pub use leaving::Leaving;
pub use money::Money;
pub use moves::{MOVES, distance, stepped};
pub use news::{News, Notice, Tone};
pub use quitting::going_on;
pub use sample::SCRIPT;
pub use shared::State;
pub use takes::{LogList, QueueList, Takes};
