//! The provider's history as evidence: read to its end, and compared with our takes.

pub mod matching;
pub mod pages;
pub mod row;
