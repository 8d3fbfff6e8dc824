//! The engine with a real store, a real sandbox over HTTP and real files.

mod crash;
mod delivery;
mod line;
mod stage;
mod unclear;
mod way;
