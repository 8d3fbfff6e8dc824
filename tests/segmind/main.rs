//! The client against scripted servers on the loopback: every code, every form of response, every way a
//! connection can break.

// The helpers outside of test functions may fail loudly too.
#![allow(clippy::unwrap_used)]

mod downloads;
mod good_responses;
mod refusals;
mod secrets;
mod test_server;
mod transport;
mod v1;
