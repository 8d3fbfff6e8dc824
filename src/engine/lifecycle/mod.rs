//! The stages of a take: claim, submit, poll, deliver.

mod claim;
pub(super) mod decide;
mod deliver;
pub(super) mod draft;
mod poll;
pub mod poll_interval;
pub(super) mod queue;
mod submit;
mod take;
