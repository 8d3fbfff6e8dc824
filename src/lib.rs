//! rushes: a terminal workbench for Seedance 2.0, ByteDance's video model as Segmind serves it.

pub mod cli;
pub mod config;
pub mod engine;
pub mod media;
pub mod model;
pub mod sandbox;
pub mod script;
pub mod segmind;
pub mod store;
pub mod tui;
