//! The shape of the source itself: which module knows which, what each may not know, how long files are.

#![allow(clippy::unwrap_used)] // helpers of tests fail like tests do

mod arrows;
mod circles;
mod files;
