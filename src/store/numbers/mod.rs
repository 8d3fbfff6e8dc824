//! The numbers: what takes cost, which were kept, why they failed, how far bills were from their estimates, and how long
//! takes took.

pub mod estimates;
pub mod failures;
pub mod groups;
pub mod read;
pub mod sums;
pub mod waits;
