//! The log: pages of takes, the filter that selects them, and how long takes took.

pub mod derived;
pub mod filter;
pub mod folded;
pub mod pages;
pub mod samples;
pub mod walk;
pub mod wall;
