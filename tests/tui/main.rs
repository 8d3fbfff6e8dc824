//! The workbench through its real loop, without a terminal: keys in, screen and store out.

#![allow(clippy::unwrap_used, clippy::panic)]

mod bench;
mod books;
mod budget;
mod caps;
mod drawing;
mod elsewhere;
mod fields;
mod glass;
mod keys;
mod news;
mod palette;
mod provider;
mod quitting;
mod references;
mod scripts;
mod snapshots;
mod styled;
mod takes;
mod twins;
mod unsaved;
mod visible;
mod works;
mod writing;
