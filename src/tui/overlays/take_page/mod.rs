//! The page about a take: facts, times, prompt and request, and everything that was sent and received for it.

mod component;
mod sections;
mod stages;
mod tree;

pub use component::opened;
