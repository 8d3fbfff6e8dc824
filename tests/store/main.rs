//! The store as its callers see it: real files, several connections, several processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what the tests share is test code too, which clippy does not see"
)]

mod caps;
mod claims;
mod forms;
mod holds;
mod kit;
mod leases;
mod line;
mod log;
mod modes;
mod open;
mod processes;
mod rate;
mod released;
mod repeats;
mod sweeps;
mod takes;
mod walk;
mod work;
