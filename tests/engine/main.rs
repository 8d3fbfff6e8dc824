//! The engine with a real store, a real sandbox over HTTP and real files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod accounts;
mod bills;
mod books;
mod crash;
mod damage;
mod delivery;
mod elsewhere;
mod finds;
mod hold;
mod line;
mod odd_bills;
mod parts;
mod proofs;
mod rate;
mod references;
mod repeat;
mod sidecars;
mod stage;
mod storage;
mod twins;
mod unclear;
mod virtual_time;
mod way;
