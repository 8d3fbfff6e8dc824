//! The structure of the source: which module uses which, what each must not know, how long files are.

#![allow(clippy::unwrap_used)] // helpers of tests fail like tests do

mod arrows;
mod circles;
mod files;
