//! The program itself: in a real terminal, and as commands with their exit codes and JSON.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod animatic;
mod bell;
mod bin;
mod caps;
mod commands;
mod continuing;
mod copies;
mod evening;
mod full_disk;
mod hangup;
mod hostile_text;
mod key_access;
mod lazy_terminal;
mod lint;
mod lint_fixes;
mod lost_terminal;
mod models;
mod money;
mod numbers;
mod observed_run;
mod panics;
mod pixels;
mod playing;
#[path = "../common/primed_store.rs"]
mod primed_store;
mod probe;
mod rate_limits;
mod reconcile;
mod reels;
mod resume;
mod secrets;
mod stalled_terminal;
mod still;
mod terminal;
mod test_provider;
mod tls;
mod unsaved_text;
mod wall;
mod what_goes_wrong;
mod workbench;
