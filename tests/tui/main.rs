//! The workbench through its real loop, without a terminal: keys in, screen and store out.

mod bench;
mod budget;
mod keys;
mod takes;
mod writing;
