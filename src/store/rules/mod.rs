//! The store's pure rules: each is one function, called inside the transaction that matters and by everything that
//! shows its outcome.

pub mod cap;
pub mod hold;
pub mod lease;
pub mod rate_limit;
pub mod repeat;
pub mod wait;
