//! The log: pages of takes, and the filter that selects them.

pub mod derived;
pub mod filter;
pub mod folded;
pub mod order;
pub mod ordered;
pub mod pages;
pub mod walk;
