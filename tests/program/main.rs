//! The program itself: in a real terminal, and as commands with their exit codes and JSON.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod animatic;
mod bell;
mod caps;
mod children;
mod commands;
mod full_disk;
mod gone;
mod hangup;
mod hostile;
mod http;
mod lint;
mod models;
mod panics;
#[path = "../common/primed.rs"]
mod primed;
mod rate;
mod reconcile;
mod resume;
mod secrets;
mod stalled;
mod terminal;
mod tls;
mod unread;
mod unsaved;
mod watched;
mod workbench;
