//! The store as its callers see it: real files, several connections, several processes.

mod claims;
mod drafts;
mod kit;
mod leases;
mod line;
mod log;
mod open;
mod processes;
mod takes;
