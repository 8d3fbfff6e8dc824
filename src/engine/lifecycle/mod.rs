//! The stages of a take: claimed from the queue, submitted, polled, delivered.

mod claim;
pub(super) mod decide;
mod deliver;
mod poll;
pub mod poll_interval;
pub(super) mod queue;
mod stop_queue;
mod submit;
mod take;
