//! What both front ends can ask for: queue takes, change them, resume, resolve, reconcile and import.
//!
//! It opens folders, settings and store, chooses the provider, and runs the engine. It knows no terminal.

pub mod backend;
pub mod bin;
pub mod catalogue;
pub mod checks;
mod clock;
pub mod copies;
pub mod export;
pub mod frames;
pub mod home;
pub mod knock_out;
mod logging;
pub mod models;
pub mod money;
pub mod numbers;
pub mod opening;
pub mod orders;
pub mod probe;
pub mod problem;
pub mod promotion;
pub mod queue;
pub mod ranking;
pub mod reels;
pub mod session;
pub mod shots;
pub mod sound;
pub mod sweep;
pub mod thumbnails;
pub mod wall;
pub mod workbench;

pub use crate::files::why_unwritable;
pub use clock::{SHIFT, clock};
pub use home::Home;
pub use problem::{Kind, Problem};
pub use queue::{Change, Changed, Queue};
pub use session::Session;
pub use workbench::{Service, Started, Starter};
