//! The engine with a real store, a real sandbox over HTTP and real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod accounts;
mod books;
mod crash;
mod damage;
mod delivery;
mod elsewhere;
mod finds;
mod hold;
mod line;
mod parts;
mod repeat;
mod sidecars;
mod stage;
mod storage;
mod twins;
mod unclear;
mod way;
