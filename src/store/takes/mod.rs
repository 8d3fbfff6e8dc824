//! Takes: their rows, the transitions of their state, and what happened to each.

pub mod chain;
pub mod drift;
pub mod events;
pub mod exchanges;
pub mod facts;
pub mod import;
pub mod insert;
pub mod lessons;
pub mod lookup;
pub mod read;
pub mod remark;
pub mod reserve;
pub mod sidecar;
pub mod state;
pub mod step;
pub mod transition;
pub mod videos;
pub mod waits;
