//! The sandbox over real HTTP, compared with what is known about Segmind's API.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail like tests do

#[path = "sandbox_api/support.rs"]
mod support;

#[path = "sandbox_api/animatic.rs"]
mod animatic;
#[path = "sandbox_api/drafts.rs"]
mod drafts;
#[path = "sandbox_api/faults.rs"]
mod faults;
#[path = "sandbox_api/files.rs"]
mod files;
#[path = "sandbox_api/history.rs"]
mod history;
#[path = "sandbox_api/last_frame.rs"]
mod last_frame;
#[path = "sandbox_api/lifetime.rs"]
mod lifetime;
#[path = "sandbox_api/polling.rs"]
mod polling;
#[path = "sandbox_api/refusals.rs"]
mod refusals;
#[path = "sandbox_api/v1.rs"]
mod v1;
