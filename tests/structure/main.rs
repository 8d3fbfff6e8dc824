//! The structure of the source: which module uses which, what each must not know, how long files are.

#![allow(clippy::unwrap_used)] // helpers of tests fail like tests do

mod file_cycles;
mod module_dependencies;
mod source_files;
