//! The store as its callers see it: real files, several connections, several processes.

mod kit;
mod takes;
