//! The engine with a real store, a real sandbox over HTTP and real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod accounts;
mod bills;
mod bin;
mod binned_pictures;
mod bundles;
mod crash;
mod damage;
mod delivery;
mod drafts;
mod lifecycle;
mod nameless_takes;
mod odd_bills;
mod on_hold;
mod other_processes;
mod partial_downloads;
mod promoted_references;
mod proof_of_not_sent;
mod queue;
mod rate_limits;
mod reconcile;
mod regressions;
mod renamed_reels;
mod repeats;
mod sidecars;
mod storage;
mod test_engine;
mod thumbnails;
mod unconfirmed;
mod unknown_outcomes;
mod virtual_time;
mod waits;
