//! The workbench through its real loop, without a terminal: keys in, screen and store out.

#![allow(clippy::unwrap_used, clippy::panic)]

mod byte_budget;
mod caps;
mod commands;
mod drawing;
mod editing;
mod fake_service;
mod fields;
mod keys;
mod notices;
mod other_processes;
mod palette;
mod quitting;
mod reconcile;
mod references;
mod scripts;
mod snapshots;
mod styled_text;
mod sweeps;
mod takes;
mod test_provider;
mod test_screen;
mod test_workbench;
mod two_workbenches;
mod unsaved;
mod visible_questions;
