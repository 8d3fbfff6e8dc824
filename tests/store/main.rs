//! The store as its callers see it: real files, several connections, several processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what the tests share is test code too, which clippy does not see"
)]

mod bill_words;
mod cap_scopes;
mod caps;
mod chains;
mod claims;
mod decisions;
mod derived_damage;
mod drafts;
mod drifts;
mod earlier_release;
mod filter;
mod forms;
mod leases;
mod leases_and_facts;
mod lessons;
mod log;
mod numbers;
mod on_hold;
mod open;
mod order_and_remarks;
mod orders;
mod permissions;
mod probes;
mod processes;
mod random_walk;
mod rate_limits;
mod repeats;
mod sweeps;
mod takes;
mod test_store;
mod waits;
