//! The program itself: in a real terminal, and as commands with their exit codes and JSON.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod animatic;
mod commands;
mod gone;
mod hangup;
mod hostile;
mod http;
mod lint;
mod panics;
mod reconcile;
mod resume;
mod secrets;
mod stalled;
mod terminal;
mod unread;
mod unsaved;
mod watched;
mod workbench;
