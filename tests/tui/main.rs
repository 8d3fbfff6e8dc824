//! The workbench through its real loop, without a terminal: keys in, screen and store out.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bin;
mod byte_budget;
mod caps;
mod commands;
mod continuing;
mod drawing;
mod editing;
mod evening;
mod fake_service;
mod fields;
mod iterating;
mod key_counts;
mod keys;
mod notices;
mod other_processes;
mod palette;
mod planner;
mod quitting;
mod reconcile;
mod reels;
mod references;
mod scripts;
mod seed_field;
mod snapshots;
mod snippets;
mod styled_text;
mod sweeps;
mod takes;
mod test_provider;
mod test_screen;
mod test_workbench;
mod two_workbenches;
mod unsaved;
mod visible_questions;
