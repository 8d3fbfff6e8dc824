//! Runs each take through its lifecycle, from waiting to saved: claim, submit, poll, deliver, resolve.
//!
//! Events go out; nothing of a terminal comes in. Many engines may share one store: a take is worked on by the holder
//! of its lease.

pub mod admit;
mod balance;
pub mod bin;
mod blocking;
pub mod changes;
mod context;
mod db;
mod delivery;
mod events;
mod file_names;
mod history;
mod journal;
mod lifecycle;
mod ownership;
mod pauses;
pub mod reconcile;
pub mod references;
mod resolve;
pub mod reupload;
mod run;
mod setup;
pub mod sidecars;
mod startup;
mod throttle;
mod v1;
mod wake;

pub use blocking::blocking;
pub use events::Event;
pub use lifecycle::poll_interval;
pub use pauses::jittered;
pub use run::Engine;
pub use setup::{OnSaved, Published, Setup, TellUser};
pub use wake::Wake;
