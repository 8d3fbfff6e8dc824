//! The workbench through its real loop, without a terminal: keys in, screen and store out.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bench;
mod budget;
mod caps;
mod commands;
mod drawing;
mod elsewhere;
mod fake_service;
mod fields;
mod glass;
mod keys;
mod news;
mod palette;
mod provider;
mod quitting;
mod reconcile;
mod references;
mod scripts;
mod snapshots;
mod styled;
mod takes;
mod twins;
mod unsaved;
mod visible;
mod writing;
