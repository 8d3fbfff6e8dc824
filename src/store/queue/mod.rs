//! The queue: what waits, what may be sent next, who works on it, and why nothing is sent at present.

pub mod admit;
pub mod claim;
pub mod content;
pub mod handle;
pub mod leases;
pub mod next;
pub mod on_hold;
pub mod order;
pub mod rate_limits;
pub mod refusal;
pub mod repeats;
pub mod state;
pub mod stop;
