//! The engine with a real store, a real sandbox over HTTP and real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod crash;
mod delivery;
mod finds;
mod line;
mod stage;
mod unclear;
mod way;
