//! Keeps takes, the queue, request forms and settings in one SQLite database.
//!
//! Several processes may have it open at once. Every write is one transaction that takes the write lock first and is on
//! the disk when it returns. Nothing outside this module knows SQL, and this module knows no network.
//!
//! - `handle.rs`: the open store, its connection, how it is read and written
//! - `takes/`: rows of takes, the transitions of their state, their events, exchanges, sidecars and waits
//! - `queue/`: admit, claim, leases, order, takes on hold, repeats, rate limits
//! - `log/`: pages, filters
//! - `numbers/`: what takes cost, which were kept, why they failed, how long they took
//! - `decisions.rs`: which of two takes was kept, pair after pair, and which verdicts followed
//! - `forms.rs`, `ledger.rs`, `money_events.rs`, `reels.rs`, `settings.rs`, `snippets.rs`, `sweeps.rs`: request forms, money, changes of caps, projects,
//!   what is remembered, pieces of text, sweeps
//! - `rules/`: the pure rules: cap, hold, repeat, rate limits, waits, leases
//! - `recovery/`: a missing, damaged or outdated database; a full disk
//! - `database/`: opening the file, its schema, its columns

mod database;
mod decisions;
mod error;
mod forms;
mod handle;
mod ledger;
mod log;
mod money_events;
mod numbers;
mod paths;
mod probes;
mod queue;
pub mod recovery;
mod reels;
mod rules;
mod settings;
mod snippets;
mod sweeps;
mod takes;

pub use database::open::StoreOptions;
pub use decisions::{Choice, Decision, EarlierKnockOut};
pub use error::StoreError;
pub use forms::{Forms, Overwritten, Revision};
pub use handle::Store;
pub use log::filter::Filter;
pub use log::folded::Group;
pub use log::order::{Order, OrderBy};
pub use log::ordered::Tally;
pub use log::pages::FilteredPage;
pub use money_events::MoneyEvent;
pub use numbers::estimates::EstimateError;
pub use numbers::failures::Reason;
pub use numbers::groups::{By, Group as NumbersGroup, Groups, Key};
pub use numbers::read::{Asked, Numbers, Section};
pub use numbers::sums::Sums;
pub use probes::{KnownTwins, Probe, are_twins};
pub use queue::admit::{Admission, Ordered};
pub use queue::claim::{Claim, Claimed};
pub use queue::content::Unsettled;
pub use queue::handle::Queue;
pub use queue::leases::Leases;
pub use queue::refusal::{Limits, Refusal};
pub use queue::stop::QueueState;
pub use recovery::{Damaged, Recovery};
pub use reels::{MAX_NAME as MAX_REEL_NAME, Reel, ReelRow};
pub use rules::cap::{Allowance, Caps, Day, Standing};
pub use rules::lease::MAX_LEASE;
pub use rules::rate_limit::{MAX_RATE_LIMITS_IN_A_ROW, MAX_SUBMITS_IN_WINDOW};
pub use rules::wait::MAX_WAIT;
pub use sweeps::{Member, NewSweep, Progress, Sweep, SweepRow};
pub use takes::chain::{Chains, Link};
pub use takes::events::TakeEvent;
pub use takes::exchanges::Exchange;
pub use takes::facts::Facts;
pub use takes::import::{Import, ImportState};
pub use takes::lookup::{AcceptedTake, Children};
pub use takes::reserve::Reserve;
pub use takes::sidecar::{Dossier, Sidecar};
pub use takes::step::Revived;
pub use takes::videos::SavedVideo;
pub use takes::waits::Published;

use database::columns;
use error::SqlOrRule;
use paths::{beside, text_of};

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
